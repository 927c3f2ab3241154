"""Clips on the card: whole and right, or not there."""

import random
from pathlib import Path

import pytest

from broadcaster.protocol.agenda import ClipRef
from broadcaster.protocol.errors import CorruptClip, Malformed, Oversized
from broadcaster.protocol.mqtt import chunks
from speaker_node.clips import clip_store as library_module
from speaker_node.clips.clip_store import ClipStore
from speaker_node.errors import StorageFault

DATA = random.Random(1).randbytes(10_000)
REF = chunks.describe(DATA, duration_ms=1000, chunk_bytes=1024)
PIECES = list(chunks.split(DATA, REF))


@pytest.fixture
def library(tmp_path: Path) -> ClipStore:
    return ClipStore(tmp_path / "clips")


def _fill(library: ClipStore, ref: ClipRef = REF, pieces: list[bytes] = PIECES) -> list[bool]:
    return [library.add(ref, index, piece) for index, piece in enumerate(pieces)]


def test_a_clip_is_whole_with_its_last_chunk_and_has_exactly_its_bytes(library: ClipStore) -> None:
    assert _fill(library) == [False] * 9 + [True]
    assert library.held == {REF.sha256}
    assert library.path(REF.sha256).read_bytes() == DATA
    assert library.missing(REF) == ()


def test_chunks_may_come_in_any_order_and_twice(library: ClipStore) -> None:
    order = [*range(10), 3, 5]
    random.Random(2).shuffle(order)
    for index in order:
        library.add(REF, index, PIECES[index])
    assert library.path(REF.sha256).read_bytes() == DATA


def test_after_a_power_cut_only_the_missing_chunks_are_missing(library: ClipStore, tmp_path: Path) -> None:
    for index in (0, 1, 7):
        library.add(REF, index, PIECES[index])
    torn = tmp_path / "clips" / f"{REF.sha256}.1024" / "2.new"
    torn.write_bytes(b"half")
    short = tmp_path / "clips" / f"{REF.sha256}.1024" / "1"
    short.write_bytes(PIECES[1][:100])
    again = ClipStore(tmp_path / "clips")
    assert again.missing(REF) == (1, 2, 3, 4, 5, 6, 8, 9)
    assert not torn.exists()


def test_a_wrong_whole_is_refused_and_every_piece_of_it_forgotten(library: ClipStore) -> None:
    wrong = [bytes(1024), *PIECES[1:]]
    with pytest.raises(CorruptClip):
        _fill(library, pieces=wrong)
    assert library.held == set()
    assert len(library.missing(REF)) == 10


def test_a_chunk_of_the_wrong_length_is_refused(library: ClipStore) -> None:
    with pytest.raises(Oversized):
        library.add(REF, 0, PIECES[0] + b"x")
    with pytest.raises(Malformed):
        library.add(REF, 0, PIECES[0][:-1])
    with pytest.raises(Malformed):
        library.add(REF, 10, b"")


def test_a_clip_damaged_on_the_card_is_found_out_after_a_restart_and_dropped(
    library: ClipStore, tmp_path: Path
) -> None:
    _fill(library)
    path = library.path(REF.sha256)
    path.write_bytes(DATA[:-1] + b"x")
    again = ClipStore(tmp_path / "clips")
    assert again.unverified() == REF.sha256
    assert not again.verify(REF)
    assert again.held == set()
    assert len(again.missing(REF)) == 10


def test_a_clip_is_hashed_once_after_a_restart(library: ClipStore, tmp_path: Path) -> None:
    _fill(library)
    again = ClipStore(tmp_path / "clips")
    assert again.verify(REF)
    assert again.unverified() is None


def test_what_is_not_named_goes(library: ClipStore, tmp_path: Path) -> None:
    _fill(library)
    other = chunks.describe(DATA[:5000], duration_ms=500, chunk_bytes=1024)
    library.add(other, 0, DATA[:1024])
    library.keep_only([other.sha256])
    assert library.held == set()
    assert [path.name for path in (tmp_path / "clips").iterdir()] == [f"{other.sha256}.1024"]
    assert library.missing(other) == (1, 2, 3, 4)


def test_room_for_the_ledger_is_never_given_to_clips(library: ClipStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library_module, "SPARE_BYTES", 2**62)
    with pytest.raises(StorageFault, match="sắp đầy"):
        library.add(REF, 0, PIECES[0])
    assert len(library.missing(REF)) == 10
