"""The agenda in force: what replaces it, what does not, and what a restart does to it."""

from pathlib import Path

import pytest

from broadcaster.protocol.agenda import Agenda, AgendaMark
from broadcaster.protocol.errors import (
    Expired,
    OutOfOrder,
    Replayed,
    Superseded,
    Unsigned,
    UnsupportedVersion,
    WronglyAddressed,
)
from broadcaster.protocol.signing import Audience, public_key, sign_agenda
from broadcaster.protocol.status import RefusedAgenda
from speaker_node.errors import NodeReason
from speaker_node.memory.agenda_store import AgendaStore
from speaker_node.memory.database import LedgerDatabase
from tests.unit.speaker_node.situations import NOON, at

pytestmark = pytest.mark.integration
SEED = b"s" * 32
AUDIENCE = Audience("xa", "loa-1", public_key(SEED))


def _agenda(number: int, *, node: str = "loa-1") -> Agenda:
    return Agenda(station="xa", node=node, number=number, issued_at=NOON, expires_at=at(3600))


def _token(number: int, *, node: str = "loa-1", seed: bytes = SEED) -> bytes:
    return sign_agenda(_agenda(number, node=node), seed)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "agenda.jws"


@pytest.fixture
def book(path: Path, database: LedgerDatabase) -> AgendaStore:
    return AgendaStore(path, database, AUDIENCE)


def test_a_higher_number_replaces_and_anything_else_leaves_the_agenda_in_force(book: AgendaStore) -> None:
    book.accept(_token(4), now_at=NOON)
    for token, error in (
        (_token(4), Replayed),
        (_token(3), OutOfOrder),
        (_token(5, seed=b"x" * 32), Unsigned),
        (_token(5, node="loa-2"), WronglyAddressed),
    ):
        with pytest.raises(error):
            book.accept(token, now_at=NOON)
    with pytest.raises(Expired):
        book.accept(_token(6), now_at=at(3600))
    assert book.current == _agenda(4)
    book.accept(_token(5), now_at=NOON)
    assert book.current == _agenda(5)


def test_the_end_of_an_agenda_is_not_judged_by_a_clock_that_is_not_trusted(book: AgendaStore) -> None:
    assert book.accept(_token(1), now_at=None).number == 1


def test_an_agenda_survives_a_restart_with_its_signature(
    book: AgendaStore, path: Path, database: LedgerDatabase
) -> None:
    book.accept(_token(4), now_at=NOON)
    again = AgendaStore(path, database, AUDIENCE)
    again.reload()
    assert again.current == _agenda(4)
    with pytest.raises(Replayed):
        again.accept(_token(4), now_at=NOON)


def test_a_flipped_bit_on_the_card_voids_the_agenda_and_the_same_number_is_welcome_again(
    book: AgendaStore, path: Path, database: LedgerDatabase
) -> None:
    book.accept(_token(4), now_at=NOON)
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    path.write_bytes(damaged)
    again = AgendaStore(path, database, AUDIENCE)
    with pytest.raises(Unsigned):
        again.reload()
    with pytest.raises(OutOfOrder):
        again.accept(_token(2), now_at=NOON)
    again.accept(_token(4), now_at=NOON)
    assert again.current == _agenda(4)


def test_an_agenda_that_the_card_refused_is_kept_beside_the_ledger_until_it_is_taken(
    book: AgendaStore, path: Path, database: LedgerDatabase
) -> None:
    book.accept(_token(4), now_at=NOON)
    obstacle = path.with_name("agenda.jws.new")
    obstacle.mkdir()
    book.accept(_token(5), now_at=NOON)
    again = AgendaStore(path, database, AUDIENCE)
    again.reload()
    assert again.current == _agenda(5)
    assert again.fault
    assert again.fault.reason == NodeReason("file_not_written", {"file": "agenda.jws", "cause": "Is a directory"})

    obstacle.rmdir()
    assert again.save()
    later = AgendaStore(path, database, AUDIENCE)
    later.reload()
    assert (later.current, later.fault, path.read_bytes()) == (_agenda(5), None, _token(5))
    assert database.rows("SELECT * FROM aside") == []


def test_a_newer_file_prevails_over_what_was_kept_beside_the_ledger(
    book: AgendaStore, path: Path, database: LedgerDatabase
) -> None:
    obstacle = path.with_name("agenda.jws.new")
    obstacle.mkdir()
    book.accept(_token(4), now_at=NOON)
    obstacle.rmdir()
    path.write_bytes(_token(5))
    again = AgendaStore(path, database, AUDIENCE)
    again.reload()
    assert (again.current, path.read_bytes()) == (_agenda(5), _token(5))


def test_the_last_number_outlives_the_agenda_file(book: AgendaStore, path: Path, database: LedgerDatabase) -> None:
    book.accept(_token(4), now_at=NOON)
    path.unlink()
    again = AgendaStore(path, database, AUDIENCE)
    again.reload()
    assert (again.current, again.last) == (None, AgendaMark(0, 4))


def test_an_older_file_put_in_its_place_is_not_obeyed(book: AgendaStore, path: Path, database: LedgerDatabase) -> None:
    book.accept(_token(4), now_at=NOON)
    path.write_bytes(_token(2))
    again = AgendaStore(path, database, AUDIENCE)
    with pytest.raises(OutOfOrder):
        again.reload()
    assert again.current is None


def _issued(by: str, *, term: int, number: int) -> bytes:
    values = {"station": "xa", "node": "loa-1", "issued_at": NOON, "expires_at": at(3600)}
    return sign_agenda(Agenda(**values, issuer=by, term=term, number=number), SEED)  # type: ignore[arg-type]


def test_a_take_over_counts_anew_and_the_machine_before_it_is_never_obeyed_again(
    book: AgendaStore, path: Path, database: LedgerDatabase
) -> None:
    book.accept(_issued("old", term=1, number=500), now_at=NOON)
    book.accept(_issued("new", term=2, number=3), now_at=NOON)
    with pytest.raises(Superseded):
        book.accept(_issued("old", term=1, number=501), now_at=NOON)
    assert book.refused == RefusedAgenda(issuer="old", term=1, number=501, error="Superseded")

    again = AgendaStore(path, database, AUDIENCE)
    again.reload()
    assert (again.current and again.current.issuer, again.last) == ("new", AgendaMark(2, 3))
    path.write_bytes(_issued("old", term=1, number=900))
    older = AgendaStore(path, database, AUDIENCE)
    with pytest.raises(Superseded):
        older.reload()


def test_another_copy_s_agenda_that_is_not_obeyed_is_told_until_one_is(book: AgendaStore) -> None:
    mine = _issued("one", term=1, number=7)
    book.accept(mine, now_at=NOON)
    with pytest.raises(Replayed):
        book.accept(mine, now_at=NOON)
    assert book.refused is None

    with pytest.raises(Replayed):
        book.accept(_issued("two", term=1, number=7), now_at=NOON)
    assert book.refused == RefusedAgenda(issuer="two", term=1, number=7, error="Replayed")
    with pytest.raises(OutOfOrder):
        book.accept(_issued("two", term=1, number=6), now_at=NOON)
    assert book.refused == RefusedAgenda(issuer="two", term=1, number=6, error="OutOfOrder")

    book.accept(_issued("two", term=1, number=8), now_at=NOON)
    assert (book.current and book.current.issuer, book.refused) == ("two", None)


def test_what_a_stranger_signed_is_told_to_nobody(book: AgendaStore) -> None:
    with pytest.raises(Unsigned):
        book.accept(_token(5, seed=b"x" * 32), now_at=NOON)
    assert book.refused is None


def test_an_agenda_of_a_newer_station_is_told_as_such(book: AgendaStore) -> None:
    newer = sign_agenda(Agenda(station="xa", node="loa-1", number=9, issued_at=NOON, expires_at=at(9), version=2), SEED)  # type: ignore[arg-type]
    with pytest.raises(UnsupportedVersion):
        book.accept(newer, now_at=NOON)
    assert book.refused == RefusedAgenda(error="UnsupportedVersion")
