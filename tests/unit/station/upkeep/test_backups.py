"""A whole station in one file, and back."""

import shutil
import tarfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from broadcaster.config import Config, DatabaseSettings
from broadcaster.errors import Conflict, Invalid
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.people import people
from broadcaster.station.schema import AgendaIssue, Node
from broadcaster.station.units import units
from broadcaster.station.upkeep import backups
from tests.rig import commune
from tests.rig.commune import NOW

pytestmark = pytest.mark.integration
RECORDING = f"recordings/{'a' * 64}"


@pytest.fixture
def station(tmp_path: Path, bare: Path) -> Config:
    """A station with a commune, a key, a clip, and an agenda issued under number 41."""
    config = Config(data_dir=tmp_path / "first")
    config.data_dir.mkdir()
    shutil.copy(bare, config.data_dir / "loa.db")
    database = Database(config.database_url)
    commune.settle(database)
    with database.session() as s:
        node = s.get_one(Node, "lung-pang")
        s.add(AgendaIssue(node_id=node.id, number=41, digest="d", token=b"t", issued_at=NOW, expires_at=NOW))
    database.dispose()
    StationIdentity.load_or_create(config.data_dir, "loa")
    config.clips_dir.mkdir()
    (config.clips_dir / "abc.ogg").write_bytes(b"sound")
    (config.clips_dir / RECORDING).parent.mkdir()
    (config.clips_dir / RECORDING).write_bytes(b"voice")
    return config


def test_what_was_backed_up_is_restored_elsewhere(station: Config, tmp_path: Path) -> None:
    other = replace(station, data_dir=tmp_path / "second")
    assert backups.backup(station, tmp_path / "b.loa", force=False) == 1
    assert backups.restore(other, tmp_path / "b.loa", force=False, now_at=NOW) is None
    database = Database(other.database_url)
    with database.reading() as s:
        assert [unit.id for unit in units.tree(s)] == ["con-minh", "ban-cuon", "lung-pang"]
        assert people.find(s, "canbo") is not None
    database.dispose()
    assert (other.clips_dir / "abc.ogg").read_bytes() == b"sound"
    assert (other.clips_dir / RECORDING).read_bytes() == b"voice"
    first, second = (StationIdentity.load_or_create(each.data_dir, "loa") for each in (station, other))
    assert first == second


def test_after_a_restore_no_agenda_number_is_used_again(station: Config, tmp_path: Path) -> None:
    other = replace(station, data_dir=tmp_path / "second")
    backups.backup(station, tmp_path / "b.loa", force=False)
    backups.restore(other, tmp_path / "b.loa", force=False, now_at=NOW)
    database = Database(other.database_url)
    with database.reading() as s:
        issue = s.get_one(AgendaIssue, "lung-pang")
        assert issue.number == 41 + backups.NUMBERS_SKIPPED
    database.dispose()


def test_a_backup_is_private_and_not_overwritten_by_accident(station: Config, tmp_path: Path) -> None:
    path = tmp_path / "b.loa"
    backups.backup(station, path, force=False)
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(Conflict, match=r"backup\.exists"):
        backups.backup(station, path, force=False)
    backups.backup(station, path, force=True)


def test_a_station_in_place_is_replaced_only_by_force_and_kept_aside(station: Config, tmp_path: Path) -> None:
    backups.backup(station, tmp_path / "b.loa", force=False)
    with pytest.raises(Conflict, match=r"backup\.folder_in_use"):
        backups.restore(station, tmp_path / "b.loa", force=False, now_at=NOW)
    aside = backups.restore(station, tmp_path / "b.loa", force=True, now_at=NOW)
    assert aside is not None
    assert aside.exists()


def test_a_broken_backup_changes_nothing(station: Config, tmp_path: Path) -> None:
    path = tmp_path / "b.loa"
    backups.backup(station, path, force=False)
    before = (station.data_dir / "loa.db").read_bytes()
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
    with pytest.raises(Invalid):
        backups.restore(station, path, force=True, now_at=NOW)
    assert (station.data_dir / "loa.db").read_bytes() == before


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "clips/../../evil.ogg", "broker/passwords"])
def test_nothing_unexpected_comes_out_of_a_backup(station: Config, tmp_path: Path, name: str) -> None:
    path = tmp_path / "evil.loa"
    with tarfile.open(path, "w") as archive:
        member = tarfile.TarInfo(name)
        member.size = 1
        archive.addfile(member, BytesIO(b"x"))
    with pytest.raises(Invalid, match="unexpected name"):
        backups.restore(station, path, force=True, now_at=NOW)
    assert not list(tmp_path.rglob("evil"))


def test_postgresql_is_backed_up_by_its_own_tool(station: Config, tmp_path: Path) -> None:
    config = replace(station, database=DatabaseSettings(url="postgresql+psycopg://x@y/z"))
    with pytest.raises(Invalid, match=r"backup\.data_in_postgresql"):
        backups.backup(config, tmp_path / "b.loa", force=False)
