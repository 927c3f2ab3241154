"""A client is read no quicker, no longer and no later than it may be."""

import asyncio

import pytest

from broadcaster.delivery.broker.embedded.meters import MeteredReader, StreamLimits

LIMITS = StreamLimits(packet_bytes=100, bytes_a_second=1_000, packets_a_second=1_000, burst_seconds=0.01)


def metered(data: bytes, *, seconds: float | None = None) -> tuple[MeteredReader, list[str]]:
    aborted: list[str] = []
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    deadline = None if seconds is None else asyncio.get_running_loop().time() + seconds
    return MeteredReader(reader, LIMITS, deadline=deadline, abort=lambda: aborted.append("aborted")), aborted


def test_what_is_short_and_slow_is_read_as_it_is() -> None:
    async def read() -> bytes:
        reader, aborted = metered(b"0123456789")
        assert aborted == []
        return await reader.readexactly(4) + await reader.read(100)

    assert asyncio.run(read()) == b"0123456789"


def test_who_sends_quickly_is_read_slowly() -> None:
    async def read() -> float:
        reader, _ = metered(bytes(200))
        began = asyncio.get_running_loop().time()
        for _ in range(4):
            await reader.readexactly(50)
        return asyncio.get_running_loop().time() - began

    assert asyncio.run(read()) >= 0.15


@pytest.mark.parametrize(("length", "seconds"), [(101, None), (50, 0.02)])
def test_what_is_too_long_or_too_late_ends_the_connection(length: int, seconds: float | None) -> None:
    async def read() -> list[str]:
        reader, aborted = metered(b"", seconds=seconds)
        with pytest.raises(asyncio.IncompleteReadError):
            await reader.readexactly(length)
        return aborted

    assert asyncio.run(read()) == ["aborted"]
