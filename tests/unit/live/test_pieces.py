"""Pieces of a microphone pass from the console to the station once, in order, and never without bounds."""

from pathlib import Path

import pytest

from broadcaster.errors import Conflict, Invalid
from broadcaster.live import pieces
from broadcaster.live.pieces import MOST_BYTES, MOST_WAITING, Piece, PieceKind

SESSION = "session-1"


def piece(seq: int, body: bytes = b"sound", **more: int) -> Piece:
    values = {"at_ms": seq * 400, "rate": 48_000, **more}
    return Piece(seq=seq, kind=PieceKind.OPUS, body=body, **values)


def test_pieces_are_taken_in_order_and_once(tmp_path: Path) -> None:
    for seq in (2, 0, 1):
        assert pieces.put(tmp_path, SESSION, piece(seq))
    assert [each.seq for each in pieces.take(tmp_path, SESSION)] == [0, 1, 2]
    assert list(pieces.take(tmp_path, SESSION)) == []


def test_a_piece_that_came_before_changes_nothing(tmp_path: Path) -> None:
    assert pieces.put(tmp_path, SESSION, piece(0))
    assert not pieces.put(tmp_path, SESSION, piece(0, b"another"))
    assert [each.body for each in pieces.take(tmp_path, SESSION)] == [b"sound"]
    assert not pieces.put(tmp_path, SESSION, piece(0))
    assert list(pieces.take(tmp_path, SESSION)) == []


@pytest.mark.parametrize(
    "bad",
    [piece(-1), piece(0, b""), piece(0, bytes(MOST_BYTES + 1)), piece(0, at_ms=10**9), piece(0, rate=10)],
    ids=["number", "empty", "long", "far", "rate"],
)
def test_what_is_no_piece_is_refused(tmp_path: Path, bad: Piece) -> None:
    with pytest.raises(Invalid):
        pieces.put(tmp_path, SESSION, bad)


@pytest.mark.parametrize("session", ["../secrets", "a/b", "", "short"])
def test_a_session_s_name_leads_nowhere_else(tmp_path: Path, session: str) -> None:
    with pytest.raises(Invalid):
        pieces.put(tmp_path, session, piece(0))


def test_what_nobody_takes_does_not_fill_the_disk(tmp_path: Path) -> None:
    for seq in range(MOST_WAITING):
        pieces.put(tmp_path, SESSION, piece(seq))
    with pytest.raises(Conflict):
        pieces.put(tmp_path, SESSION, piece(MOST_WAITING))
    pieces.forget(tmp_path, SESSION)
    assert not (tmp_path / pieces.FOLDER / SESSION).exists()
