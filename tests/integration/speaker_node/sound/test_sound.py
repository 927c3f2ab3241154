"""Every player keeps the same contract; the real one is recorded and compared with what it should have played."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy
import pytest

from broadcaster.protocol.values import DeliveryState
from speaker_node.errors import SoundFault
from speaker_node.events import PlayResult
from speaker_node.sound.player.alsa import AlsaPlayer
from speaker_node.sound.player.file import FilePlayer
from speaker_node.sound.player.port import Player, PlayOrder, Volume
from tests.rig import pulse
from tests.rig.clips import TestClip, noise_clip
from tests.rig.node_process import NodeProcess
from tests.rig.station import TestStation, item, soon

pytestmark = [pytest.mark.integration, pytest.mark.alone]
LATENCY_SECONDS = 0.2
"""How far behind the sound card a recorder may be; what it has not written when it ends is lost."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pulse.Pulse]:
    if not pulse.installed():
        pytest.skip("pulseaudio or ALSA's bridge to it is not installed")
    with pulse.running(tmp_path_factory.mktemp("pulse")) as running:
        stored = {name: os.environ.get(name) for name in running.environment}
        os.environ.update(running.environment)
        yield running
        for name, value in stored.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


@pytest.fixture(scope="module")
def clip() -> TestClip:
    return noise_clip(1.2)


@pytest.fixture
def clip_file(tmp_path: Path, clip: TestClip) -> Path:
    path = tmp_path / "clip.ogg"
    path.write_bytes(clip.data)
    return path


@pytest.fixture(params=["file", "alsa"])
def player(request: pytest.FixtureRequest, tmp_path: Path) -> Player:
    if request.param == "alsa":
        request.getfixturevalue("sound")
        return AlsaPlayer("left")
    return FilePlayer(tmp_path / "played", keep=3)


class ClipListener:
    """started, ending: monotonic seconds at which each was told; at: the instant the player named."""

    def __init__(self) -> None:
        self.at = self.started_at = self.ending_at = 0.0

    def started(self, at_seconds: float) -> None:
        self.at, self.started_at = at_seconds, time.monotonic()

    def ending(self) -> None:
        self.ending_at = time.monotonic()


def _play(player: Player, order: PlayOrder, *, stop_after: float | None = None) -> tuple[PlayResult, ClipListener]:
    ear, stop = ClipListener(), threading.Event()
    if stop_after is not None:
        threading.Timer(max(0.0, order.start_seconds + stop_after - time.monotonic()), stop.set).start()
    return player.play(order, listener=ear, stop=stop), ear


def _order(*parts: Path, in_seconds: float = 1.3, volume_percent: int = 100) -> PlayOrder:
    return PlayOrder("bc-contract", parts, time.monotonic() + in_seconds, Volume(volume_percent))


def test_a_play_begins_on_its_instant_and_returns_after_its_last_sample(player: Player, clip_file: Path) -> None:
    order = _order(clip_file)
    result, ear = _play(player, order)
    assert result.whole
    assert abs(result.played_ms - 1200) <= 2
    assert abs(ear.at - order.start_seconds) < 0.01
    assert 0 <= ear.started_at - order.start_seconds < 0.1
    assert abs(result.ended_seconds - order.start_seconds - 1.2) < 0.05
    assert time.monotonic() >= order.start_seconds + 1.19


def test_a_play_announces_its_end_before_its_last_sample(player: Player, clip_file: Path) -> None:
    order = _order(clip_file)
    _, ear = _play(player, order)
    assert 0.2 < order.start_seconds + 1.2 - ear.ending_at < 0.5


def test_a_stopped_play_is_silent_at_once_and_says_how_much_sounded(player: Player, clip_file: Path) -> None:
    order = _order(clip_file)
    result, _ = _play(player, order, stop_after=0.5)
    assert not result.whole
    assert 400 < result.played_ms < 650
    assert time.monotonic() - order.start_seconds < 0.8


def test_a_play_stopped_before_its_instant_never_sounds(player: Player, clip_file: Path) -> None:
    order = _order(clip_file)
    result, ear = _play(player, order, stop_after=-0.3)
    assert (result.whole, result.played_ms, ear.started_at) == (False, 0, 0.0)
    assert time.monotonic() < order.start_seconds


def test_a_late_order_begins_at_once_and_whole(player: Player, clip_file: Path) -> None:
    ordered = time.monotonic()
    result, ear = _play(player, _order(clip_file, in_seconds=-5))
    assert (result.whole, abs(result.played_ms - 1200) <= 2) == (True, True)
    assert ear.at - ordered < 0.6


def test_parts_follow_without_a_gap(player: Player, clip_file: Path) -> None:
    result, _ = _play(player, _order(clip_file, clip_file))
    assert abs(result.played_ms - 2400) <= 4


def test_a_broken_file_is_a_fault_that_says_what_to_do(player: Player, tmp_path: Path) -> None:
    broken = tmp_path / "broken.ogg"
    broken.write_bytes(b"khong phai am thanh" * 100)
    with pytest.raises(SoundFault, match="tạo lại bản tin"):
        _play(player, _order(broken))


def test_a_device_that_is_not_there_is_a_fault_that_names_it(sound: pulse.Pulse, clip_file: Path) -> None:
    with pytest.raises(SoundFault, match="khong-co"):
        _play(AlsaPlayer("khong-co"), _order(clip_file, in_seconds=0))


def test_the_file_player_keeps_only_the_last_recordings(tmp_path: Path, clip_file: Path) -> None:
    player = FilePlayer(tmp_path / "played", keep=2)
    for _ in range(4):
        _play(player, _order(clip_file, in_seconds=0), stop_after=0.1)
    assert len(list((tmp_path / "played").iterdir())) == 2


def test_what_sounds_is_the_clip_whole_once_and_at_half_volume_half_as_strong(
    sound: pulse.Pulse, clip: TestClip, clip_file: Path
) -> None:
    recorder = sound.recorder("alone-0")
    wall = time.time() + 1.3
    _play(AlsaPlayer("alone-0"), _order(clip_file, volume_percent=50))
    time.sleep(LATENCY_SECONDS)
    recording = recorder.stop()[:, 0]
    heard = pulse.find(recording, clip.samples, epoch=recorder.epoch())
    assert heard.likeness > 0.9
    assert heard.times == 1
    assert abs(heard.at_seconds - wall) < 0.02
    first = round(heard.frame)
    sounded = recording[first : first + len(clip.samples)]
    assert abs(numpy.sqrt(numpy.mean(sounded**2) / numpy.mean(clip.samples**2)) - 0.5) < 0.05
    assert numpy.abs(recording[: first - 480]).max() < 0.01, "silent before"


def test_two_node_processes_sound_together_whole_and_once(
    sound: pulse.Pulse, station: TestStation, tmp_path: Path, clip: TestClip
) -> None:
    station.publish_clip(clip)
    nodes = [
        NodeProcess(tmp_path / name, station.bundle(name), "--sound", f"alsa:{side}", environment=sound.environment)
        for name, side in (("loa-1", "left"), ("loa-2", "right"))
    ]
    for node in nodes:
        node.start()
    recorder = sound.recorder("pair", channels=2)
    broadcast = item(clip, start_at=soon(4))
    for name in ("loa-1", "loa-2"):
        station.publish_agenda(station.agenda(name, broadcast, clips=[clip]))
    assert station.wait(lambda: station.states(broadcast.broadcast).count(DeliveryState.PLAYED) == 2)
    assert [node.stop() for node in nodes] == [0, 0]

    recording = recorder.stop()
    left, right = (pulse.find(recording[:, side], clip.samples, epoch=recorder.epoch()) for side in (0, 1))
    assert (left.times, right.times) == (1, 1)
    assert min(left.likeness, right.likeness) > 0.9
    assert abs(left.frame - right.frame) / pulse.RATE < 0.02
    assert abs(left.at_seconds - broadcast.start_at.timestamp()) < 0.03
