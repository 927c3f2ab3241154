"""Every node's clock is compared with the station's, and who is wrong is said."""

from datetime import timedelta
from pathlib import Path

import pytest

from broadcaster.config import Config
from broadcaster.protocol.status import NodeStatus
from broadcaster.protocol.values import ClockState
from broadcaster.refusals.reasons import Reason
from broadcaster.station.database.engine import Database
from broadcaster.station.matters import matters
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes.board import station_apart
from broadcaster.station.upkeep.examination import ExaminedStation, Grade, examine
from tests.rig.commune import NOW, Commune

pytestmark = pytest.mark.integration
DAY = timedelta(days=1)


def speak(
    database: Database, node: str, *, ahead: timedelta, clock: ClockState = ClockState.SYNCED, fresh: bool = True
) -> None:
    said = NodeStatus(node=node, connection=1, online=True, at=NOW + ahead, sound="file", clock=clock, boot="a")
    with database.session() as s:
        nodes.record_status(s, status=said, now_at=NOW, fresh=fresh)


def reasons(database: Database, node: str) -> tuple[Reason, ...]:
    with database.reading() as s:
        return next(view.reasons for view in nodes.board(s, now_at=NOW) if view.node.id == node)


def noted(database: Database) -> set[tuple[str, str]]:
    with database.session() as s:
        matters.observe(s, now_at=NOW)
    with database.reading() as s:
        return {(matter.kind, matter.subject) for matter in matters.waiting(s)}


def test_a_node_a_day_ahead_is_not_ready_and_is_a_matter(database: Database, commune: Commune) -> None:
    speak(database, "ban-cuon", ahead=DAY)
    speak(database, "lung-pang", ahead=timedelta())
    assert reasons(database, "ban-cuon") == (Reason("node.clock_ahead", apart=Reason("duration.hours", count=24)),)
    assert reasons(database, "lung-pang") == ()
    assert noted(database) == {("node_clock", "node:ban-cuon")}


def test_a_node_behind_is_told_in_its_own_words(database: Database, commune: Commune) -> None:
    speak(database, "ban-cuon", ahead=-timedelta(minutes=10))
    assert reasons(database, "ban-cuon") == (Reason("node.clock_behind", apart=Reason("duration.minutes", count=10)),)


@pytest.mark.parametrize("seconds", [29, -179])
def test_what_a_message_may_take_on_its_way_is_no_wrong_clock(
    database: Database, commune: Commune, seconds: int
) -> None:
    speak(database, "ban-cuon", ahead=timedelta(seconds=seconds))
    assert reasons(database, "ban-cuon") == ()


def test_what_the_broker_had_kept_says_nothing_of_the_clock(database: Database, commune: Commune) -> None:
    speak(database, "ban-cuon", ahead=-DAY, fresh=False)
    with database.reading() as s:
        assert [view.state.clock_offset_ms for view in nodes.board(s, now_at=NOW) if view.state] == [None]


def test_when_most_nodes_agree_on_another_time_the_station_is_wrong(
    database: Database, commune: Commune, tmp_path: Path
) -> None:
    for node in ("ban-cuon", "lung-pang"):
        speak(database, node, ahead=-timedelta(hours=7))
    wrong = Reason("station.clock_ahead", apart=Reason("duration.hours", count=7), count=2)
    with database.reading() as s:
        assert station_apart(nodes.board(s, now_at=NOW)) == wrong
    assert noted(database) == {("station_clock", "station:clock")}
    found = examine(ExaminedStation(Config(data_dir=tmp_path), database, NOW))
    assert wrong in [finding.reason for finding in found if finding.grade is Grade.BAD]


def test_nodes_that_do_not_know_the_time_prove_nothing(database: Database, commune: Commune) -> None:
    for node in ("ban-cuon", "lung-pang"):
        speak(database, node, ahead=-DAY, clock=ClockState.UNSYNCED)
    with database.reading() as s:
        assert station_apart(nodes.board(s, now_at=NOW)) is None
