"""A clip travels in pieces and is used only when it is whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.protocol import errors
from broadcaster.protocol.mqtt import chunks


@given(clip=st.binary(min_size=1, max_size=9000), chunk_bytes=st.integers(1024, 4096))
def test_the_pieces_make_the_clip_again(clip: bytes, chunk_bytes: int) -> None:
    ref = chunks.describe(clip, duration_ms=1, chunk_bytes=chunk_bytes)
    pieces = list(chunks.split(clip, ref))
    assert len(pieces) == chunks.count(ref)
    for index, piece in enumerate(pieces):
        chunks.check_chunk(ref, index, piece)
    chunks.check_clip(ref, b"".join(pieces))


@given(held=st.sets(st.integers(0, 9)))
def test_a_broken_transfer_resumes_at_what_is_missing(held: set[int]) -> None:
    ref = chunks.describe(bytes(10 * 1024), duration_ms=1, chunk_bytes=1024)
    assert chunks.missing(ref, held) == tuple(sorted(set(range(10)) - held))


def test_a_piece_of_the_wrong_length_is_refused() -> None:
    ref = chunks.describe(bytes(2500), duration_ms=1, chunk_bytes=1024)
    with pytest.raises(errors.Oversized):
        chunks.check_chunk(ref, 2, bytes(1024))
    with pytest.raises(errors.Malformed):
        chunks.check_chunk(ref, 0, bytes(1023))
    with pytest.raises(errors.Malformed):
        chunks.check_chunk(ref, 1, b"")


@pytest.mark.parametrize("index", [-1, 3, 10**9])
def test_a_piece_the_clip_does_not_have_is_refused(index: int) -> None:
    ref = chunks.describe(bytes(2500), duration_ms=1, chunk_bytes=1024)
    with pytest.raises(errors.Malformed, match="3 chunks"):
        chunks.check_chunk(ref, index, b"x")


def test_pieces_that_do_not_make_the_promised_clip_are_refused() -> None:
    ref = chunks.describe(b"true clip", duration_ms=1)
    with pytest.raises(errors.CorruptClip):
        chunks.check_clip(ref, b"another  ")
