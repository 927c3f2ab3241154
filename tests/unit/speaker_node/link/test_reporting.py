"""What a node says of itself, and how seldom."""

from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from broadcaster.protocol.receipts import Receipts
from broadcaster.protocol.status import NodeHealth, NodeStatus, RefusedAgenda
from broadcaster.protocol.values import ClockState
from speaker_node.clock.reading import TimeReading
from speaker_node.link.connection import BrokerConnection
from speaker_node.link.reporting import HEARTBEAT_SECONDS, WHOLE_SECONDS, Condition, Identity, Reporter
from speaker_node.memory.database import LedgerDatabase
from speaker_node.memory.outbox import Outbox
from tests.unit.speaker_node.situations import at

pytestmark = pytest.mark.integration
CALM = Condition(agenda_number=3, sound="file")


class Listening:
    """A link that stands and remembers."""

    def __init__(self) -> None:
        self.statuses: list[NodeStatus] = []

    def publish(self, message: NodeStatus | Receipts) -> bool:
        if isinstance(message, NodeStatus):
            self.statuses.append(message)
        return True


@pytest.fixture
def heard() -> Listening:
    return Listening()


@pytest.fixture
def reporter(database: LedgerDatabase, heard: Listening) -> Reporter:
    body = NodeHealth(temperature_celsius=50.0)
    reporter = Reporter(
        Identity("loa-1", boot="a1"), link=cast(BrokerConnection, heard), outbox=Outbox(database), health=lambda: body
    )
    reporter.link_up(7)
    return reporter


def _live(reporter: Reporter, condition: Condition, *, since: float, seconds: float) -> None:
    for second in range(int(since), int(since + seconds)):
        now_at = at(0) + timedelta(seconds=second)
        reporter.step(condition, TimeReading(now_at, float(second), ClockState.SYNCED, 1))


def test_an_idle_node_says_everything_every_twenty_minutes_and_in_between_that_nothing_has_changed(
    reporter: Reporter, heard: Listening
) -> None:
    _live(reporter, CALM, since=0, seconds=2 * WHOLE_SECONDS)
    assert [said.unchanged for said in heard.statuses] == [False, *[True] * 9] * 2
    assert [said.at for said in heard.statuses] == [
        at(0) + timedelta(seconds=number * HEARTBEAT_SECONDS) for number in range(20)
    ]
    assert {said.boot for said in heard.statuses} == {"a1"}
    assert {said.health.temperature_celsius for said in heard.statuses if not said.unchanged} == {50.0}


def test_a_change_is_said_whole_and_at_once(reporter: Reporter, heard: Listening) -> None:
    _live(reporter, CALM, since=0, seconds=HEARTBEAT_SECONDS + 10)
    _live(reporter, Condition(agenda_number=4, sound="file"), since=HEARTBEAT_SECONDS + 10, seconds=1)
    assert [said.agenda_number for said in heard.statuses if not said.unchanged] == [3, 4]


def test_a_new_connection_hears_everything_first(reporter: Reporter, heard: Listening) -> None:
    _live(reporter, CALM, since=0, seconds=HEARTBEAT_SECONDS + 10)
    reporter.link_down()
    reporter.link_up(8)
    _live(reporter, CALM, since=HEARTBEAT_SECONDS + 10, seconds=1)
    assert [(said.connection, said.unchanged) for said in heard.statuses] == [(7, False), (7, True), (8, False)]


def test_a_change_of_who_is_obeyed_is_said_at_once_with_the_key_that_is_believed(
    database: LedgerDatabase, heard: Listening
) -> None:
    identity = Identity("loa-1", boot="a1", station_key="ab" * 8)
    reporter = Reporter(identity, link=cast(BrokerConnection, heard), outbox=Outbox(database), health=NodeHealth)
    reporter.link_up(7)
    _live(reporter, CALM, since=0, seconds=3)
    taken_over = replace(
        CALM,
        agenda_term=2,
        agenda_issuer="new",
        highest_number=3,
        refused=RefusedAgenda(issuer="old", term=1, number=9, error="Superseded"),
    )
    _live(reporter, taken_over, since=3, seconds=3)
    said = heard.statuses[-1]
    assert len(heard.statuses) == 2
    assert (said.agenda_term, said.agenda_issuer, said.highest_number, said.station_key) == (2, "new", 3, "ab" * 8)
    assert said.refused == taken_over.refused
