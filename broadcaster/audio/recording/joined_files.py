"""Recordings laid one behind the other in a file, by ``copy /b``, by a recorder that goes on, by a radio stream.

Most readers stop where the first one says it ends; here each is found, so that each can be read. MP3 and ADTS need
none of this: they are rows of frames that tell where they end.
"""

import struct
from collections.abc import Callable, Iterator

from broadcaster.audio.recording.window import Content

_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_OGG_FIRST_PAGE = b"OggS\0\2"
_OGG_HEADER_BYTES = 27
_TAG_HEADER_BYTES = 10


def stretches(content: Content) -> list[tuple[int, int]]:
    """Begin and end of every recording in the file; one that is the whole file where nothing was joined."""
    first = _behind_a_tag(content)
    starts = [first, *(at for at in _later_starts(content, first) if at > first)]
    return list(zip(starts, [*starts[1:], len(content)], strict=True))


def _behind_a_tag(content: Content) -> int:
    """Where the recording begins that has an ID3 tag before it; 0 where none is known there, as before an MP3."""
    if content[:3] != b"ID3":
        return 0
    size = sum((byte & 0x7F) << 7 * (3 - place) for place, byte in enumerate(content[6:10]))
    start = _TAG_HEADER_BYTES + size
    head = bytes(content[start : start + 64])
    return start if any(_begins(head, magic) for magic in _MAGICS) else 0


def _begins(head: bytes, magic: bytes) -> bool:
    return head.startswith(magic) and _MAGICS[magic](head)


def _later_starts(content: Content, first: int) -> Iterator[int]:
    head = bytes(content[first : first + 64])
    if head[4:8] == b"ftyp":
        return _mp4_files(content)
    for magic, confirmed in _MAGICS.items():
        if _begins(head, magic):
            return _repeated(content, magic, confirmed)
    return _ogg_links(content)


def _repeated(content: Content, magic: bytes, confirmed: Callable[[bytes], bool]) -> Iterator[int]:
    at = content.find(magic, 1)
    while at >= 0:
        if confirmed(bytes(content[at : at + 64])):
            yield at
        at = content.find(magic, at + 1)


def _ogg_links(content: Content) -> Iterator[int]:
    """First pages of the streams of a chain; those that directly follow another first page belong to its link."""
    at, expected = content.find(_OGG_FIRST_PAGE), -1
    while at >= 0:
        if at != expected:
            yield at
        segments = content[at + _OGG_HEADER_BYTES - 1] if at + _OGG_HEADER_BYTES <= len(content) else 0
        body = at + _OGG_HEADER_BYTES + segments
        expected = body + sum(content[body - segments : body])
        at = content.find(_OGG_FIRST_PAGE, at + 1)


def _mp4_files(content: Content) -> Iterator[int]:
    at, complete = 0, False
    while at + 16 <= len(content):
        size, kind = struct.unpack(">I4s", content[at : at + 8])
        if size == 1:
            (size,) = struct.unpack(">Q", content[at + 8 : at + 16])
        if size < 8:
            return
        if kind == b"ftyp" and complete:
            yield at
            complete = False
        complete = complete or kind == b"moov"
        at += size


def _is_matroska(head: bytes) -> bool:
    return b"webm" in head or b"matroska" in head


def _is_au(head: bytes) -> bool:
    if len(head) < 24:
        return False
    offset, _size, coding, rate, channels = struct.unpack(">5I", head[4:24])
    known: bool = 24 <= offset < 4096 and 1 <= coding <= 27 and 1_000 <= rate <= 768_000 and 1 <= channels <= 64
    return known


_MAGICS: dict[bytes, Callable[[bytes], bool]] = {
    b"RIFF": lambda head: head[8:12] in (b"WAVE", b"AVI "),
    b"RIFX": lambda head: head[8:12] == b"WAVE",
    b"RF64": lambda head: head[8:12] == b"WAVE",
    b"FORM": lambda head: head[8:12] in (b"AIFF", b"AIFC"),
    b"caff": lambda head: head[4:6] == b"\0\1" and head[8:12] == b"desc",
    b"fLaC": lambda head: head[5:8] == b"\0\0\x22",
    b"#!AMR\n": lambda _head: True,
    b"#!AMR-WB\n": lambda _head: True,
    b"\x1a\x45\xdf\xa3": _is_matroska,
    b".snd": _is_au,
    _ASF: lambda head: 30 <= int.from_bytes(head[16:24], "little") < 1 << 24,
}
