"""Readings come in: what is kept, what is refused and why, and what is forgotten."""

from datetime import timedelta

import pytest

from broadcaster.errors import LoaError
from broadcaster.protocol.gauges.readings import Reading
from broadcaster.station.crossings import taking
from broadcaster.station.database.engine import Database
from broadcaster.station.gauges import gauges, readings
from broadcaster.station.schema import Gauge, GaugeReading
from tests.rig.alerts.gauges import AT, gauge, say
from tests.rig.commune import Commune

pytestmark = pytest.mark.integration


def take(database: Database, measured: Gauge, *said: Reading, whole: bool = True) -> readings.TakenReadings:
    with database.session() as s:
        return readings.take(s, gauges.get(s, measured.id), said, now_at=AT, whole=whole)


def stored(database: Database) -> list[float]:
    with database.reading() as s:
        return [each.value for each in s.query(GaugeReading).order_by(GaugeReading.at)]


def test_the_same_readings_again_change_nothing(database: Database, commune: Commune) -> None:
    measured = gauge(database, commune)
    both = (Reading(at=AT - timedelta(minutes=1), value=1.5), Reading(at=AT, value=2.0))
    assert len(take(database, measured, *reversed(both)).fresh) == 2
    assert take(database, measured, *both).fresh == ()
    assert stored(database) == [1.5, 2.0]
    with database.reading() as s:
        current = gauges.get(s, measured.id)
        assert (current.last_at, current.last_value, current.heard_at) == (AT, 2.0, AT)


@pytest.mark.parametrize(
    ("reading", "code"),
    [
        (Reading(at=AT + timedelta(minutes=3), value=1.0), "reading.from_future"),
        (Reading(at=AT - timedelta(days=8), value=1.0), "reading.too_old"),
        (Reading(at=AT, value=20.5), "reading.out_of_range"),
        (Reading(at=AT, value=-1.0), "reading.out_of_range"),
        (Reading(at=AT - timedelta(minutes=1), value=9.0), "reading.differs"),
    ],
)
def test_what_no_sound_gauge_says_is_refused_with_its_reason(
    database: Database, commune: Commune, reading: Reading, code: str
) -> None:
    measured = gauge(database, commune)
    first = Reading(at=AT - timedelta(minutes=1), value=1.0)
    take(database, measured, first)
    with pytest.raises(LoaError, match=code.replace(".", r"\.")):
        take(database, measured, Reading(at=AT - timedelta(seconds=5), value=1.2), reading)
    assert stored(database) == [1.0]
    taken = take(database, measured, Reading(at=AT - timedelta(seconds=5), value=1.2), reading, whole=False)
    assert ([each.code for each in taken.refused], stored(database)) == ([code], [1.0, 1.2])


def test_a_flood_is_refused_and_none_of_it_kept(
    database: Database, commune: Commune, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readings, "MOST_AN_HOUR", 3)
    measured = gauge(database, commune)
    said = [Reading(at=AT - timedelta(seconds=number), value=1.0) for number in range(4)]
    with pytest.raises(LoaError, match=r"reading\.flood"):
        take(database, measured, *said)
    assert stored(database) == []
    take(database, measured, *said[:3])
    take(database, measured, *said[:3])
    assert len(stored(database)) == 3


def test_a_gauge_out_of_service_says_nothing_and_nobody_says_it_for_another(
    database: Database, commune: Commune
) -> None:
    measured, other = gauge(database, commune), gauge(database, commune, "Cầu treo", node_id=commune.strong.id)
    said = [Reading(at=AT, value=1.0)]
    for sender, named, code in (
        (measured.id, other.id, r"reading\.of_another"),
        (commune.weak.id, other.id, r"reading\.of_another"),
        (commune.strong.id, "khac_1", r"gauge\.not_found"),
    ):
        with database.session() as s, pytest.raises(LoaError, match=code):
            taking.take_of_sender(s, sender, named, said, now_at=AT)
    with database.session() as s:
        assert len(taking.take_of_sender(s, commune.strong.id, other.id, said, now_at=AT).fresh) == 1
        gauges.close(s, gauge=gauges.get(s, measured.id), by=commune.administrator, now_at=AT)
    with pytest.raises(LoaError, match=r"gauge\.closed"):
        take(database, measured, *said)


def test_a_silent_gauge_is_known_and_old_readings_are_forgotten(database: Database, commune: Commune) -> None:
    measured = gauge(database, commune, silent_minutes=30)
    say(database, measured, [1.0, 1.1])
    with database.session() as s:
        assert gauges.silent(s, now_at=AT + timedelta(minutes=31)) == []
        assert [each.id for each in gauges.silent(s, now_at=AT + timedelta(minutes=32))] == [measured.id]
        readings.forget(s, now_at=AT + timedelta(days=89))
        assert len(stored(database)) == 2
    with database.session() as s:
        readings.forget(s, now_at=AT + timedelta(days=91))
    assert stored(database) == []
