"""Time over MQTT, when NTP does not answer: questions, answers, and what they are worth together."""

import secrets
import statistics
from collections import deque
from dataclasses import dataclass

from broadcaster.protocol.clock import ClockQuestion, ClockReply
from broadcaster.protocol.values import ClockState

KEEP = 32
FIRST_BURST = 16
LATER_BURST = 6
QUESTION_SECONDS = 0.5
ROUND_SECONDS = 2 * 3600.0
LONGEST_TRIP_SECONDS = 10.0
MOST_ANSWERS_AGE_SECONDS = 6 * 3600.0
STEP_SECONDS = 5.0
"""Answers that differ by more than this and their time on the way come from a station whose clock was set."""


@dataclass(frozen=True, slots=True)
class TimeSample:
    """offset_seconds: station's clock minus our monotonic one; trip_seconds: time on the way; at_seconds: monotonic."""

    offset_seconds: float
    trip_seconds: float
    at_seconds: float


class Exchange:
    """Asks in bursts, a long way apart, and never while a download fills the link."""

    def __init__(self, node: str) -> None:
        self._node = node
        self._samples: deque[TimeSample] = deque(maxlen=KEEP)
        self._open: dict[str, float] = {}
        self._left = FIRST_BURST
        self._next_seconds = 0.0

    def link_up(self, monotonic: float) -> None:
        """A new connection: ask soon, unless answers are fresh."""
        self._open.clear()
        self._left = LATER_BURST if self._samples else FIRST_BURST
        self._next_seconds = monotonic + QUESTION_SECONDS

    def question(self, monotonic: float) -> ClockQuestion | None:
        """What to ask now, if anything."""
        if monotonic < self._next_seconds:
            return None
        if self._left == 0:
            self._left = LATER_BURST
        self._left -= 1
        self._next_seconds = monotonic + (QUESTION_SECONDS if self._left else ROUND_SECONDS)
        name = secrets.token_hex(4)
        self._open = {key: at for key, at in self._open.items() if monotonic - at < LONGEST_TRIP_SECONDS}
        self._open[name] = monotonic
        return ClockQuestion(node=self._node, question=name, asked_seconds=monotonic)

    def answered(self, reply: ClockReply, arrived_seconds: float) -> bool:
        """Take an answer to an open question; False for any other, and from a station that does not know the time."""
        asked = self._open.pop(reply.question, None)
        if asked is None or asked != reply.asked_seconds or reply.clock is ClockState.UNSYNCED:
            return False
        held = max(0.0, reply.replied_seconds - reply.received_seconds)
        offset = (reply.received_seconds - asked + reply.replied_seconds - arrived_seconds) / 2
        sample = TimeSample(offset, arrived_seconds - asked - held, arrived_seconds)
        if self._samples and _is_step(self._samples[-1], sample):
            self.ask_anew(arrived_seconds)
        self._samples.append(sample)
        return True

    def ask_anew(self, monotonic: float) -> None:
        """The station's clock was set: forget what it said before, and ask soon."""
        self._samples.clear()
        self._left, self._next_seconds = FIRST_BURST, monotonic + QUESTION_SECONDS

    def estimate(self, monotonic: float) -> TimeSample | None:
        """Mean offset of the quickest quarter, with the slowest trip among them; None before four answers."""
        fresh = [s for s in self._samples if monotonic - s.at_seconds < MOST_ANSWERS_AGE_SECONDS]
        if len(fresh) < 4:
            return None
        quickest = sorted(fresh, key=lambda sample: sample.trip_seconds)[: max(1, len(fresh) // 4)]
        return TimeSample(
            offset_seconds=statistics.fmean(sample.offset_seconds for sample in quickest),
            trip_seconds=quickest[-1].trip_seconds,
            at_seconds=max(sample.at_seconds for sample in quickest),
        )


def _is_step(before: TimeSample, after: TimeSample) -> bool:
    return abs(after.offset_seconds - before.offset_seconds) > STEP_SECONDS + before.trip_seconds + after.trip_seconds
