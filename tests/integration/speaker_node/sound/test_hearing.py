"""A node with a microphone says whether its horn is dumb; here the horn is a sink and the microphone its monitor."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import soundfile

from broadcaster.protocol.receipts import Receipt
from broadcaster.protocol.values import DeliveryState
from tests.rig import pulse
from tests.rig.clips import RATE, TestClip, voice_clip
from tests.rig.node_process import NodeProcess
from tests.rig.station import TestStation, item, soon

pytestmark = [pytest.mark.integration, pytest.mark.alone]
NODE = "loa-1"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pulse.Pulse]:
    if not pulse.installed():
        pytest.skip("pulseaudio or ALSA's bridge to it is not installed")
    with pulse.running(tmp_path_factory.mktemp("pulse")) as running:
        yield running


@pytest.fixture(scope="module")
def clip() -> TestClip:
    return voice_clip(6)


@contextmanager
def _virtual_node(station: TestStation, folder: Path, sound: pulse.Pulse, *, microphone: str) -> Iterator[NodeProcess]:
    node = NodeProcess(folder, station.bundle(NODE), "--sound", "alsa:alone-0", environment=sound.environment)
    (node.data / "node.toml").write_text(f'microphone = "{microphone}"\n')
    node.start()
    try:
        yield node
    finally:
        node.stop()


@contextmanager
def _market(sound: pulse.Pulse, sink: str, folder: Path) -> Iterator[None]:
    """People talking where the microphone hangs, about as loud as the horn."""
    soundfile.write(folder / "market.wav", voice_clip(40, seed=9).samples * 0.7, RATE, subtype="PCM_16")
    command = ["aplay", "-q", "-D", sink, str(folder / "market.wav")]
    talking = subprocess.Popen(command, env={**os.environ, **sound.environment})
    try:
        yield
    finally:
        talking.kill()
        talking.wait()


def _said(station: TestStation, clip: TestClip) -> tuple[bool | None, int | None]:
    """What the node says of the microphone after one play of the clip; status and proof of play say the same."""
    station.publish_clip(clip)
    broadcast = item(clip, start_at=soon(2.5))
    station.publish_agenda(station.agenda(NODE, broadcast, clips=[clip]))
    station.receipt(broadcast.broadcast, DeliveryState.PLAYED)
    known = station.wait(lambda: station.statuses[-1].health.heard_percent is not None)
    assert known, station.statuses[-1].troubles
    health = station.statuses[-1].health

    def said() -> list[Receipt]:
        facts = [r for r in station.receipts if r.broadcast == broadcast.broadcast]
        return [r for r in facts if r.state is DeliveryState.PLAYED]

    station.wait(lambda: health.heard is None or len(said()) == 2)
    stated = said()
    assert [receipt.heard for receipt in stated] == [None, health.heard], "once at the end, and once it was judged"
    assert len({(receipt.at, receipt.played_ms) for receipt in stated}) == 1
    return health.heard, health.heard_percent


def test_a_horn_that_sounds_is_heard_also_when_people_talk_beside_it(
    station: TestStation, sound: pulse.Pulse, tmp_path: Path, clip: TestClip
) -> None:
    with _virtual_node(station, tmp_path, sound, microphone="ear-alone-0"), _market(sound, "alone-0", tmp_path):
        heard, percent = _said(station, clip)
    assert heard
    assert percent
    assert percent >= 60


def test_a_dumb_horn_is_told_although_every_play_was_whole(
    station: TestStation, sound: pulse.Pulse, tmp_path: Path, clip: TestClip
) -> None:
    sound.mute("alone-0", silent=True)
    try:
        with _virtual_node(station, tmp_path, sound, microphone="ear-alone-0"):
            assert _said(station, clip)[0] is False
    finally:
        sound.mute("alone-0", silent=False)


def test_people_talking_beside_a_dumb_horn_are_not_taken_for_it(
    station: TestStation, sound: pulse.Pulse, tmp_path: Path, clip: TestClip
) -> None:
    with _virtual_node(station, tmp_path, sound, microphone="ear-alone-1"), _market(sound, "alone-1", tmp_path):
        heard, _ = _said(station, clip)
    assert heard is False


def test_a_microphone_that_is_gone_is_told_and_stops_nothing(
    station: TestStation, sound: pulse.Pulse, tmp_path: Path, clip: TestClip
) -> None:
    station.publish_clip(clip)
    with _virtual_node(station, tmp_path, sound, microphone="khong-co"):
        broadcast = item(clip, start_at=soon(2.5))
        station.publish_agenda(station.agenda(NODE, broadcast, clips=[clip]))
        station.receipt(broadcast.broadcast, DeliveryState.PLAYED)
        assert station.wait(lambda: any(t.facts.get("device") == "khong-co" for t in station.statuses[-1].troubles))
