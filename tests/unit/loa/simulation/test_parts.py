"""A simulated horn takes the time its clip takes, says what a real one says, and makes no sound."""

import heapq
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from loa.simulation import parts
from loa.simulation.parts import SilentPlayout, SystemClock
from speaker_node.events import Event, SoundEnded, SoundEnding, SoundStarted
from speaker_node.sound.player.port import PlayOrder


class Horn:
    """A playout, what it said, and a hand for its clock."""

    def __init__(self) -> None:
        self.said: list[Event] = []
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self.playout = SilentPlayout(self.said.append, self._at)

    def _at(self, seconds: float, work: Callable[[], None]) -> None:
        heapq.heappush(self._due, (seconds, len(self._due), work))

    def run_until(self, seconds: float) -> None:
        while self._due and self._due[0][0] <= seconds:
            heapq.heappop(self._due)[2]()

    @property
    def kinds(self) -> list[type[Event]]:
        return [type(each) for each in self.said]


@pytest.fixture
def horn(monkeypatch: pytest.MonkeyPatch) -> Horn:
    monkeypatch.setitem(parts._LENGTHS, "five-seconds.clip", 5.0)
    return Horn()


def order(start_seconds: float) -> PlayOrder:
    return PlayOrder("broadcast-1", (Path("five-seconds.clip"),), start_seconds)


def test_a_play_begins_when_it_is_due_and_ends_when_it_is_over(horn: Horn) -> None:
    start = time.monotonic() + 100
    horn.playout.begin(order(start))
    horn.run_until(start)
    assert horn.said == [SoundStarted("broadcast-1", start)]
    horn.run_until(start + 5)
    assert horn.kinds == [SoundStarted, SoundEnding, SoundEnded]
    ended = horn.said[-1]
    assert isinstance(ended, SoundEnded)
    assert (ended.result.played_ms, ended.result.whole) == (5000, True)


def test_a_play_that_is_stopped_ends_at_once_and_only_once(horn: Horn) -> None:
    horn.playout.begin(order(time.monotonic()))
    horn.run_until(time.monotonic())
    horn.playout.stop()
    horn.run_until(time.monotonic() + 60)
    assert horn.kinds == [SoundStarted, SoundEnded]
    ended = horn.said[-1]
    assert isinstance(ended, SoundEnded)
    assert not ended.result.whole


def test_a_clip_that_is_no_sound_is_reported(tmp_path: Path) -> None:
    (tmp_path / "broken.clip").write_bytes(b"no sound")
    horn = Horn()
    horn.playout.begin(PlayOrder("broadcast-1", (tmp_path / "broken.clip",), time.monotonic()))
    ended = horn.said[-1]
    assert isinstance(ended, SoundEnded)
    assert ended.fault.code


def test_the_clock_of_the_machine_is_believed() -> None:
    reading = SystemClock().read()
    assert reading.trusted
    assert reading.monotonic <= time.monotonic()
