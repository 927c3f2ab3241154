"""The doctor finds what is broken and says how to mend it."""

from datetime import timedelta
from pathlib import Path

import pytest

from broadcaster.config import Config
from broadcaster.refusals.sentences import sentence
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.rows import heartbeats
from broadcaster.station.upkeep.examination import ExaminedStation, Grade, examine
from tests.rig.commune import NOW, Commune, approved

pytestmark = pytest.mark.integration


@pytest.fixture
def patient(database: Database, commune: Commune, tmp_path: Path) -> ExaminedStation:
    config = Config(data_dir=tmp_path)
    StationIdentity.load_or_create(tmp_path, "loa")
    with database.session() as s:
        for name in ("station", "publisher", "renderer"):
            heartbeats.beat(s, name, NOW)
    return ExaminedStation(config, database, NOW)


def sentences(patient: ExaminedStation, grade: Grade) -> str:
    return " ".join(sentence(finding.reason) for finding in examine(patient) if finding.grade is grade)


def test_a_sound_station_has_nothing_broken(patient: ExaminedStation) -> None:
    assert sentences(patient, Grade.BAD) == ""


def test_a_clock_nobody_vouches_for_is_broken_and_said_first(patient: ExaminedStation, database: Database) -> None:
    with database.session() as s:
        heartbeats.beat(s, "publisher", NOW, {"hindrances": ["clock_unvouched"]})
    first = examine(patient)[0]
    assert first.grade is Grade.BAD
    assert "Đồng hồ máy của đài không đáng tin" in sentence(first.reason)


def test_a_clip_that_is_gone_is_found(patient: ExaminedStation, database: Database, commune: Commune) -> None:
    approved(database, commune)
    assert "bị mất hoặc hỏng" in sentences(patient, Grade.BAD)


def test_a_key_others_can_read_is_found(patient: ExaminedStation) -> None:
    (patient.config.data_dir / "station.key").chmod(0o644)
    assert "chmod 600" in sentences(patient, Grade.BAD)


def test_a_part_that_fell_silent_is_found(patient: ExaminedStation) -> None:
    later = ExaminedStation(patient.config, patient.database, NOW + timedelta(minutes=2))
    assert "bộ phận tạo tệp phát" in sentences(later, Grade.LOOK)


def test_a_clock_in_1970_is_found(patient: ExaminedStation) -> None:
    assert "1970" in sentences(ExaminedStation(patient.config, patient.database, NOW.replace(year=1970)), Grade.BAD)
