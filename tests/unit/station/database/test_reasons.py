"""Reasons in rows: as codes, and those that were written as sentences before."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from broadcaster.refusals.reasons import Reason
from broadcaster.station.database.engine import Database
from broadcaster.station.database.migrations import configuration
from broadcaster.station.schema import Clip, Matter

BEFORE = "0019"
"""The schema in which reasons were finished sentences."""


@pytest.fixture
def old(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path}/loa.db")
    with database.engine.connect() as connection, connection.begin():
        command.upgrade(configuration(connection), BEFORE)
    return database


def clip(database: Database, fallback: str | None) -> Reason | None:
    """What the station reads of a clip that was written with this sentence."""
    columns = "sha256, plan_hash, size_bytes, duration_ms, engine, fallback_reason, loudness_lufs, created_at"
    insert = text(f"INSERT INTO clips ({columns}) VALUES ('c', 'p', 1, 1, 'espeak', :why, -16, '2026-11-21')")
    with database.engine.begin() as connection:
        connection.execute(insert, {"why": fallback})
    database.migrate()
    with database.reading() as s:
        return s.get_one(Clip, "c").fallback_reason


@pytest.mark.long
def test_a_sentence_whose_code_is_known_becomes_the_code(old: Database) -> None:
    assert clip(old, "Cụm loa không báo đã phát trước khi hết hạn.") == Reason("delivery.silent")


@pytest.mark.long
def test_another_sentence_stays_as_it_was_written(old: Database) -> None:
    assert clip(old, "Mất mạng.") == Reason("reason.as_written", words="Mất mạng.")


@pytest.mark.long
def test_no_reason_stays_none(old: Database) -> None:
    assert clip(old, None) is None


@pytest.mark.long
def test_the_sentences_of_a_matter_become_codes(old: Database) -> None:
    insert = text(
        "INSERT INTO matters (id, kind, subject, details, began_at, times, note)"
        " VALUES ('m', 'pole_trouble', 'node:n', :details, '2026-11-21', 1, '')"
    )
    with old.engine.begin() as connection:
        connection.execute(insert, {"details": '{"name": "N", "reasons": ["Thẻ nhớ sắp đầy."]}'})
    old.migrate()
    with old.reading() as s:
        assert s.get_one(Matter, "m").details["reasons"] == ['{"code":"node.card_almost_full","facts":{}}']


def test_a_reason_with_facts_survives_its_row(database: Database) -> None:
    why = Reason("speech.passed_over", why=[Reason("piper.missing"), Reason("online_voice.refusing", status=429)])
    row = Clip(
        sha256="c" * 64, plan_hash="p", size_bytes=1, duration_ms=1, engine="espeak", fallback_reason=why,
        loudness_lufs=-16, created_at=datetime(2026, 11, 21, tzinfo=UTC),
    )  # fmt: skip
    with database.session() as s:
        s.add(row)
    with database.reading() as s:
        assert s.get_one(Clip, "c" * 64).fallback_reason == why
