"""Clips over a link that breaks, lies or has forgotten."""

from pathlib import Path

import pytest

from broadcaster.protocol.mqtt import chunks
from broadcaster.protocol.values import DeliveryState
from tests.chaos.village.line import Line, Weather
from tests.integration.speaker_node.conftest import StartNode
from tests.rig.clips import corrupted, noise_clip
from tests.rig.mosquitto import Mosquitto
from tests.rig.station import TestStation, item, soon

pytestmark = pytest.mark.integration
NODE = "loa-1"


def _pieces(data: Path) -> set[int]:
    return {int(path.name) for path in (data / "clips").glob("*.*/*") if path.name.isdigit()}


def test_a_broken_transfer_resumes_at_the_missing_chunk(
    station: TestStation, start_node: StartNode, broker: Mosquitto
) -> None:
    clip = noise_clip(8, chunk_bytes=4096)
    total = chunks.count(clip.ref)
    assert total > 10
    half = range(total // 2)
    station.publish_clip(clip, only=half)
    node = start_node()
    broadcast = item(clip, start_at=soon(3600), within_seconds=3600)
    station.publish_agenda(station.agenda(NODE, broadcast, clips=[clip]))
    assert station.wait(lambda: _pieces(node.settings.data) == set(half))

    broker.kill()
    broker.start()
    written = {p.name: p.stat().st_mtime_ns for p in (node.settings.data / "clips").glob("*.*/*")}
    assert {int(name) for name in written} == set(half)
    station.wait(lambda: len({s.connection for s in station.statuses}) > 1)
    station.publish_clip(clip, only=range(total // 2, total))

    station.receipt(broadcast.broadcast, DeliveryState.STORED)
    assert [p.name for p in (node.settings.data / "clips").iterdir()] == [clip.ref.sha256 + ".clip"]


def test_over_a_link_that_drops_every_ten_chunks_at_most_one_chunk_a_drop_travels_twice(
    station: TestStation, start_node: StartNode, broker: Mosquitto
) -> None:
    clip = noise_clip(8, opus=False)
    station.publish_clip(clip)
    chunk = clip.ref.chunk_bytes
    line = Line(broker.port, seed=1)
    line.set(Weather(bytes_per_second=64_000))
    broadcast = item(clip, start_at=soon(3600), within_seconds=3600)
    station.publish_agenda(station.agenda(NODE, broadcast, clips=[clip]))
    start_node(port=line.port)
    drops = 0

    def stored() -> bool:
        return bool(station.states(broadcast.broadcast))

    def due() -> bool:
        return line.passed_bytes > (drops + 1) * 10 * chunk

    while station.wait(lambda: stored() or due()) and not stored():
        line.throw_out()
        drops += 1
    line.close()

    assert stored()
    assert drops >= 3
    talk = 5_000 * (drops + 1)
    assert line.passed_bytes <= clip.ref.size_bytes + drops * chunk + talk


def test_a_clip_that_is_not_what_was_promised_is_refused_and_fetched_again(
    station: TestStation, start_node: StartNode
) -> None:
    clip = noise_clip(1)
    station.publish_clip(clip, data=corrupted(clip))
    node = start_node()
    broadcast = item(clip, start_at=soon(1), within_seconds=120)
    station.publish_agenda(station.agenda(NODE, broadcast, clips=[clip]))
    assert not station.wait(lambda: station.states(broadcast.broadcast), timeout_seconds=3)
    assert node.played() == []

    station.publish_clip(clip)

    station.receipt(broadcast.broadcast, DeliveryState.PLAYED)
    assert len(node.played()) == 1


def test_the_node_asks_for_chunks_the_broker_does_not_hold(station: TestStation, start_node: StartNode) -> None:
    clip = noise_clip(2, chunk_bytes=4096)
    start_node()
    station.publish_agenda(station.agenda(NODE, clips=[clip]))

    wants = station.wait(lambda: station.wants)

    assert wants[0].chunks[0].sha256 == clip.ref.sha256
    assert wants[0].chunks[0].indexes == tuple(range(chunks.count(clip.ref)))


def test_a_clip_damaged_on_the_card_is_noticed_after_a_restart_and_fetched_again(
    station: TestStation, start_node: StartNode
) -> None:
    clip = noise_clip(1)
    station.publish_clip(clip)
    node = start_node()
    station.publish_agenda(station.agenda(NODE, clips=[clip]))
    file = node.settings.data / "clips" / f"{clip.ref.sha256}.clip"
    assert station.wait(file.exists)
    node.stop()
    file.write_bytes(corrupted(clip))

    start_node()

    assert station.wait(lambda: file.exists() and file.read_bytes() == clip.data)


def test_clips_no_longer_named_leave_the_card(station: TestStation, start_node: StartNode) -> None:
    old, new = noise_clip(0.5, seed=1), noise_clip(0.5, seed=2)
    for clip in (old, new):
        station.publish_clip(clip)
    node = start_node()
    folder = node.settings.data / "clips"
    station.publish_agenda(station.agenda(NODE, clips=[old]))
    assert station.wait((folder / f"{old.ref.sha256}.clip").exists)

    station.publish_agenda(station.agenda(NODE, clips=[new]))

    assert station.wait(lambda: [p.name for p in folder.iterdir()] == [f"{new.ref.sha256}.clip"])
