"""A drill waits for what sounds unless its order says otherwise, and what was cut is offered again."""

from datetime import timedelta

import msgspec
import pytest

from broadcaster.protocol.values import DeliveryState
from broadcaster.station.announcements import announcements, approvals
from broadcaster.station.broadcasts import broadcasts, receipts
from broadcaster.station.clips import jobs
from broadcaster.station.database.engine import Database
from broadcaster.station.emergencies import drills, orders, phrasebook
from broadcaster.station.emergencies.guards import EmergencyRequest
from broadcaster.station.schema import Announcement, Broadcast
from broadcaster.station.schema.announcement_fields import AnnouncementFields
from tests.rig.commune import CLIP_MS, NOW, Commune, approved, fact, render, write

pytestmark = pytest.mark.integration
LENGTH = timedelta(milliseconds=CLIP_MS)


def exercise(database: Database, commune: Commune) -> Announcement:
    with database.session() as s:
        fields = AnnouncementFields(
            title="Diễn tập", text="Diễn tập bão.", zones=("con-minh",), broadcast_class="emergency", drill=True
        )
        made = announcements.create(s, fields, by=commune.officer, now_at=NOW)
    render(database)
    with database.session() as s:
        approvals.submit(s, announcement=made, by=commune.officer, now_at=NOW)
    with database.session() as s:
        current = announcements.get(s, made.id)
        seal = current.content_hash or ""
        approvals.approve(s, announcement=current, content_hash=seal, by=commune.approver, now_at=NOW)
        return current


def sounding(database: Database, commune: Commune) -> Broadcast:
    announcement = approved(database, commune, text="Mời bà con họp.")
    with database.session() as s:
        made = broadcasts.broadcast_now(s, announcement=announcement, by=commune.officer, now_at=NOW)
        facts = [fact(made, DeliveryState.PLAYING, 5, at=made.start_at)]
        receipts.store(s, node_id="ban-cuon", receipts=facts, now_at=NOW)
        return made


def drilled(database: Database, commune: Commune, made: Announcement, *, interrupts: bool) -> Broadcast:
    now_at = NOW + timedelta(seconds=5)
    with database.session() as s:
        heard = made.content_hash or ""
        wanted = EmergencyRequest(
            announcement=announcements.get(s, made.id), drill=True, heard=heard, interrupts=interrupts
        )
        order = orders.ask(s, wanted, by=commune.officer, now_at=now_at)
        order = orders.confirm(s, order=order, drill=True, heard=heard, by=commune.approver, now_at=now_at)
        return s.get_one(Broadcast, order.broadcast_id)


def test_a_drill_waits_for_what_sounds(database: Database, commune: Commune) -> None:
    made = exercise(database, commune)
    on_air = sounding(database, commune)
    assert drilled(database, commune, made, interrupts=False).start_at >= on_air.start_at + LENGTH


def test_a_drill_told_to_cut_begins_at_once(database: Database, commune: Commune) -> None:
    made = exercise(database, commune)
    sounding(database, commune)
    assert drilled(database, commune, made, interrupts=True).start_at == NOW + timedelta(seconds=6)


def test_a_drill_waits_for_nobody_when_nothing_sounds(database: Database, commune: Commune) -> None:
    made = exercise(database, commune)
    assert drilled(database, commune, made, interrupts=False).start_at == NOW + timedelta(seconds=6)


def test_a_drill_waits_for_what_follows_too_closely(database: Database, commune: Commune) -> None:
    made = exercise(database, commune)
    announcement = approved(database, commune, text="Mời bà con họp.")
    with database.session() as s:
        at = NOW + timedelta(seconds=10)
        coming = broadcasts.broadcast_now(s, announcement=announcement, by=commune.officer, now_at=NOW, start_at=at)
    assert drilled(database, commune, made, interrupts=False).start_at >= coming.start_at + LENGTH


def test_what_an_emergency_cut_is_offered_until_it_is_aired_again(database: Database, commune: Commune) -> None:
    cut = sounding(database, commune)
    with database.session() as s:
        stated = fact(cut, DeliveryState.INTERRUPTED, 6, played_ms=4_000)
        why = msgspec.structs.replace(stated, reason="emergency_first")
        for node in ("ban-cuon", "lung-pang"):
            receipts.store(s, node_id=node, receipts=[why], now_at=NOW + timedelta(seconds=9))
    after = NOW + timedelta(minutes=1)
    with database.reading() as s:
        assert [each.id for each in drills.cut_lately(s, now_at=after)] == [cut.id]
        assert drills.cut_lately(s, now_at=after + timedelta(hours=7)) == []
    with database.session() as s:
        again = announcements.get(s, cut.announcement_id or "")
        broadcasts.broadcast_now(s, announcement=again, by=commune.officer, now_at=after)
    with database.reading() as s:
        assert drills.cut_lately(s, now_at=after) == []


def test_an_emergency_somebody_waits_for_is_rendered_before_the_copies(database: Database, commune: Commune) -> None:
    with database.session() as s:
        phrasebook.fill(s, zones=["con-minh"], by=commune.officer, now_at=NOW)
    routine = write(database, commune.officer, text="Tin thường.", now_at=NOW + timedelta(seconds=1))
    storm = write(
        database, commune.officer, text="Bão.", broadcast_class="emergency", now_at=NOW + timedelta(seconds=2)
    )
    with database.session() as s:
        claimed = [jobs.claim(s, worker="test", now_at=NOW) for _ in range(3)]
        order = [each.announcement_id for each in claimed if each is not None]
        assert order[:2] == [storm.id, routine.id]
        assert announcements.get(s, order[2]).phrase is not None
