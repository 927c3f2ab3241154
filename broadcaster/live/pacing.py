"""Where in a session sound belongs: one place for each frame, held from the first sound to the end. Pure."""

from dataclasses import dataclass
from typing import Protocol

from broadcaster.protocol.live.packets import FRAME_MS

AHEAD_MS = 1500
"""So much earlier than the present a source may be: pieces of its own length come in bursts."""
LONGEST_GAP_MS = 30_000
"""What is missing for longer than this by a source's own time is no gap: that source has lost its time."""


class PacingPlan(Protocol):
    """The part of a session's plan that places sound; each as in ``SessionPlan``."""

    @property
    def parts_ms(self) -> int: ...
    @property
    def longest_ms(self) -> int: ...
    @property
    def delay_ms(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Placed:
    """skip_frames: a gap before it; drop_frames: of its own, already there; frames: of the rest, taken now."""

    skip_frames: int
    drop_frames: int
    frames: int


class Pacing:
    """Counts one session's frames.

    delay_ms: as in the plan, until something better is known before the first sound.
    base_ms: where frame 0 sounds, after the item's start; None before the first sound.
    next_frame: the one that comes next.
    gap_frames: left out by the source.
    late_frames: taken so late that no node can sound them.
    refused: pieces that gave nothing.
    """

    def __init__(self, plan: PacingPlan) -> None:
        self._plan = plan
        self.delay_ms = plan.delay_ms
        self._most = plan.longest_ms // FRAME_MS
        self._began_ms = 0
        self._first_at_ms = 0
        self.base_ms: int | None = None
        self.next_frame = 0
        self.gap_frames = 0
        self.late_frames = 0
        self.refused = 0

    @property
    def left_frames(self) -> int:
        """How many may still come."""
        return self._most - self.next_frame

    @property
    def ends_ms(self) -> int:
        """Where the sound so far is over, after the item's start; 0 before the first."""
        return 0 if self.base_ms is None else self.base_ms + self.next_frame * FRAME_MS

    def place(self, frames: int, at_ms: int | None, *, now_ms: int) -> Placed | None:
        """Take this many frames in. ``at_ms`` by the source's time, ``now_ms`` after the item's start.

        None when they are refused, or nothing of them is new.
        """
        if self.base_ms is None:
            self.base_ms = max(self._plan.parts_ms, now_ms + self.delay_ms)
            self._began_ms, self._first_at_ms = now_ms, at_ms or 0
        wanted = self._following(now_ms) if at_ms is None else round((at_ms - self._first_at_ms) / FRAME_MS)
        if self._is_early(wanted + frames, now_ms):
            self.refused += 1
            return None
        skip, drop = max(0, wanted - self.next_frame), max(0, self.next_frame - wanted)
        if (at_ms is not None and skip * FRAME_MS > LONGEST_GAP_MS) or (frames and drop >= frames):
            self.refused += 1
            return None
        return self._taken(min(skip, self.left_frames), drop, frames - drop, now_ms)

    def _taken(self, skip: int, drop: int, frames: int, now_ms: int) -> Placed:
        taken = max(0, min(frames, self.left_frames - skip))
        self.next_frame += skip + taken
        self.gap_frames += skip
        assert self.base_ms is not None
        if taken and self.ends_ms < now_ms:
            self.late_frames += taken
        return Placed(skip, drop, taken)

    def _following(self, now_ms: int) -> int:
        """Directly behind, or at the present when the place behind is over at every node."""
        behind = self._elapsed(now_ms) - self.next_frame * FRAME_MS
        return self.next_frame if behind <= self.delay_ms else self._elapsed(now_ms) // FRAME_MS

    def _elapsed(self, now_ms: int) -> int:
        return now_ms - self._began_ms

    def _is_early(self, end_frame: int, now_ms: int) -> bool:
        return (end_frame - 1) * FRAME_MS > self._elapsed(now_ms) + AHEAD_MS
