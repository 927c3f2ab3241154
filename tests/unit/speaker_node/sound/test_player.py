"""The parts of the players that need no device."""

import math
import random
import threading
import wave
from array import array
from pathlib import Path

import pytest

from speaker_node.errors import SoundFault
from speaker_node.sound.player.decoder import PartStream, scaled
from speaker_node.sound.player.epoch import TOLERATED_SECONDS, Epoch
from speaker_node.sound.player.file import FilePlayer
from speaker_node.sound.player.port import PlayOrder


def _wav(path: Path, *, rate: int = 8000, seconds: float = 0.5, channels: int = 1, level: int = 8000) -> Path:
    frames = int(rate * seconds)
    tone = [int(level * math.sin(i * 0.1)) for i in range(frames)]
    samples = array("h", [sample for sample in tone for _ in range(channels)])
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, 2, rate, frames, "NONE", ""))
        file.writeframes(samples.tobytes())
    return path


def _all(programme: PartStream) -> "array[int]":
    out = array("h")
    while block := programme.read(500):
        out.frombytes(block)
    return out


def test_parts_follow_each_other_to_the_sample(tmp_path: Path) -> None:
    one, two = _wav(tmp_path / "1.wav"), _wav(tmp_path / "2.wav", seconds=0.25)
    with PartStream([one, two]) as programme:
        assert (programme.rate, programme.frames) == (8000, 6000)
        assert len(_all(programme)) == 6000


def test_what_is_skipped_is_left_out_to_the_sample(tmp_path: Path) -> None:
    parts = [_wav(tmp_path / "1.wav"), _wav(tmp_path / "2.wav", seconds=0.25)]
    with PartStream(parts) as programme:
        whole = _all(programme)
    for seconds in (0.25, 0.5, 0.6):
        with PartStream(parts, skip_seconds=seconds) as programme:
            assert programme.frames == len(whole) - seconds * 8000
            assert _all(programme) == whole[int(seconds * 8000) :]
    with PartStream(parts, skip_seconds=9) as programme:
        assert not _all(programme)


def test_a_part_of_another_rate_takes_the_time_it_should(tmp_path: Path) -> None:
    one, two = _wav(tmp_path / "1.wav"), _wav(tmp_path / "2.wav", rate=16_000)
    with PartStream([one, two]) as programme:
        assert abs(len(_all(programme)) - 8000) < 20


def test_two_channels_become_one(tmp_path: Path) -> None:
    with (
        PartStream([_wav(tmp_path / "s.wav", channels=2)]) as stereo,
        PartStream([_wav(tmp_path / "m.wav")]) as mono,
    ):
        assert _all(stereo) == _all(mono)


def test_one_broken_part_is_known_before_the_first_sounds(tmp_path: Path) -> None:
    (tmp_path / "2.wav").write_bytes(b"hong")
    with pytest.raises(SoundFault, match="không giải mã được"):
        PartStream([_wav(tmp_path / "1.wav"), tmp_path / "2.wav"])


def test_volume_scales_amplitude_and_leaves_full_volume_alone() -> None:
    block = array("h", [1000, -1000, 32767, -32768]).tobytes()
    assert scaled(block, 100) is block
    assert array("h", scaled(block, 50)) == array("h", [500, -500, 16383, -16384])
    assert array("h", scaled(block, 0)) == array("h", [0, 0, 0, 0])


def test_the_epoch_is_the_middle_of_many_readings() -> None:
    epoch, noise = Epoch(48_000), random.Random(1)
    for step in range(60):
        now = 100 + step * 0.01
        epoch.saw(now, round((now - 99.5) * 48_000 + noise.uniform(-20, 20)))
    assert abs(epoch.seconds - 99.5) < 0.0005


def test_a_device_that_reports_in_steps_is_read_at_its_earliest() -> None:
    epoch, noise = Epoch(48_000), random.Random(1)
    for _ in range(60):
        now = 100 + noise.random()
        steps = math.floor((now - 99.5) * 100) * 480
        epoch.saw(now, steps)
    assert 0 <= epoch.seconds - 99.5 < 0.002


def test_looks_before_the_device_runs_say_nothing() -> None:
    epoch = Epoch(48_000)
    epoch.saw(100, 0)
    assert not epoch.known


@pytest.mark.parametrize("ppm", [-100, -30, 0, 30, 100])
@pytest.mark.long
def test_a_card_that_runs_fast_or_slow_stays_in_step_for_three_quarters_of_an_hour(ppm: int) -> None:
    rate, block = 48_000, 960
    card = rate * (1 + ppm / 1e6)
    epoch, written = Epoch(rate), 0
    for _ in range(50):
        written += block
        epoch.saw(written / card, written)
    epoch.plan()
    first, given, worst = written, 0, 0.0
    for _ in range(45 * 60 * 50):
        written += block + epoch.correction()
        given += block
        epoch.saw(written / card, written)
        worst = max(worst, abs(written / card - first / card - given / rate))
    assert worst < TOLERATED_SECONDS + 0.001
    assert (epoch.added == 0) == (ppm == 0)


def _watch(seconds: int, *, ppm: float = 0, noise_ms: float = 0, wander_ms: float = 0) -> tuple[Epoch, float]:
    """A clip on a card whose answers are noisy; the epoch, and how far the clip really was from its plan at worst."""
    rate, block, chance = 48_000, 960, random.Random(7)
    card = rate * (1 + ppm / 1e6)
    epoch, written = Epoch(rate), 0

    def look() -> None:
        at_seconds = written / card
        wander = wander_ms * math.sin(at_seconds * 0.9)
        epoch.saw(at_seconds + (chance.gauss(0, noise_ms) + wander) / 1000, written)

    for _ in range(50):
        written += block
        look()
    epoch.plan()
    first, given, worst = written, 0, 0.0
    for _ in range(seconds * 50):
        written += block + epoch.correction()
        given += block
        look()
        worst = max(worst, abs(written / card - first / card - given / rate))
    return epoch, worst


@pytest.mark.parametrize(("noise_ms", "wander_ms"), [(0.5, 0), (0.7, 0.7), (1.2, 0.3)])
def test_answers_that_merely_scatter_move_no_frame(noise_ms: float, wander_ms: float) -> None:
    epoch, _ = _watch(300, noise_ms=noise_ms, wander_ms=wander_ms)
    assert epoch.added == 0


def test_drift_is_corrected_although_the_answers_scatter() -> None:
    epoch, worst = _watch(600, ppm=100, noise_ms=0.7, wander_ms=0.5)
    assert worst < 0.002
    assert abs(epoch.added - 600 * 4.8) < 150


def test_a_device_that_ran_dry_is_brought_back_to_the_plan() -> None:
    epoch, written = Epoch(48_000), 0
    for _ in range(50):
        written += 960
        epoch.saw(written / 48_000, written)
    epoch.plan()
    for _ in range(120 * 50):
        written += 960 + epoch.correction()
        epoch.saw(written / 48_000 + 0.02, written)
    assert epoch.added == -960


class _Stated:
    """A listener that remembers whether anything sounded."""

    def __init__(self) -> None:
        self.began = False

    def started(self, at_seconds: float) -> None:
        self.began = True

    def ending(self) -> None:
        """Nothing to remember."""


def test_a_machine_that_stood_still_past_the_latest_beginning_stays_silent(tmp_path: Path) -> None:
    clip, stated = _wav(tmp_path / "1.wav"), _Stated()
    player = FilePlayer(tmp_path / "played", monotonic=lambda: 100.0)
    order = PlayOrder("bc-00000001", (clip,), start_seconds=90.0, latest_seconds=99.0)
    result = player.play(order, listener=stated, stop=threading.Event())
    assert (result.whole, result.played_ms, stated.began) == (False, 0, False)


def test_a_stop_after_the_last_sample_takes_nothing_from_the_play(tmp_path: Path) -> None:
    clip, stop = _wav(tmp_path / "1.wav", seconds=0.04), threading.Event()
    now = iter([0.0, 0.0, 0.0, 0.0] + [5.0] * 10)

    def monotonic() -> float:
        return next(now)

    class Stopping(_Stated):
        def ending(self) -> None:
            stop.set()

    player = FilePlayer(tmp_path / "played", monotonic=monotonic)
    result = player.play(PlayOrder("bc-00000001", (clip,), start_seconds=0.0), listener=Stopping(), stop=stop)
    assert (result.whole, result.played_ms) == (True, 40)
