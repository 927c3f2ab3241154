"""A stretch of a file as a file of its own, with some of its bytes read as if they were others."""

import io
import mmap
from collections.abc import Mapping
from dataclasses import dataclass, field

Content = bytes | mmap.mmap
"""The whole of a file, in memory or mapped."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where one recording lies in a file.

    start, end: first byte, and the one after the last.
    patches: bytes to be read instead of those in the file, by their place in the file.
    """

    start: int
    end: int
    patches: Mapping[int, bytes] = field(default_factory=dict)


class Window(io.RawIOBase):
    """Reads a ``Stretch`` of ``content``; its first byte is at 0."""

    def __init__(self, content: Content, stretch: Stretch) -> None:
        self._content = content
        self._stretch = stretch
        self._at = stretch.start

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at - self._stretch.start

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: self._stretch.start, io.SEEK_CUR: self._at, io.SEEK_END: self._stretch.end}[whence]
        self._at = max(self._stretch.start, base + offset)
        return self.tell()

    def read(self, size: int = -1) -> bytes:
        start, end = self._at, self._stretch.end
        if size >= 0:
            end = min(end, start + size)
        self._at = max(start, end)
        block = bytes(self._content[start:end])
        for at, other in self._stretch.patches.items():
            block = _patched(block, at - start, other)
        return block


def _patched(block: bytes, at: int, other: bytes) -> bytes:
    """``block`` with ``other`` written over it from ``at`` on, as far as the two overlap."""
    first, last = max(at, 0), min(at + len(other), len(block))
    return block[:first] + other[first - at : last - at] + block[last:] if first < last else block
