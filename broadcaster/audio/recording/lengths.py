"""Length fields that contradict the file, read as what the file really holds.

A recorder that lost its power, or a program that wrote into a pipe, leaves 0, 0xFFFFFFFF or an old value where the
length of the sound should stand. A length is believed only when what follows it is a row of whole chunks, or the end.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from broadcaster.audio.recording.window import Content

_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_DATA = bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c")
_ASF_INDEXES = (
    bytes.fromhex("90080033b1e5cf1189f400a0c90349cb"),
    bytes.fromhex("d329e2d6da35d111903400a0c90349be"),
    bytes.fromhex("f803b1fead12644c840f2a1d2f7ad48c"),
    bytes.fromhex("d03fb73c4a0c0348953dedf7b6228f0c"),
)
_MATROSKA_SEGMENT = b"\x18\x53\x80\x67"
_SLACK_BYTES = 16
"""What may follow the last chunk without being one: padding, a cut-off tag."""
_MOST_CHUNKS = 1_000


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk of a RIFF, IFF or CAF file.

    kind: its four letters.
    at: where its header begins.
    body: where its content begins.
    size: what its header says about the length of the content.
    """

    kind: bytes
    at: int
    body: int
    size: int


def patches(content: Content, start: int, end: int) -> dict[int, bytes]:
    """What to read instead of a wrong length in the recording between ``start`` and ``end``."""
    head = bytes(content[start : start + 16])
    match head[:4], head[8:12]:
        case (b"RIFF" | b"RF64", b"WAVE"):
            return _riff(content, start, end, sound=b"data")
        case b"RIFX", b"WAVE":
            return _chunk_of_sound(content, start, end, kind=b"data", least=0)
        case b"RIFF", b"AVI ":
            return _riff(content, start, end, sound=b"LIST")
        case b"FORM", _:
            return _chunk_of_sound(content, start, end, kind=b"SSND", least=8)
        case b"caff", _:
            return _caf(content, start, end)
        case b"\x1a\x45\xdf\xa3", _:
            return _matroska(content, start, end)
        case b".snd", _:
            return {start + 8: b"\xff" * 4} if content[start + 8 : start + 12] == bytes(4) else {}
    return _asf(content, start, end) if head == _ASF else {}


def _chunks(content: Content, at: int, end: int, *, order: Literal["<", ">"], wide: bool = False) -> Iterator[Chunk]:
    """The chunks from ``at`` on, as far as their headers lead."""
    header = struct.Struct(f"{order}4s{'q' if wide else 'I'}")
    for _ in range(_MOST_CHUNKS):
        if at + header.size > end:
            return
        kind, size = header.unpack(content[at : at + header.size])
        yield Chunk(kind, at, at + header.size, size)
        if size < 0:
            return
        at += header.size + size + (0 if wide else size % 2)


def _is_row_of_chunks(content: Content, at: int, end: int, *, order: Literal["<", ">"], wide: bool = False) -> bool:
    """Whether the bytes from ``at`` to ``end`` are chunks and no sound."""
    for chunk in _chunks(content, at, end, order=order, wide=wide):
        if end - chunk.at <= _SLACK_BYTES:
            return True
        if not all(0x20 <= letter < 0x7F for letter in chunk.kind) or chunk.size > end - chunk.body + _SLACK_BYTES:
            return False
    return True


def _riff(content: Content, start: int, end: int, *, sound: bytes) -> dict[int, bytes]:
    wide_size = None
    for chunk in _chunks(content, start + 12, end, order="<"):
        if chunk.kind == b"ds64" and chunk.size >= 16:
            (wide_size,) = struct.unpack("<Q", content[chunk.body + 8 : chunk.body + 16])
            wide_at = chunk.body + 8
        if chunk.kind != sound or (sound == b"LIST" and content[chunk.body : chunk.body + 4] != b"movi"):
            continue
        size = wide_size if wide_size is not None and chunk.size == 0xFFFFFFFF else chunk.size
        after = chunk.body + size + size % 2
        if size and (after >= end or _is_row_of_chunks(content, after, end, order="<")):
            return {}
        left = end - chunk.body
        if sound == b"LIST":
            return {chunk.at + 4: struct.pack("<I", 0)}
        if wide_size is not None and chunk.size == 0xFFFFFFFF:
            return {wide_at: struct.pack("<Q", left)}
        return {chunk.at + 4: struct.pack("<I", min(left, 0xFFFFFFFE))}
    return {}


def _chunk_of_sound(content: Content, start: int, end: int, *, kind: bytes, least: int) -> dict[int, bytes]:
    """In files whose numbers begin with the highest byte; least: bytes of the chunk before its sound."""
    for chunk in _chunks(content, start + 12, end, order=">"):
        if chunk.kind == kind:
            after = chunk.body + chunk.size + chunk.size % 2
            if chunk.size > least and (after >= end or _is_row_of_chunks(content, after, end, order=">")):
                return {}
            return {chunk.at + 4: struct.pack(">I", min(end - chunk.body, 0x7FFFFFFF))}
    return {}


def _caf(content: Content, start: int, end: int) -> dict[int, bytes]:
    for chunk in _chunks(content, start + 8, end, order=">", wide=True):
        if chunk.kind == b"data":
            after = chunk.body + chunk.size
            row = chunk.size > 4 and (after >= end or _is_row_of_chunks(content, after, end, order=">", wide=True))
            return {} if chunk.size == -1 or row else {chunk.at + 4: struct.pack(">q", -1)}
    return {}


def _asf(content: Content, start: int, end: int) -> dict[int, bytes]:
    at = start + int.from_bytes(content[start + 16 : start + 24], "little")
    if content[at : at + 16] != _ASF_DATA:
        return {}
    after = at + int.from_bytes(content[at + 16 : at + 24], "little")
    if after >= end or (after > at + 50 and content[after : after + 16] in _ASF_INDEXES):
        return {}
    return {at + 16: struct.pack("<Q", end - at)}


def _matroska(content: Content, start: int, end: int) -> dict[int, bytes]:
    """A segment that ends before the file does is read as one of unknown length."""
    at = content.find(_MATROSKA_SEGMENT, start, min(end, start + 4096)) + 4
    if at < 4 or not content[at]:
        return {}
    width = 9 - content[at].bit_length()
    size = int.from_bytes(content[at : at + width], "big") & ((1 << 7 * width) - 1)
    unknown = (1 << 7 * width) - 1
    if size == unknown or at + width + size >= end:
        return {}
    return {at: ((1 << 7 * width) | unknown).to_bytes(width, "big")}
