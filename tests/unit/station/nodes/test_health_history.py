"""What is kept of the nodes' health."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from broadcaster.protocol.status import NodeHealth, NodeStatus
from broadcaster.protocol.values import ClockState
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import health_history, nodes
from broadcaster.station.nodes.health_history import Sample
from broadcaster.station.schema import Node
from tests.rig.commune import NOW, Commune

pytestmark = pytest.mark.integration
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def say(database: Database, at: datetime, *, online: bool = True, connection: int = 1, **health: object) -> None:
    body = NodeHealth(**health)  # type: ignore[arg-type]
    status = NodeStatus(
        node="lung-pang", connection=connection, online=online, at=at, clock=ClockState.SYNCED, health=body
    )
    with database.session() as s:
        nodes.record_status(s, status=status, now_at=at)


def stored(database: Database) -> list[Sample]:
    with database.reading() as s:
        return health_history.since(s, node=s.get_one(Node, "lung-pang"), from_at=NOW - timedelta(days=365))


def test_a_node_that_speaks_every_two_minutes_leaves_a_sample_in_ten(database: Database, commune: Commune) -> None:
    for minute in range(0, 60, 2):
        say(database, NOW + timedelta(minutes=minute), temperature_celsius=40.0 + minute)
    assert [sample.temperature_celsius for sample in stored(database)] == [40, 50, 60, 70, 80, 90]


def test_going_and_coming_is_kept_at_once_but_not_every_second(database: Database, commune: Commune) -> None:
    for second in range(0, 300, 10):
        say(database, NOW + timedelta(seconds=second), online=second % 20 == 0)
    assert 4 <= len(stored(database)) <= 6
    assert {sample.online for sample in stored(database)} == {True, False}


def test_a_silence_is_not_taken_for_presence(database: Database, commune: Commune) -> None:
    for minute in (0, 10, 20, 120, 130):
        say(database, NOW + timedelta(minutes=minute))
    there = health_history.presence(stored(database), until_at=NOW + timedelta(minutes=131))
    lengths = [(begin - NOW, end - NOW) for begin, end in there]
    minutes = [(begin.seconds // 60, end.seconds // 60) for begin, end in lengths]
    assert minutes == [(0, 45), (120, 131)]


def test_a_day_tells_its_extremes_and_what_the_link_carried(database: Database, commune: Commune) -> None:
    body = [(41.0, 70, 1_000_000), (63.5, 30, 4_000_000), (50.0, 55, 500_000)]  # the month began anew
    for index, (celsius, signal, brought) in enumerate(body):
        at = NOW + timedelta(minutes=10 * index)
        say(database, at, temperature_celsius=celsius, signal_percent=signal, bytes_this_month=brought)
    now_at = NOW + timedelta(minutes=20)
    midnight = NOW - timedelta(hours=10)
    (day,) = health_history.days(stored(database), from_at=midnight, now_at=now_at, zone=HANOI)
    assert (day.hottest_celsius, day.weakest_signal_percent, day.used_bytes) == (63.5, 30, 3_500_000)
    assert day.online_percent == 3  # twenty minutes of ten hours


def test_a_quarter_is_kept_and_no_more(database: Database, commune: Commune) -> None:
    say(database, NOW)
    say(database, NOW + timedelta(days=60))
    with database.session() as s:
        health_history.forget(s, now_at=NOW + timedelta(days=91))
    assert [sample.at for sample in stored(database)] == [NOW + timedelta(days=60)]
