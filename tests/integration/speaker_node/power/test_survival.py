"""Power cuts, restarts and shutdowns of a node that is its own process."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from broadcaster.protocol.reasons import ReasonCode
from broadcaster.protocol.values import BroadcastClass, DeliveryState
from tests.integration.speaker_node.conftest import on_time
from tests.rig.clips import noise_clip
from tests.rig.mosquitto import Mosquitto
from tests.rig.node_process import NodeProcess
from tests.rig.running.busy import stretched
from tests.rig.station import TestStation, item, soon

pytestmark = pytest.mark.integration
State = DeliveryState
NODE = "loa-1"
QUIET_SECONDS = 1.0
"""What a started node has to say again, or to play again, it says or plays in less."""


@pytest.fixture
def node(tmp_path: Path, station: TestStation) -> Iterator[NodeProcess]:
    process = NodeProcess(tmp_path / NODE, station.bundle(NODE), "--sound", "file")
    process.start()
    yield process
    process.kill()


def test_an_emergency_cut_by_power_plays_again_and_anything_else_is_interrupted(
    station: TestStation, node: NodeProcess
) -> None:
    clip = noise_clip(3)
    station.publish_clip(clip)
    emergency = item(clip, start_at=soon(3), kind=BroadcastClass.EMERGENCY)
    station.publish_agenda(station.agenda(NODE, emergency, clips=[clip]))
    station.receipt(emergency.broadcast, State.PLAYING)
    node.kill()
    node.start()
    assert station.receipt(emergency.broadcast, State.PLAYED).played_ms > 2950

    routine = item(clip, start_at=soon(2))
    station.publish_agenda(station.agenda(NODE, emergency, routine, clips=[clip]))
    station.receipt(routine.broadcast, State.PLAYING)
    node.kill()
    node.start()
    assert station.receipt(routine.broadcast, State.INTERRUPTED).reason == ReasonCode.NODE_RESTARTED

    time.sleep(QUIET_SECONDS)
    assert station.states(emergency.broadcast).count(State.PLAYED) == 1
    assert State.PLAYED not in station.states(routine.broadcast)
    assert len(node.played()) == 1


def test_receipts_wait_for_the_stations_word_through_power_cuts(station: TestStation, node: NodeProcess) -> None:
    clip = noise_clip(0.4)
    station.publish_clip(clip)
    station.acknowledge = False
    broadcast = item(clip, start_at=soon(2))
    station.publish_agenda(station.agenda(NODE, broadcast, clips=[clip]))
    station.receipt(broadcast.broadcast, State.PLAYED)
    first_batches = station.batches

    node.kill()
    node.start()
    assert station.wait(lambda: station.batches > first_batches)
    assert station.states(broadcast.broadcast) == [State.STORED, State.PLAYING, State.PLAYED]

    node.kill()
    station.acknowledge = True
    before = station.batches
    node.start()
    assert station.wait(lambda: station.batches > before)
    time.sleep(QUIET_SECONDS)
    batches = station.batches
    node.kill()
    node.start()
    assert not station.wait(lambda: station.batches > batches, timeout_seconds=3)


def test_a_node_that_starts_without_a_broker_plays_its_stored_agenda_and_reports_later(
    station: TestStation, node: NodeProcess, broker: Mosquitto
) -> None:
    clip = noise_clip(0.5)
    station.publish_clip(clip)
    broadcast = item(clip, start_at=soon(6))
    station.publish_agenda(station.agenda(NODE, broadcast, clips=[clip]))
    station.receipt(broadcast.broadcast, State.STORED)
    node.kill()
    broker.kill()
    node.start()
    _until(lambda: len(node.played()) == 1)

    broker.start()

    playing = station.receipt(broadcast.broadcast, State.PLAYING)
    assert on_time(playing.at, broadcast.start_at)
    station.receipt(broadcast.broadcast, State.PLAYED)


def test_a_polite_end_silences_reports_and_takes_less_than_two_seconds(station: TestStation, node: NodeProcess) -> None:
    clip = noise_clip(6)
    station.publish_clip(clip)
    broadcast = item(clip, start_at=soon(2.5))
    station.publish_agenda(station.agenda(NODE, broadcast, clips=[clip]))
    station.receipt(broadcast.broadcast, State.PLAYING)

    began = time.monotonic()
    assert node.stop() == 0
    assert time.monotonic() - began < stretched(2)

    interrupted = station.receipt(broadcast.broadcast, State.INTERRUPTED)
    assert 0 < interrupted.played_ms < 3000
    assert station.wait(lambda: not station.statuses[-1].online)


def test_a_bundle_that_cannot_be_read_is_one_clear_line(tmp_path: Path, station: TestStation) -> None:
    process = NodeProcess(tmp_path / "broken", station.bundle(NODE), "--sound", "file")
    (tmp_path / "broken" / "bundle.json").write_text("{}")
    process.start()
    assert process.wait() == 2
    assert process.log().count("\n") == 1
    assert "Hãy xin tệp mới" in process.log()


def _until(condition: Callable[[], bool], *, timeout_seconds: float = 60) -> None:
    end = time.monotonic() + timeout_seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    assert condition()
