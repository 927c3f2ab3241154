"""Chunks that nodes ask for again, and how often they may."""

import time
from collections.abc import Callable, Iterable

NODE_CHUNKS = 256
NODE_SECONDS = 60.0
"""A node may ask for so many chunks in so long a time: 4 MB a minute, more than any weak link carries, and little
enough that one faulty board cannot keep the station busy."""

SAME_CHUNK_SECONDS = 3.0
"""A chunk sent a moment ago has reached everybody who asks for it now."""


class ChunkRequests:
    """Used by one thread."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._spent: dict[str, tuple[float, int]] = {}
        self._answered: dict[tuple[str, int], float] = {}

    def grant(self, node: str, sha256: str, indexes: Iterable[int]) -> list[int]:
        """The chunks to be sent now. What is not granted the node will ask for again."""
        now = self._monotonic()
        since, spent = self._spent.get(node, (now, 0))
        if now - since >= NODE_SECONDS:
            since, spent = now, 0
        fresh = [index for index in indexes if now - self._answered.get((sha256, index), -1e9) >= SAME_CHUNK_SECONDS]
        granted = fresh[: max(0, NODE_CHUNKS - spent)]
        self._spent[node] = (since, spent + len(granted))
        self._remember(sha256, granted, now)
        return granted

    def _remember(self, sha256: str, indexes: list[int], now: float) -> None:
        if len(self._answered) > 10_000:
            recent = {key: at for key, at in self._answered.items() if now - at < SAME_CHUNK_SECONDS}
            self._answered = recent
        self._answered.update(dict.fromkeys(((sha256, index) for index in indexes), now))
