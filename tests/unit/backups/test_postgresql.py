"""The same for a station whose database is PostgreSQL's, through its own tools."""

from dataclasses import replace
from pathlib import Path

import pytest

from broadcaster.backups import manual, restoring
from broadcaster.backups.files import databases
from broadcaster.backups.limits import BackupLimits
from broadcaster.backups.places.place import Access
from broadcaster.backups.restoring import BackupSource, Restored
from broadcaster.config import Config, DatabaseSettings
from broadcaster.errors import Conflict, LoaError
from broadcaster.station.database.copies.facts import NUMBERS_SKIPPED
from broadcaster.station.database.engine import Database
from broadcaster.station.people import people
from broadcaster.station.schema import AgendaIssue
from tests.rig import commune
from tests.rig.commune import NOW
from tests.rig.postgres import Cluster
from tests.unit.backups.conftest import furnish, holdings

pytestmark = pytest.mark.integration


@pytest.fixture
def station(tmp_path: Path, cluster: Cluster) -> Config:
    config = Config(data_dir=tmp_path / "first", database=DatabaseSettings(url=cluster.create()))
    config.data_dir.mkdir()
    database = Database(config.database_url)
    database.migrate()
    commune.settle(database)
    with database.session() as s:
        s.add(AgendaIssue(node_id="lung-pang", number=41, digest="d", token=b"t", issued_at=NOW, expires_at=NOW))
    database.dispose()
    furnish(config)
    return config


def bring_back(config: Config, path: Path, *, force: bool = False) -> Restored:
    return restoring.restore(config, BackupSource(str(path), Access(config.data_dir)), force=force, now_at=NOW)


def test_a_dump_is_restored_into_another_server_and_over_the_same(
    station: Config, cluster: Cluster, tmp_path: Path
) -> None:
    made = manual.backup(station, tmp_path / "b.loa", key=None, force=False, now_at=NOW)
    assert (made.kind, made.counts["people"], made.counts["nodes"]) == ("postgresql", 5, 2)
    other = replace(station, data_dir=tmp_path / "second", database=DatabaseSettings(url=cluster.create()))
    for force in (False, True):
        restored = bring_back(other, tmp_path / "b.loa", force=force)
        database = Database(other.database_url)
        database.migrate()
        with database.reading() as s:
            assert people.find(s, "canbo") is not None
            assert s.get_one(AgendaIssue, "lung-pang").number > 41 + NUMBERS_SKIPPED
            assert s.get_one(AgendaIssue, "ban-cuon").number > 41 + NUMBERS_SKIPPED
        database.dispose()
        assert holdings(other) == holdings(station)
    assert restored.aside is not None
    assert databases.facts(restored.aside / "loa.pgdump").counts["people"] == 5
    with pytest.raises(Conflict, match=r"backup\.folder_in_use"):
        bring_back(other, tmp_path / "b.loa")


def test_a_cut_dump_is_found(station: Config, tmp_path: Path) -> None:
    folder = tmp_path / "dumps"
    folder.mkdir()
    path = databases.copy(station, folder, BackupLimits())
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    with pytest.raises(LoaError, match=r"backup\.database_broken"):
        databases.facts(path)


def test_a_server_that_is_gone_is_one_sentence(station: Config, tmp_path: Path) -> None:
    gone = replace(station, database=DatabaseSettings(url="postgresql+psycopg://nobody@127.0.0.1:1/none"))
    with pytest.raises(LoaError, match=r"database\.no_answer"):
        manual.backup(gone, tmp_path / "b.loa", key=None, force=False, now_at=NOW)
    with pytest.raises(LoaError, match=r"database\.no_answer"):
        bring_back(gone, tmp_path / "b.loa")


def test_a_backup_of_the_other_database_is_refused(station: Config, tmp_path: Path) -> None:
    manual.backup(station, tmp_path / "b.loa", key=None, force=False, now_at=NOW)
    other = Config(data_dir=tmp_path / "second")
    with pytest.raises(LoaError, match=r"backup\.other_database"):
        bring_back(other, tmp_path / "b.loa")
