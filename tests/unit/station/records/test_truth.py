"""What sounded is in the book, what did not is not; who was never there is nobody's failure."""

from datetime import timedelta

import pytest

from broadcaster.protocol.values import DeliveryState
from broadcaster.station.announcements import announcements
from broadcaster.station.broadcasts import broadcasts, lists, receipts, repetitions
from broadcaster.station.database.engine import Database
from broadcaster.station.emergencies import orders, stories
from broadcaster.station.emergencies.guards import EmergencyRequest
from broadcaster.station.records import log, reports
from broadcaster.station.records.log import LogFilter
from broadcaster.station.records.reports import Month
from broadcaster.station.schema import Broadcast, EmergencyOrder
from broadcaster.station.vocabulary.states import BroadcastState
from tests.rig.commune import CLIP_MS, NOW, Commune, approved, fact

pytestmark = pytest.mark.integration
HOUR = timedelta(hours=1)
SOON = NOW + timedelta(seconds=9)


def month(database: Database) -> Month:
    with database.reading() as s:
        return reports.month(s, from_at=NOW - HOUR, until_at=NOW + 3 * HOUR)


def in_log(database: Database, state: BroadcastState | None = None) -> list[Broadcast]:
    with database.reading() as s:
        return list(log.page(s, LogFilter(state=state), number=1, size=100).items)


def aired(database: Database, commune: Commune) -> Broadcast:
    announcement = approved(database, commune)
    with database.session() as s:
        return broadcasts.broadcast_now(s, announcement=announcement, by=commune.officer, now_at=NOW)


def alarm(database: Database, commune: Commune) -> EmergencyOrder:
    """Every two minutes for two hours."""
    text = approved(database, commune, broadcast_class="emergency", title="Cảnh báo bão")
    with database.session() as s:
        current = announcements.get(s, text.id)
        heard = current.content_hash or ""
        wanted = EmergencyRequest(announcement=current, drill=False, heard=heard, every_minutes=2, for_minutes=120)
        order = orders.ask(s, wanted, by=commune.officer, now_at=NOW)
        return orders.confirm(s, order=order, drill=False, heard=heard, by=commune.approver, now_at=NOW)


def state(database: Database, node: str, stated: DeliveryState, made: Broadcast, played_ms: int = 0) -> None:
    with database.session() as s:
        stated_fact = fact(made, stated, 5 + played_ms, at=SOON, played_ms=played_ms)
        receipts.store(s, node_id=node, receipts=[stated_fact], now_at=SOON)


def test_what_was_stopped_in_the_middle_is_in_the_book_with_its_seconds(database: Database, commune: Commune) -> None:
    made = aired(database, commune)
    state(database, "ban-cuon", DeliveryState.PLAYING, made)
    with database.session() as s:
        broadcasts.cancel(s, broadcast=broadcasts.get(s, made.id), by=commune.officer, now_at=SOON)
    state(database, "ban-cuon", DeliveryState.INTERRUPTED, made, played_ms=7_000)
    found = month(database)
    assert [(entry.broadcast.id, entry.length_ms) for entry in found.entries] == [(made.id, 7_000)]
    assert [line.sounded_ms for line in found.nodes] == [7_000, 0]
    assert found.classes[0].length_ms == 7_000
    assert [each.id for each in in_log(database)] == [made.id]


def test_rounds_of_an_alarm_that_never_happened_are_one_line(database: Database, commune: Commune) -> None:
    order = alarm(database, commune)
    with database.reading() as s:
        first, second, *rest = stories.story(s, s.get_one(EmergencyOrder, order.id)).rounds
    state(database, "ban-cuon", DeliveryState.PLAYED, first, played_ms=CLIP_MS)
    state(database, "ban-cuon", DeliveryState.INTERRUPTED, second, played_ms=3_000)
    with database.session() as s:
        stories.end(s, order=s.get_one(EmergencyOrder, order.id), by=commune.officer, now_at=NOW + 5 * HOUR / 60)
    assert {each.id for each in in_log(database)} == {first.id, second.id}
    with database.reading() as s:
        assert repetitions.unheard_counts(s, [first.id]) == {first.id: len(rest)}
        announcement = announcements.get(s, order.announcement_id)
        assert len(lists.of_announcement(s, announcement, most=100)) == 2
    found = month(database)
    assert {entry.broadcast.id for entry in found.entries} == {first.id, second.id}
    assert found.nodes[0].sounded_ms == CLIP_MS + 3_000


def test_whoever_asks_for_what_was_called_off_finds_every_round(database: Database, commune: Commune) -> None:
    order = alarm(database, commune)
    with database.session() as s:
        stories.end(s, order=s.get_one(EmergencyOrder, order.id), by=commune.officer, now_at=NOW)
    assert len(in_log(database, BroadcastState.CANCELLED)) == 60


def test_a_node_that_was_never_installed_counts_in_no_rate(database: Database, commune: Commune) -> None:
    made = aired(database, commune)
    state(database, "ban-cuon", DeliveryState.PLAYED, made, played_ms=CLIP_MS)
    found = month(database)
    assert [(line.node.id, line.installed) for line in found.nodes] == [("ban-cuon", True), ("lung-pang", False)]
    assert (found.played, found.asked) == (1, 1)


def test_nothing_is_on_air_once_nothing_sounds(database: Database, commune: Commune) -> None:
    made = aired(database, commune)

    def on_air(after_seconds: int) -> list[str]:
        with database.reading() as s:
            now_at = NOW + timedelta(seconds=after_seconds)
            return [each.id for each in lists.on_air(s, now_at=now_at, most=5)]

    assert on_air(2) == []
    state(database, "ban-cuon", DeliveryState.PLAYING, made)
    assert on_air(20) == [made.id]
    assert on_air(60) == []
    state(database, "ban-cuon", DeliveryState.PLAYED, made, played_ms=CLIP_MS)
    with database.reading() as s:
        assert broadcasts.get(s, made.id).state is BroadcastState.ON_AIR
    assert on_air(20) == []
