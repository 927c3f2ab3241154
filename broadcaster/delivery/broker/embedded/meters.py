"""A client's stream as the embedded broker reads it: no quicker, no longer and no later than it may be."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """packet_bytes: of the longest packet. bytes_a_second, packets_a_second: what a client may send for long.

    burst_seconds: what it has not used in so long it may send at once.
    """

    packet_bytes: int
    bytes_a_second: float
    packets_a_second: float
    burst_seconds: float


class MeteredReader:
    """Reads like an ``asyncio.StreamReader``. Who sends too quickly is read more slowly, and waits; what is too long,
    or comes after ``deadline`` (of the event loop's clock, None for never), ends the connection by ``abort``."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        limits: StreamLimits,
        *,
        deadline: float | None,
        abort: Callable[[], None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.deadline = deadline
        self._reader = reader
        self._abort = abort
        self._limits = limits
        self._monotonic = monotonic
        self._debt_seconds = -limits.burst_seconds
        self._read_at = monotonic()

    async def read(self, n: int = -1) -> bytes:
        """As of a stream."""
        return await self._within(self._reader.read(self._limits.packet_bytes if n < 0 else n))

    async def readexactly(self, n: int) -> bytes:
        """As of a stream. Raises IncompleteReadError also for what is too long or too late."""
        if n > self._limits.packet_bytes:
            self._abort()
            raise asyncio.IncompleteReadError(b"", n)
        await self._pay(n)
        return await self._within(self._reader.readexactly(n))

    def feed_eof(self) -> None:
        """As of a stream."""
        self._reader.feed_eof()

    async def _within(self, reading: Coroutine[Any, Any, bytes]) -> bytes:
        try:
            async with asyncio.timeout_at(self.deadline):
                return await reading
        except TimeoutError:
            self._abort()
            raise asyncio.IncompleteReadError(b"", None) from None

    async def _pay(self, n: int) -> None:
        """Wait as long as this costs beyond what was saved. The first byte of a packet is read alone."""
        now = self._monotonic()
        saved = self._debt_seconds - (now - self._read_at)
        self._read_at = now
        cost = n / self._limits.bytes_a_second + (1 / self._limits.packets_a_second / 2 if n == 1 else 0)
        self._debt_seconds = max(saved, -self._limits.burst_seconds) + cost
        if self._debt_seconds > 0:
            await asyncio.sleep(self._debt_seconds)
