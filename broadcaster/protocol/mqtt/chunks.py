"""A clip in pieces, so that a broken transfer resumes at the missing piece."""

import hashlib
from collections.abc import Iterable, Iterator

from broadcaster.protocol.agenda import ClipRef
from broadcaster.protocol.errors import CorruptClip, Malformed, Oversized

CHUNK_BYTES = 16_384
"""On a link cut about every 15 s, 16 kB pieces always arrived where one 180 kB message never did."""


def describe(clip: bytes, *, duration_ms: int, chunk_bytes: int = CHUNK_BYTES) -> ClipRef:
    """The reference under which ``clip`` travels. ``duration_ms`` is how long it sounds."""
    return ClipRef(
        sha256=hashlib.sha256(clip).hexdigest(),
        size_bytes=len(clip),
        chunk_bytes=chunk_bytes,
        duration_ms=duration_ms,
    )


def count(ref: ClipRef) -> int:
    """How many chunks the clip has."""
    return -(-ref.size_bytes // ref.chunk_bytes)


def length(ref: ClipRef, index: int) -> int:
    """How many bytes chunk ``index`` has. Raises Malformed when the clip has no such chunk."""
    if not 0 <= index < count(ref):
        raise Malformed(f"clip has {count(ref)} chunks, not one of index {index}", field="index")
    return min(ref.chunk_bytes, ref.size_bytes - index * ref.chunk_bytes)


def split(clip: bytes, ref: ClipRef) -> Iterator[bytes]:
    """The chunks of ``clip`` in order."""
    for start in range(0, len(clip), ref.chunk_bytes):
        yield clip[start : start + ref.chunk_bytes]


def check_chunk(ref: ClipRef, index: int, payload: bytes) -> None:
    """Raises Oversized or Malformed unless ``payload`` has exactly the length chunk ``index`` must have."""
    expected = length(ref, index)
    if len(payload) > expected:
        raise Oversized(f"chunk {index} has {len(payload)} bytes; {expected} were promised", field="payload")
    if len(payload) < expected:
        raise Malformed(f"chunk {index} has {len(payload)} bytes; {expected} were promised", field="payload")


def missing(ref: ClipRef, held: Iterable[int]) -> tuple[int, ...]:
    """Indexes of the chunks that are not in ``held``, in order."""
    have = set(held)
    return tuple(index for index in range(count(ref)) if index not in have)


def check_clip(ref: ClipRef, clip: bytes) -> None:
    """Raises CorruptClip unless ``clip`` is the clip that was promised."""
    if hashlib.sha256(clip).hexdigest() != ref.sha256:
        raise CorruptClip(f"the assembled clip does not hash to {ref.sha256}", field="sha256")
