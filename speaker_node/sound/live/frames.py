"""The frames of one session by their place: taken from packets on one side, read by the player on the other.

What does not belong is refused by a name and counted: nothing a stranger sends can move a session, fill the memory or
sound twice. Used from two threads.
"""

import threading
from collections import Counter, deque
from enum import StrEnum

from broadcaster.protocol.live.packets import FRAME_MS, LivePacket

AHEAD_MS = 10_000
"""Nothing is taken for a place so far ahead of the sound: it bounds the memory, too."""
MOST_A_SECOND = 10
"""Packets believed in any second: four times what a session needs."""
LATE_PACKETS = 20


class Refusal(StrEnum):
    """Why a packet gave nothing."""

    FORGED = "forged"
    """Unsigned, of another station or session, or malformed."""
    REPEATED = "repeated"
    TOO_MANY = "too_many"
    """More than any session needs."""
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    """Its sound would be over: counted, and no hostile act."""
    MOVED = "moved"
    """Of another beginning than the session's."""
    BEYOND_END = "beyond_end"


HOSTILE = frozenset(Refusal) - {Refusal.TOO_LATE}


class LiveFrames:
    """What has come of one session.

    refused: packets by the reason.
    """

    def __init__(self, session: str) -> None:
        self.session = session
        self.refused: Counter[Refusal] = Counter()
        self._lock = threading.Lock()
        self._frames: dict[int, bytes] = {}
        self._seen: set[int] = set()
        self._arrivals: deque[float] = deque(maxlen=MOST_A_SECOND)
        self._late: deque[int] = deque(maxlen=LATE_PACKETS)
        self._base_ms: int | None = None
        self._next_frame = 0
        self._ends_ms: int | None = None

    @property
    def base_ms(self) -> int | None:
        """Where frame 0 sounds, after the item's start; None before the first packet with sound."""
        return self._base_ms

    @property
    def ends_ms(self) -> int | None:
        """Where it is over, after the item's start; None while nobody said so."""
        return self._ends_ms

    @property
    def sound_ms(self) -> int | None:
        """How long it is from its first frame to its end; None while that is not known."""
        known = self._base_ms is not None and self._ends_ms is not None
        return max(0, self._ends_ms - self._base_ms) if known else None  # type: ignore[operator]  # both are known

    @property
    def late_ms(self) -> int:
        """How late packets came, but for the slowest of twenty."""
        delays = sorted(self._late)
        return delays[-1 - len(delays) // LATE_PACKETS] if delays else 0

    @property
    def hostile(self) -> int:
        """Packets refused as such."""
        return sum(self.refused[reason] for reason in HOSTILE)

    def note(self, reason: Refusal) -> None:
        """A packet was refused before it was read."""
        with self._lock:
            self.refused[reason] += 1

    def take(self, packet: LivePacket, *, late_ms: int, now_ms: int, monotonic: float) -> Refusal | None:
        """Keep its frames. ``now_ms`` is the present after the item's start, ``late_ms`` since it was sent."""
        with self._lock:
            reason = Refusal.TOO_MANY if self._is_crowded(monotonic) else self._judge(packet, now_ms)
            if reason is not Refusal.REPEATED and reason is not Refusal.MOVED:
                self._late.append(max(0, late_ms))
            if reason:
                self.refused[reason] += 1
            return reason

    def frame(self, number: int) -> bytes | None:
        """The frame of this number, which is then forgotten with all before it; None when it has not come."""
        with self._lock:
            found = self._frames.pop(number, None)
            for old in [each for each in self._frames if each < number]:
                del self._frames[old]
            self._next_frame = max(self._next_frame, number + 1)
            return found

    def end_at(self, ends_ms: int) -> None:
        """The agenda says where it ends, after the item's start."""
        with self._lock:
            if self._ends_ms is None:
                self._ends_ms = ends_ms

    def _is_crowded(self, monotonic: float) -> bool:
        if len(self._arrivals) == MOST_A_SECOND and monotonic - self._arrivals[0] < 1.0:
            return True
        self._arrivals.append(monotonic)
        return False

    def _judge(self, packet: LivePacket, now_ms: int) -> Refusal | None:
        if packet.seq in self._seen:
            return Refusal.REPEATED
        self._seen.add(packet.seq)
        if not packet.frames and not packet.last:
            return None
        if self._base_ms is not None and packet.base_ms != self._base_ms:
            return Refusal.MOVED
        return self._place(packet, now_ms)

    def _place(self, packet: LivePacket, now_ms: int) -> Refusal | None:
        end = packet.first + len(packet.frames)
        if packet.base_ms + packet.first * FRAME_MS > now_ms + AHEAD_MS:
            return Refusal.TOO_EARLY
        if self._ends_ms is not None and packet.base_ms + end * FRAME_MS > self._ends_ms:
            return Refusal.BEYOND_END
        self._base_ms = packet.base_ms
        if packet.last and self._ends_ms is None:
            self._ends_ms = packet.base_ms + end * FRAME_MS
        if packet.frames and end <= self._next_frame:
            return Refusal.TOO_LATE
        for number, frame in enumerate(packet.frames, start=packet.first):
            if number >= self._next_frame and frame:
                self._frames.setdefault(number, frame)
        return None
