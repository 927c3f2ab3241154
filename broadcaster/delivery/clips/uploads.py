"""Chunks on their way to the broker: the most urgent first, and never so many that an agenda has to wait."""

import heapq
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from broadcaster.protocol.agenda import ClipRef
from broadcaster.protocol.mqtt import chunks, topics

NARROW = 2
WIDE = 12
BRISK_SECONDS = 0.25
"""Unacknowledged chunks: few on a slow line to the broker, where whatever is queued delays the next order, more on a
brisk one."""

Publish = Callable[[str, bytes], int | None]


@dataclass(order=True)
class _Chunk:
    """urgency: seconds since 1970 when somebody needs it; the lower goes first."""

    urgency: float
    sha256: str
    index: int
    ref: ClipRef = field(compare=False)


class Uploads:
    """Used by the publisher's thread alone. ``publish`` sends one retained message and returns its number."""

    def __init__(
        self, *, station: str, path_of: Callable[[str], Path], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._station = station
        self._path_of = path_of
        self._monotonic = monotonic
        self._heap: list[_Chunk] = []
        self._wanted: dict[tuple[str, int], float] = {}
        self._flying: dict[int, tuple[_Chunk, float]] = {}
        self._window = WIDE

    def __len__(self) -> int:
        return len(self._wanted) + len(self._flying)

    def want(self, ref: ClipRef, indexes: Iterable[int], *, urgency: float) -> None:
        """Queue chunks; what is queued already only moves forward."""
        for index in indexes:
            key = (ref.sha256, index)
            if self.is_flying(ref, index) or self._wanted.get(key, float("inf")) <= urgency:
                continue
            self._wanted[key] = urgency
            heapq.heappush(self._heap, _Chunk(urgency, ref.sha256, index, ref))

    def is_flying(self, ref: ClipRef, index: int) -> bool:
        """Whether a chunk was sent on this connection and is not acknowledged yet."""
        return any((chunk.sha256, chunk.index) == (ref.sha256, index) for chunk, _ in self._flying.values())

    def forget(self) -> None:
        """The connection is gone, and with it what was under way."""
        self._heap.clear()
        self._wanted.clear()
        self._flying.clear()

    def acknowledge(self, number: int) -> tuple[str, int, int] | None:
        """(sha256, index, length) of the chunk the broker has taken; None when the number is not a chunk's."""
        found = self._flying.pop(number, None)
        if found is None:
            return None
        chunk, sent_at = found
        self._window = WIDE if self._monotonic() - sent_at < BRISK_SECONDS else NARROW
        return chunk.sha256, chunk.index, chunks.length(chunk.ref, chunk.index)

    def pump(self, publish: Publish) -> list[str]:
        """Send what the window allows. Returns the clips that cannot be read from disk; their chunks are dropped."""
        unreadable: list[str] = []
        while self._heap and len(self._flying) < self._window:
            chunk = heapq.heappop(self._heap)
            if self._wanted.get((chunk.sha256, chunk.index)) != chunk.urgency:
                continue  # a later, more urgent wish has overtaken this entry
            del self._wanted[chunk.sha256, chunk.index]
            payload = self._read(chunk)
            if payload is None:
                unreadable.append(chunk.sha256)
                continue
            number = publish(topics.chunk(self._station, chunk.sha256, chunk.index), payload)
            if number is None:
                break
            self._flying[number] = (chunk, self._monotonic())
        return unreadable

    def _read(self, chunk: _Chunk) -> bytes | None:
        expected = chunks.length(chunk.ref, chunk.index)
        try:
            with self._path_of(chunk.sha256).open("rb") as file:
                file.seek(chunk.index * chunk.ref.chunk_bytes)
                payload = file.read(expected)
        except OSError:
            return None
        return payload if len(payload) == expected else None
