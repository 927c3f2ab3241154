"""A recording that still grows, cut for whoever follows it: its beginning, and pieces of whole pages behind that."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from broadcaster.audio.live.recording import PAGE_FRAMES

SEGMENT_PAGES = 2
SEGMENT_SECONDS = SEGMENT_PAGES * PAGE_FRAMES // 50
_HEAD_PAGES = 2
_HEADER_BYTES, _COUNT_AT = 27, 26


@dataclass(frozen=True, slots=True)
class Segments:
    """Byte ranges of the file, each from its first byte to behind its last.

    head: what a decoder needs first.
    sound: pieces of ``SEGMENT_SECONDS``, the last one of a whole recording shorter.
    """

    head: tuple[int, int]
    sound: tuple[tuple[int, int], ...]


def segments(path: Path, *, whole: bool) -> Segments:
    """What the file holds by now. ``whole``: nothing will be added, so that what is left at its end counts, too.

    Raises OSError.
    """
    with path.open("rb") as file:
        ends = _page_ends(file)
    if len(ends) < _HEAD_PAGES:
        return Segments((0, 0), ())
    begin = ends[_HEAD_PAGES - 1]
    cuts = ends[_HEAD_PAGES - 1 + SEGMENT_PAGES :: SEGMENT_PAGES]
    if whole and ends[-1] > (cuts[-1] if cuts else begin):
        cuts.append(ends[-1])
    return Segments((0, begin), tuple(zip([begin, *cuts], cuts, strict=False)))


def content(path: Path, span: tuple[int, int]) -> bytes:
    """The bytes of a range. Raises OSError."""
    with path.open("rb") as file:
        file.seek(span[0])
        return file.read(span[1] - span[0])


def _page_ends(file: BinaryIO) -> list[int]:
    """Where each whole page ends."""
    size, at, ends = os.fstat(file.fileno()).st_size, 0, []
    while at + _HEADER_BYTES <= size:
        file.seek(at)
        header = file.read(_HEADER_BYTES)
        table = file.read(header[_COUNT_AT])
        at += _HEADER_BYTES + len(table) + sum(table)
        if header[:4] != b"OggS" or len(table) < header[_COUNT_AT] or at > size:
            break
        ends.append(at)
    return ends
