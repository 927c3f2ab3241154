"""Key, clips and database of a cell are one: what does not belong is refused in one sentence, before it does harm."""

from datetime import timedelta
from pathlib import Path

import pytest

from broadcaster.config import Config, DatabaseSettings
from broadcaster.errors import Invalid, Unavailable
from broadcaster.refusals.sentences import terminal_line
from broadcaster.station.audit import entries as audit
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes.station_key import FILE, StationIdentity
from broadcaster.station.rows import processes
from broadcaster.station.rows.processes import Sign
from broadcaster.station.upkeep import cell_folder
from broadcaster.station.upkeep.opening import open_current
from tests.rig.commune import NOW
from tests.rig.databases import PreparedDatabase


def config_on(prepared: PreparedDatabase, folder: Path) -> Config:
    return Config(data_dir=folder, database=DatabaseSettings(url=prepared.url()))


def start(config: Config) -> None:
    open_current(config).dispose()


def test_a_second_folder_with_a_key_of_its_own_is_refused(prepared: PreparedDatabase, tmp_path: Path) -> None:
    start(config_on(prepared, tmp_path / "first"))
    start(config_on(prepared, tmp_path / "first"))
    StationIdentity.load_or_create(tmp_path / "second", "loa")
    with pytest.raises(Invalid) as refused:
        start(config_on(prepared, tmp_path / "second"))
    assert refused.value.code == "identity.foreign"
    assert "loa station accept-key" in terminal_line(refused.value)


def test_a_folder_without_a_key_is_refused_and_none_is_made(prepared: PreparedDatabase, tmp_path: Path) -> None:
    start(config_on(prepared, tmp_path / "first"))
    with pytest.raises(Invalid, match=r"identity\.missing"):
        start(config_on(prepared, tmp_path / "second"))
    assert not (tmp_path / "second" / FILE).exists()


def test_who_has_lost_the_key_for_good_accepts_another_and_the_trail_says_so(
    prepared: PreparedDatabase, tmp_path: Path
) -> None:
    start(config_on(prepared, tmp_path / "first"))
    other = StationIdentity.load_or_create(tmp_path / "second", "loa")
    with prepared.database.session() as s:
        cell_folder.accept_key(s, other, now_at=NOW)
    start(config_on(prepared, tmp_path / "second"))
    with pytest.raises(Invalid, match=r"identity\.foreign"):
        start(config_on(prepared, tmp_path / "first"))
    with prepared.database.reading() as s:
        assert (
            s.query(audit.AuditEntry).order_by(audit.AuditEntry.number.desc()).first().action == "station.key_replaced"
        )


@pytest.mark.integration
def test_clips_that_the_processes_at_work_do_not_share_are_refused(postgresql: Database, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    cell_folder.settle_clips(postgresql, first, now_at=NOW)
    with postgresql.session() as s:
        processes.give(s, Sign("a" * 16, NOW, {"host": "may-mot", "pid": 7}))
    cell_folder.settle_clips(postgresql, first, now_at=NOW)
    with pytest.raises(Unavailable, match=r"clips\.not_shared") as refused:
        cell_folder.settle_clips(postgresql, second, now_at=NOW + timedelta(seconds=5))
    assert "may-mot:7" in terminal_line(refused.value)
    cell_folder.settle_clips(postgresql, second, now_at=NOW + timedelta(hours=1))  # nobody else is at work any more
    with postgresql.session() as s:
        processes.give(s, Sign("b" * 16, NOW + timedelta(hours=1), {"host": "may-hai", "pid": 8}))
    with pytest.raises(Unavailable, match=r"clips\.not_shared"):
        cell_folder.settle_clips(postgresql, first, now_at=NOW + timedelta(hours=1))


@pytest.fixture
def postgresql(prepared_postgresql: PreparedDatabase) -> Database:
    prepared_postgresql.memory.begin()
    prepared_postgresql.url()
    return prepared_postgresql.database
