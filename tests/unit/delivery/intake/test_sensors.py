"""Readings from the broker are taken in, what is hostile is counted and dropped; nodes hear what came by HTTP."""

from datetime import timedelta

import pytest

from broadcaster.delivery.connection import Incoming
from broadcaster.delivery.counters import DeliveryCounters
from broadcaster.delivery.intake.intake import OTHERS, RECEIPTS, Intake
from broadcaster.protocol.codec import decode, encode
from broadcaster.protocol.gauges.readings import Reading, Readings
from broadcaster.protocol.mqtt import topics
from broadcaster.station.crossings import taking
from broadcaster.station.database.engine import Database
from broadcaster.station.gauges import gauges
from broadcaster.station.schema import Gauge, GaugeReading
from tests.rig.alerts.gauges import AT, gauge
from tests.rig.commune import Commune

pytestmark = pytest.mark.integration
STATION = "con-minh"


class SensorBench:
    """An intake that only gauges speak to."""

    def __init__(self, database: Database) -> None:
        self.database, self.published, self.tally = database, [], DeliveryCounters()
        self.intake = Intake(
            database,
            station=STATION,
            publish=lambda *message: self.published.append(message),  # type: ignore[func-returns-value]
            wish=lambda _wants: None,
            tally=self.tally,
            clock=lambda: AT,
        )

    def hear(self, sender: str, payload: bytes) -> None:
        self.intake.hear(Incoming(topics.sensor(STATION, sender), payload, retained=False))
        self.intake.sensors.store()

    def stored(self) -> list[tuple[str, float]]:
        with self.database.reading() as s:
            rows = s.query(GaugeReading).order_by(GaugeReading.gauge_id, GaugeReading.at)
            return [(each.gauge_id, each.value) for each in rows]


@pytest.fixture
def bench(database: Database) -> SensorBench:
    return SensorBench(database)


def said(measured: Gauge, *values: float) -> bytes:
    some = tuple(Reading(at=AT - timedelta(minutes=number), value=value) for number, value in enumerate(values))
    return encode(Readings(gauge=measured.id, readings=some))


def test_a_gauge_and_a_node_say_what_is_theirs_and_it_is_kept_once(
    bench: SensorBench, database: Database, commune: Commune
) -> None:
    own, read = gauge(database, commune, "A"), gauge(database, commune, "B", node_id=commune.strong.id)
    for _ in range(2):
        bench.hear(own.id, said(own, 1.0))
        bench.hear(commune.strong.id, said(read, 2.0))
    assert bench.stored() == [(own.id, 1.0), (read.id, 2.0)]


def test_what_is_hostile_is_counted_and_dropped(bench: SensorBench, database: Database, commune: Commune) -> None:
    own, read = gauge(database, commune, "A"), gauge(database, commune, "B", node_id=commune.strong.id)
    sound = said(own, 1.0)
    for sender, payload in (
        (own.id, b"\xff" * 100),
        (own.id, sound.replace(b"1.0", b"NaN")),
        (own.id, sound.replace(b"1.0", b"1e999")),
        (own.id, b" " * 70_000),
        (own.id, b"[" * 10_000),
        (own.id, said(own, 99.0)),
        (own.id, said(read, 1.0)),
        (commune.strong.id, sound),
        (commune.weak.id, said(read, 1.0)),
        ("khac_1", sound),
        ("khac", sound.replace(own.id.encode(), b"khac_1")),
    ):
        before = sum(bench.tally.read().values())
        bench.hear(sender, payload)
        assert sum(bench.tally.read().values()) > before, payload[:60]
    assert bench.stored() == []
    bench.hear(own.id, said(own, 1.0, 99.0, 1.2))
    assert bench.stored() == [(own.id, 1.2), (own.id, 1.0)]


def test_the_station_hears_gauges_beside_what_nodes_say(bench: SensorBench) -> None:
    assert f"loa/1/{STATION}/sensors/+" in bench.intake.filters(OTHERS)
    assert not any("sensors" in each for each in bench.intake.filters(RECEIPTS))


def test_what_came_by_http_is_said_to_the_nodes_once(bench: SensorBench, database: Database, commune: Commune) -> None:
    own = gauge(database, commune)
    bench.hear(own.id, said(own, 1.0))
    with database.session() as s:
        some = [Reading(at=AT - timedelta(seconds=number), value=2.0) for number in (5, 4)]
        taking.take(s, gauges.get(s, own.id), some, now_at=AT, by_http=True)
    bench.intake.sensors.say()
    bench.intake.sensors.say()
    [(topic, payload, qos)] = bench.published
    assert (topic, qos) == (topics.sensor(STATION, own.id), 1)
    assert [each.value for each in decode(Readings, payload).readings] == [2.0, 2.0]
