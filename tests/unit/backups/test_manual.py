"""A whole station in one file, and back."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pyrage import x25519
from sqlalchemy import select

from broadcaster.backups import manual, recovery_key, restoring
from broadcaster.backups.places.place import Access
from broadcaster.backups.recovery_key import RecoveryKey
from broadcaster.backups.restoring import BackupSource, Restored
from broadcaster.config import Config
from broadcaster.errors import Conflict, LoaError
from broadcaster.station.copies import own_copy
from broadcaster.station.database.copies.facts import NUMBERS_SKIPPED
from broadcaster.station.database.engine import Database
from broadcaster.station.people import people
from broadcaster.station.schema import AgendaIssue, LoginSession, Node, NodeState
from broadcaster.station.units import units
from tests.rig.commune import NOW
from tests.unit.backups.conftest import SOUND, damage, holdings, sha256

pytestmark = pytest.mark.integration


def back_up(config: Config, path: Path, *, key: RecoveryKey | None = None, force: bool = False) -> None:
    manual.backup(config, path, key=key, force=force, now_at=NOW)


def bring_back(config: Config, path: Path, *, identity: x25519.Identity | None = None, force: bool = False) -> Restored:
    return restoring.restore(
        config, BackupSource(str(path), Access(config.data_dir), identity), force=force, now_at=NOW
    )


def test_what_was_backed_up_is_restored_elsewhere(station: Config, tmp_path: Path) -> None:
    other = replace(station, data_dir=tmp_path / "second")
    back_up(station, tmp_path / "b.loa")
    restored = bring_back(other, tmp_path / "b.loa")
    assert (restored.aside, restored.missing, restored.differing) == (None, (), ())
    assert holdings(other) == holdings(station)
    database = Database(other.database_url)
    with database.reading() as s:
        assert [unit.id for unit in units.tree(s)] == ["con-minh", "ban-cuon", "lung-pang"]
        assert people.find(s, "canbo") is not None
        assert s.get_one(AgendaIssue, "lung-pang").number > 41 + NUMBERS_SKIPPED
        assert s.get_one(AgendaIssue, "ban-cuon").number > 41 + NUMBERS_SKIPPED
    database.dispose()


def test_numbers_go_on_above_what_the_same_copy_issued_before(station: Config, tmp_path: Path) -> None:
    """Restored twice it would otherwise issue numbers that nodes know already, and be deaf to them."""

    def number(config: Config) -> int:
        with closing(sqlite3.connect(config.data_dir / "loa.db")) as database:
            return int(database.execute("SELECT number FROM agenda_issues").fetchone()[0])

    back_up(station, tmp_path / "b.loa")
    bring_back(station, tmp_path / "b.loa", force=True)
    first = number(station)
    source = BackupSource(str(tmp_path / "b.loa"), Access(station.data_dir))
    restoring.restore(station, source, force=True, now_at=NOW + timedelta(hours=1))
    issued_meanwhile = 1_000
    assert number(station) > first + issued_meanwhile


def test_a_sealed_file_opens_with_its_key_alone(station: Config, tmp_path: Path) -> None:
    printed = recovery_key.new(station.data_dir)
    back_up(station, tmp_path / "b.loa", key=printed.key)
    assert SOUND not in (tmp_path / "b.loa").read_bytes()
    other = replace(station, data_dir=tmp_path / "second")
    with pytest.raises(LoaError, match=r"backup\.key_needed"):
        bring_back(other, tmp_path / "b.loa")
    with pytest.raises(LoaError, match=r"backup\.wrong_key"):
        bring_back(other, tmp_path / "b.loa", identity=x25519.Identity.generate())
    assert not (other.data_dir / "station.key").exists()
    bring_back(other, tmp_path / "b.loa", identity=recovery_key.typed(printed.secret.lower()))
    assert holdings(other) == holdings(station)


def test_a_backup_is_private_and_not_overwritten_by_accident(station: Config, tmp_path: Path) -> None:
    path = tmp_path / "b.loa"
    back_up(station, path)
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(Conflict, match=r"backup\.exists"):
        back_up(station, path)
    back_up(station, path, force=True)


def test_a_damaged_database_never_takes_the_place_of_a_good_backup(station: Config, tmp_path: Path) -> None:
    path = tmp_path / "b.loa"
    back_up(station, path)
    good = path.read_bytes()
    damage(station.data_dir / "loa.db")
    with pytest.raises(LoaError, match=r"backup\.database_(broken|damaged)"):
        back_up(station, path, force=True)
    assert path.read_bytes() == good
    assert [each.name for each in tmp_path.iterdir()] == ["first", "b.loa"] or len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("content", [b"", b"\x00" * 100_000, b"not a database at all" * 999])
def test_a_database_file_that_holds_none_is_named(station: Config, tmp_path: Path, content: bytes) -> None:
    (station.data_dir / "loa.db").write_bytes(content)
    with pytest.raises(LoaError, match=r"backup\.(database_broken|database_damaged|no_station)"):
        back_up(station, tmp_path / "b.loa")
    assert not (tmp_path / "b.loa").exists()


def test_a_station_in_place_is_replaced_only_by_force_and_kept_aside(station: Config, tmp_path: Path) -> None:
    back_up(station, tmp_path / "b.loa")
    with pytest.raises(Conflict, match=r"backup\.folder_in_use"):
        bring_back(station, tmp_path / "b.loa")
    (station.data_dir / "station.key").write_text("another")
    aside = bring_back(station, tmp_path / "b.loa", force=True).aside
    assert aside is not None
    assert (aside / "station.key").read_text() == "another"
    with closing(sqlite3.connect(aside / "loa.db")) as database:
        assert database.execute("SELECT number FROM agenda_issues").fetchone() == (41,)


def test_a_damaged_station_is_replaced_by_its_backup(station: Config, tmp_path: Path) -> None:
    back_up(station, tmp_path / "b.loa")
    damage(station.data_dir / "loa.db")
    bring_back(station, tmp_path / "b.loa", force=True)
    with closing(sqlite3.connect(station.data_dir / "loa.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_damaged_clip_is_said_and_the_rest_backed_up(station: Config, tmp_path: Path) -> None:
    name = f"clips/{sha256(SOUND)}.ogg"
    (station.data_dir / name).write_bytes(b"bits flipped")
    found = manual.backup(station, tmp_path / "b.loa", key=None, force=False, now_at=NOW)
    assert found.damaged == [name]


def test_files_that_are_made_anew_stay_out(station: Config, tmp_path: Path) -> None:
    found = manual.backup(station, tmp_path / "b.loa", key=None, force=False, now_at=NOW)
    assert not [name for name in found.files if name.startswith(("log/", "sentences/", "backup/work"))]
    assert {"station.key", "web-secret", "broker/station-password", "certificates/authority.key"} <= found.files.keys()


def test_who_was_shut_out_later_stays_shut_out(station: Config, tmp_path: Path) -> None:
    """A stolen card and a dismissed officer must not come back with an older copy."""
    back_up(station, tmp_path / "b.loa")
    _shut_out(station)
    restored = bring_back(station, tmp_path / "b.loa", force=True)
    assert [(each.kind, each.name) for each in restored.shut_out] == [("node", "Lủng Pảng"), ("person", "Nông Thị Hoa")]
    assert _still_let_in(station) == ("ban-cuon", False)


def test_a_later_backup_at_the_same_place_knows_who_was_shut_out(station: Config, tmp_path: Path) -> None:
    place, other = tmp_path / "stick", replace(station, data_dir=tmp_path / "second")
    place.mkdir()
    older, newer = (place / f"loa-loa-2026010{day}T000000Z-aaaaaaaa.loa" for day in (1, 2))
    back_up(station, older)
    _shut_out(station)
    back_up(station, newer)
    restored = bring_back(other, older)
    assert {each.kind for each in restored.shut_out} == {"node", "person"}
    assert _still_let_in(other) == ("ban-cuon", False)
    newer.write_bytes(b"damaged")
    assert bring_back(replace(station, data_dir=tmp_path / "third"), older).shut_out == ()


def test_a_restore_says_what_it_forgets_and_ends_every_session(station: Config, tmp_path: Path) -> None:
    database = Database(station.database_url)
    with database.session() as s:
        officer = people.find(s, "canbo")
        assert officer is not None
        s.add(LoginSession(person=officer, token_hash="h", created_at=NOW, seen_at=NOW, expires_at=NOW))
        s.add(NodeState(node_id="lung-pang", online=True, seen_at=NOW))
    back_up(station, tmp_path / "b.loa")
    with database.session() as s:
        units.add_unit(s, name="Bản Mới", kind="hamlet", parent_id="con-minh", now_at=NOW)
    database.dispose()
    restored = bring_back(station, tmp_path / "b.loa", force=True)
    assert restored.forgotten == {"units": 1}
    database = Database(station.database_url)
    with database.reading() as s:
        assert s.scalars(select(LoginSession.ended_at)).one() == NOW
        assert not s.get_one(NodeState, "lung-pang").online, "nobody has heard it yet"
        assert own_copy.read(s).restored
    database.dispose()


def _shut_out(config: Config) -> None:
    database = Database(config.database_url)
    with database.session() as s:
        s.get_one(Node, "lung-pang").revoked_at = NOW
        officer = people.find(s, "canbo")
        assert officer is not None
        officer.disabled_at = NOW
    database.dispose()


def _still_let_in(config: Config) -> tuple[str, bool]:
    """The nodes in service, and whether the officer is."""
    database = Database(config.database_url)
    with database.reading() as s:
        nodes = ",".join(s.scalars(select(Node.id).where(Node.revoked_at.is_(None)).order_by(Node.id)))
        officer = people.find(s, "canbo")
        assert officer is not None
        found = (nodes, officer.disabled_at is None)
    database.dispose()
    return found
