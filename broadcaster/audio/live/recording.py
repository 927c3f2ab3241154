"""What was sent, as an Ogg Opus file that grows while it is sent (RFC 3533, RFC 7845): the same frames, nothing encoded
twice, and whole up to its last page if the program ends in the middle."""

import struct
from functools import cache
from typing import BinaryIO

FRAME_GRANULE = 960
"""20 ms at the 48 kHz in which Ogg counts Opus."""
PAGE_FRAMES = 50
_FIRST, _LAST = 2, 4
_SERIAL = 0x4C4F41


class OggRecording:
    """Writes to a file that the caller opened for it and closes.

    frames: how many so far.
    """

    def __init__(self, file: BinaryIO, *, rate: int, pre_skip: int) -> None:
        """``pre_skip``: samples of 48 kHz by which the encoder is late."""
        self._file = file
        self._pages = 0
        self._waiting: list[bytes] = []
        self.frames = 0
        head = struct.pack("<8sBBHIhB", b"OpusHead", 1, 1, pre_skip, rate, 0, 0)
        self._page([head], granule=0, flags=_FIRST)
        self._page([struct.pack("<8sI8sI", b"OpusTags", 8, b"loa-lang", 0)], granule=0, flags=0)

    def add(self, frame: bytes) -> None:
        self._waiting.append(frame)
        self.frames += 1
        if len(self._waiting) > PAGE_FRAMES:  # the last frame waits, so that it can be the end of the stream
            page, self._waiting = self._waiting[:PAGE_FRAMES], self._waiting[PAGE_FRAMES:]
            self._page(page, granule=(self.frames - len(self._waiting)) * FRAME_GRANULE, flags=0)

    def end(self) -> None:
        """Write what waits, as the end of the stream."""
        self._page(self._waiting, granule=self.frames * FRAME_GRANULE, flags=_LAST)
        self._waiting = []

    def _page(self, packets: list[bytes], *, granule: int, flags: int) -> None:
        table = b"".join(b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255]) for packet in packets)
        head = struct.pack("<4sBBqIII", b"OggS", 0, flags, granule, _SERIAL, self._pages, 0)
        page = bytearray(head + bytes([len(table)]) + table + b"".join(packets))
        page[22:26] = struct.pack("<I", _checksum(page))
        self._file.write(page)
        self._file.flush()  # others read along
        self._pages += 1


def _checksum(page: bytearray) -> int:
    value, table = 0, _table()
    for byte in page:
        value = (value << 8 & 0xFFFFFFFF) ^ table[value >> 24 ^ byte]
    return value


@cache
def _table() -> tuple[int, ...]:
    """Ogg's polynomial 0x04C11DB7, the highest bit first."""
    return tuple(_rest(index << 24) for index in range(256))


def _rest(value: int) -> int:
    for _ in range(8):
        value = (value << 1 ^ (0x04C11DB7 if value & 0x80000000 else 0)) & 0xFFFFFFFF
    return value
