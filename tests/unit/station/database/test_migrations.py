"""The tables that are made are the tables the program means."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from broadcaster.errors import Unavailable
from broadcaster.station.audit import entries as audit
from broadcaster.station.database import migrations
from broadcaster.station.database.engine import Database
from broadcaster.station.database.migrations import configuration, newest_revision
from broadcaster.station.schema import Base
from tests.rig.commune import NOW


def test_migrations_make_exactly_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_newest_migration_is_known_without_alembic() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("recursive_version_locations", "true")
    assert ScriptDirectory.from_config(config).get_heads() == [newest_revision()]


def test_migrating_again_changes_nothing(database: Database) -> None:
    before = sorted(inspect(database.engine).get_table_names())
    database.migrate()
    assert sorted(inspect(database.engine).get_table_names()) == before


@pytest.mark.long
def test_a_new_database_is_its_owners_alone(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/house/loa.db")
    database.migrate()
    assert (tmp_path / "house" / "loa.db").stat().st_mode & 0o077 == 0
    database.dispose()


@pytest.mark.parametrize(("revision", "code"), [("0007", "database.too_old"), ("9999", "database.newer")])
def test_data_of_another_time_is_refused_in_one_sentence(database: Database, revision: str, code: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :there"), {"there": revision})
    try:
        with pytest.raises(Unavailable) as refused:
            database.migrate()
    finally:  # it is no table of the models, so nobody brings it back for the next test
        with database.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :there"), {"there": newest_revision()})
    assert refused.value.code == code


@pytest.mark.long
def test_data_at_the_baseline_goes_on(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/loa.db")
    with database.engine.begin() as connection:
        command.upgrade(configuration(connection), "0018")
        connection.execute(text("INSERT INTO changes (name, counter) VALUES ('slots', 7)"))
    database.migrate()
    with database.engine.connect() as connection:
        assert connection.scalar(text("SELECT counter FROM changes WHERE name = 'slots'")) == 7
    database.dispose()


@pytest.mark.long
def test_a_trail_without_a_key_is_sealed_and_what_did_not_fit_is_named(tmp_path: Path) -> None:
    key = b"k" * 32
    database = Database(f"sqlite:///{tmp_path}/loa.db", audit_key=key)
    with database.engine.begin() as connection:
        command.upgrade(configuration(connection), "0021")
        for number, previous, digest in _trail_of_before():
            values = {"number": number, "previous": previous, "hash": digest}
            connection.execute(text(_INSERT), values)
    database.migrate()
    with database.reading() as s:
        assert [(each.number, each.reason.code) for each in audit.verify(s)] == [(3, "audit.broken_before_sealing")]
    with database.session() as s:
        audit.record(s, by=None, action="một", subject="thử", now_at=NOW)
    with database.reading() as s:
        assert [each.number for each in audit.verify(s)] == [3]
    database.dispose()
    other = Database(f"sqlite:///{tmp_path}/loa.db", audit_key=b"x" * 32)
    with other.reading() as s:
        assert audit.verify(s)[0].number == 1
    other.dispose()


_INSERT = (
    "INSERT INTO audit_entries (number, at, person_name, action, subject, details, previous_hash, hash) VALUES"
    " (:number, '2026-11-02 03:04:05.000006', 'Ai', 'node.added', 'node:x', '{\"số\": 1}', :previous, :hash)"
)


def _trail_of_before() -> Iterator[tuple[int, str, str]]:
    """Three entries as version 0.1 chained them; somebody changed the third."""
    previous = "0" * 64
    for number in (1, 2, 3):
        who = "Ai" if number < 3 else "Khác"
        content = [number, previous, "2026-11-02T03:04:05.000006+00:00", None, who, "node.added", "node:x", {"số": 1}]
        plain = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        digest = hashlib.sha256(plain.encode()).hexdigest()
        yield number, previous, digest
        previous = digest
