"""An alarm that repeats needs nobody between two soundings: no link, no station, and a restart does not end it."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from broadcaster.protocol.agenda import AgendaItem
from broadcaster.protocol.repetition import next_id
from broadcaster.protocol.values import BroadcastClass, DeliveryState
from tests.integration.speaker_node.conftest import StartNode
from tests.rig.clips import TestClip, noise_clip
from tests.rig.mosquitto import Mosquitto
from tests.rig.station import TestStation, item, soon

pytestmark = pytest.mark.integration
State = DeliveryState
NODE = "loa-1"
EVERY_MS = 3000


@pytest.fixture(scope="module")
def siren() -> TestClip:
    return noise_clip(0.8, seed=1)


def row(siren: TestClip, repeats: int) -> AgendaItem:
    """The siren in two seconds, and every three from then on."""
    return item(
        siren,
        broadcast="0123456789abcdef-1",
        start_at=soon(2),
        within_seconds=EVERY_MS / 1000,
        kind=BroadcastClass.EMERGENCY,
        live=True,
        repeats=repeats,
        every_ms=EVERY_MS,
    )


def test_a_node_goes_on_by_itself_without_a_link_and_over_a_restart(
    broker: Mosquitto, station: TestStation, start_node: StartNode, siren: TestClip
) -> None:
    station.publish_clip(siren)
    node = start_node()
    alarm = row(siren, 4)
    station.publish_agenda(station.agenda(NODE, alarm, clips=[siren]))
    first = station.receipt(alarm.broadcast, State.PLAYED)
    broker.kill()
    node.stop()
    start_node()
    over_at = alarm.expires_at + timedelta(milliseconds=3 * EVERY_MS)
    time.sleep((over_at - datetime.now(UTC)).total_seconds())  # without a link nothing tells that it sounded
    broker.start()
    for further in range(1, 4):
        again = station.receipt(next_id(alarm.broadcast, further), State.PLAYED)
        assert abs(again.at - first.at - timedelta(milliseconds=EVERY_MS * further)) < timedelta(seconds=1)
        assert station.states(again.broadcast).count(State.PLAYED) == 1


def test_the_all_clear_ends_what_was_still_to_come(
    station: TestStation, start_node: StartNode, siren: TestClip
) -> None:
    calm = noise_clip(0.8, seed=2)
    for clip in (siren, calm):
        station.publish_clip(clip)
    start_node()
    alarm = row(siren, 3)
    station.publish_agenda(station.agenda(NODE, alarm, clips=[siren, calm]))
    station.receipt(alarm.broadcast, State.PLAYED)
    cleared = item(calm, start_at=soon(0.5), kind=BroadcastClass.EMERGENCY, live=True)
    station.publish_agenda(station.agenda(NODE, cleared, clips=[siren, calm]))
    station.receipt(cleared.broadcast, State.PLAYED)
    for further in (1, 2):
        called_off = next_id(alarm.broadcast, further)
        station.receipt(called_off, State.CANCELLED)
        assert State.PLAYING not in station.states(called_off)
