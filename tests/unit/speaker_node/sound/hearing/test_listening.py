"""A microphone says whether the clip was in what it heard, and says nothing when it cannot tell."""

import math
import random
import threading
import wave
from array import array
from collections.abc import Generator
from pathlib import Path

import pytest

from broadcaster.protocol.reasons import TroubleCode
from speaker_node.errors import SoundFault
from speaker_node.events import Event, SoundHeard
from speaker_node.sound.hearing.envelope import Envelope, likeness
from speaker_node.sound.hearing.listening import ClipListener, ExpectedSound

RATE = 8000
AT = 1000.0
"""Monotonic second of the clip's first sample."""


def speech(seconds: float, *, seed: int) -> "array[int]":
    """Hiss in syllables: it grows and fades as a voice does, and no two seeds do so together."""
    chance = random.Random(seed)
    samples = array("h")
    while len(samples) < seconds * RATE:
        loud, length = chance.uniform(500, 12_000), int(chance.uniform(0.08, 0.3) * RATE)
        samples.extend(int(chance.uniform(-loud, loud) * math.sin(math.pi * i / length)) for i in range(length))
    return samples[: int(seconds * RATE)]


def mixed(left: "array[int]", right: "array[int]", *, share: float) -> "array[int]":
    return array("h", [max(-32_768, min(32_767, int(a * share + b))) for a, b in zip(left, right, strict=False)])


class Room:
    """A microphone that hears these samples from a second on, a tenth of a second at a time, without waiting."""

    def __init__(self, sounds: "array[int]", *, late_seconds: float = 0.0, gone: bool = False) -> None:
        self._sounds = sounds
        self._late_seconds = late_seconds
        self._gone = gone

    def listen(self, stop: threading.Event) -> Generator[tuple[bytes, float], None, None]:
        if self._gone:
            raise SoundFault(TroubleCode.MICROPHONE_FAILED, device="hw:9", error="No such device")
        for start in range(0, len(self._sounds), RATE // 10):
            block = self._sounds[start : start + RATE // 10]
            yield block.tobytes(), AT + self._late_seconds + (start + len(block)) / RATE
        stop.wait(5)


@pytest.fixture(scope="module")
def voice() -> "array[int]":
    return speech(8, seed=1)


@pytest.fixture
def clip(tmp_path: Path, voice: "array[int]") -> Path:
    with wave.open(str(tmp_path / "clip.wav"), "wb") as file:
        file.setparams((1, 2, RATE, len(voice), "NONE", ""))
        file.writeframes(voice.tobytes())
    return tmp_path / "clip.wav"


def stated(microphone: Room, clip: Path) -> tuple[list[Event], ClipListener]:
    """What the ear says when the play is over."""
    said: list[Event] = []
    ear = ClipListener(microphone, RATE, said.append)
    ear.listen(ExpectedSound("bc-00000001", (clip,), AT))
    ear.silence()
    assert ear._thread
    ear._thread.join(10)
    return said, ear


@pytest.mark.parametrize("late_seconds", [0.0, 0.05, 0.7, -0.1])
def test_a_clip_in_the_noise_of_a_village_is_heard_however_late_it_comes(
    clip: Path, voice: "array[int]", late_seconds: float
) -> None:
    (said,), _ = stated(Room(mixed(voice, speech(8, seed=2), share=1.5), late_seconds=late_seconds), clip)
    assert isinstance(said, SoundHeard)
    assert said.heard
    assert said.likeness_percent >= 60


@pytest.mark.parametrize("what", ["another voice", "hiss", "a lorry", "silence"])
def test_what_is_not_the_clip_is_not_taken_for_it(clip: Path, what: str) -> None:
    chance = random.Random(3)
    sounds = {
        "another voice": speech(8, seed=4),
        "hiss": array("h", [chance.randint(-900, 900) for _ in range(8 * RATE)]),
        "a lorry": array(
            "h", [int(9000 * math.exp(-(((i / RATE) - 4) ** 2)) * chance.uniform(-1, 1)) for i in range(8 * RATE)]
        ),
        "silence": array("h", bytes(2 * 8 * RATE)),
    }[what]
    (said,), _ = stated(Room(sounds), clip)
    assert isinstance(said, SoundHeard)
    assert said.heard is False


def test_a_clip_almost_drowned_is_hard_to_say(clip: Path, voice: "array[int]") -> None:
    (said,), _ = stated(Room(mixed(voice, speech(8, seed=2), share=0.8)), clip)
    assert isinstance(said, SoundHeard)
    assert said.heard is None


def test_two_seconds_are_too_short_to_tell(clip: Path, voice: "array[int]") -> None:
    assert stated(Room(voice[: 2 * RATE]), clip)[0] == []


def test_a_microphone_that_is_gone_is_told_and_forgotten_when_it_is_back(clip: Path, voice: "array[int]") -> None:
    said, ear = stated(Room(voice, gone=True), clip)
    assert (said, ear.fault and ear.fault.code) == ([], TroubleCode.MICROPHONE_FAILED)
    ear._microphone = Room(voice)
    ear.listen(ExpectedSound("bc-00000002", (clip,), AT))
    ear.silence()
    assert ear._thread
    ear._thread.join(10)
    assert (len(said), ear.fault) == (1, None)


def test_without_a_microphone_nothing_is_said(clip: Path) -> None:
    said: list[Event] = []
    ear = ClipListener(None, RATE, said.append)
    ear.listen(ExpectedSound("bc-00000001", (clip,), AT))
    ear.silence()
    assert said == []


def test_loudness_is_one_figure_for_every_20_ms_whatever_the_blocks() -> None:
    one, many = Envelope(RATE), Envelope(RATE)
    samples = speech(1, seed=5)
    one.take(samples.tobytes())
    for start in range(0, RATE, 7):
        many.take(samples[start : start + 7].tobytes())
    assert list(one.levels) == list(many.levels)
    assert len(one.levels) == 50


def test_likeness_needs_enough_to_compare_and_something_that_varies() -> None:
    course = [float(i % 7) for i in range(300)]
    assert likeness(course, course[40:], lags=range(30, 50), fewest=100) == pytest.approx(1.0)
    assert likeness(course, course[250:], lags=range(250, 251), fewest=100) == 0.0
    assert likeness(course, [4.0] * 300, lags=range(1), fewest=100) == 0.0
