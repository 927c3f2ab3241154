"""The tables that are made are the tables the program means."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from broadcaster.errors import Unavailable
from broadcaster.station.database.engine import Database
from broadcaster.station.database.migrations import configuration
from broadcaster.station.schema import Base


def test_migrations_make_exactly_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    before = sorted(inspect(database.engine).get_table_names())
    database.migrate()
    assert sorted(inspect(database.engine).get_table_names()) == before


def test_a_new_database_is_its_owners_alone(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/house/loa.db")
    database.migrate()
    assert (tmp_path / "house" / "loa.db").stat().st_mode & 0o077 == 0
    database.dispose()


@pytest.mark.parametrize(("revision", "code"), [("0007", "database.too_old"), ("9999", "database.newer")])
def test_data_of_another_time_is_refused_in_one_sentence(database: Database, revision: str, code: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :there"), {"there": revision})
    with pytest.raises(Unavailable) as refused:
        database.migrate()
    assert refused.value.code == code


def test_data_at_the_baseline_goes_on(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/loa.db")
    with database.engine.begin() as connection:
        command.upgrade(configuration(connection), "0018")
        connection.execute(text("INSERT INTO changes (name, counter) VALUES ('slots', 7)"))
    database.migrate()
    with database.engine.connect() as connection:
        assert connection.scalar(text("SELECT counter FROM changes WHERE name = 'slots'")) == 7
    database.dispose()
