"""An officer says when, an approver releases text and time with one press; two people stay two people."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from broadcaster.errors import Conflict, Invalid, NotAllowed
from broadcaster.station.announcements import announcements, approvals, differences
from broadcaster.station.broadcasts import lists
from broadcaster.station.clips.content import content_hash
from broadcaster.station.database.engine import Database
from broadcaster.station.programmes import sessions, slots, wishes
from broadcaster.station.rules import stop_all
from broadcaster.station.schema import Announcement, Occurrence, Person, Slot
from broadcaster.station.schema.announcement_fields import fields_of
from broadcaster.station.vocabulary.states import AnnouncementState, OccurrenceState
from broadcaster.station.vocabulary.wishes import Wish, WishKind
from tests.rig.commune import NOW, Commune, render, write

pytestmark = pytest.mark.integration
TODAY = date(2026, 11, 21)
AS_SOON = Wish(kind=WishKind.NOW)


def drafted(database: Database, commune: Commune, **draft: object) -> Announcement:
    made = write(database, commune.officer, **draft)  # type: ignore[arg-type]
    render(database)
    return made


def ask(database: Database, made: Announcement, wish: Wish, by: Person) -> None:
    with database.session() as s:
        wishes.submit(s, announcement=announcements.get(s, made.id), wish=wish, by=by, now_at=NOW)


def release(
    database: Database, made: Announcement, by: Person, *, after: timedelta = timedelta()
) -> tuple[Announcement, wishes.Outcome]:
    with database.session() as s:
        current = announcements.get(s, made.id)
        seal = current.content_hash or ""
        outcome = wishes.approve(s, announcement=current, content_hash=seal, by=by, now_at=NOW + after)
        return current, outcome


def slot_of(database: Database, commune: Commune, *, zones: tuple[str, ...] = ("con-minh",)) -> Slot:
    with database.session() as s:
        rule = {"weekdays": list(range(7)), "times": ["17:00"]}
        return slots.add_slot(s, name="Chiều", rule=rule, zones=zones, by=commune.officer, now_at=NOW)


def in_slot(slot: Slot, **days: object) -> Wish:
    return Wish(kind=WishKind.SLOT, slot_id=slot.id, **{"first_on": TODAY, "last_on": TODAY} | days)  # type: ignore[arg-type]


def test_one_press_of_the_approver_releases_and_broadcasts(database: Database, commune: Commune) -> None:
    made = drafted(database, commune)
    ask(database, made, AS_SOON, commune.officer)
    current, outcome = release(database, made, commune.approver)
    assert current.state is AnnouncementState.APPROVED
    assert outcome.broadcast is not None
    assert outcome.broadcast.live
    assert outcome.broadcast.ordered_by_id == commune.officer.id


def test_whoever_asked_does_not_release(database: Database, commune: Commune) -> None:
    made = drafted(database, commune)
    ask(database, made, AS_SOON, commune.approver)
    with pytest.raises(NotAllowed, match=r"approval\.own_announcement"):
        release(database, made, commune.approver)
    with database.reading() as s:
        assert lists.of_announcement(s, made, most=5) == []


def test_the_time_is_part_of_what_is_sealed(database: Database, commune: Commune) -> None:
    made = drafted(database, commune)
    ask(database, made, AS_SOON, commune.officer)
    with database.session() as s:
        current = announcements.get(s, made.id)
        seal = current.content_hash
        for other in (None, Wish(kind=WishKind.AT, at=NOW + timedelta(hours=1)), Wish(kind=WishKind.SLOT, slot_id="a")):
            current.wish = other
            assert content_hash(current) != seal
        with pytest.raises(Conflict, match=r"approval\.announcement_changed"):
            wishes.approve(s, announcement=current, content_hash=seal or "", by=commune.approver, now_at=NOW)
        s.rollback()


def test_a_time_today_becomes_a_broadcast_at_that_time(database: Database, commune: Commune) -> None:
    made, at = drafted(database, commune), NOW + timedelta(hours=7)
    ask(database, made, Wish(kind=WishKind.AT, at=at), commune.officer)
    _, outcome = release(database, made, commune.approver, after=timedelta(hours=1))
    assert outcome.broadcast is not None
    assert outcome.broadcast.start_at == at


def test_a_time_that_passed_while_it_waited_is_told_and_nothing_sounds(database: Database, commune: Commune) -> None:
    made = drafted(database, commune)
    ask(database, made, Wish(kind=WishKind.AT, at=NOW + timedelta(hours=1)), commune.officer)
    with database.reading() as s:
        late_at = NOW + timedelta(hours=2)
        why = wishes.obstacle(s, announcements.get(s, made.id), now_at=late_at)
        assert why is not None
        assert why.code == "wish.instant_past"
    current, outcome = release(database, made, commune.approver, after=timedelta(hours=2))
    assert current.state is AnnouncementState.APPROVED
    assert outcome.obstacle == why
    with database.reading() as s:
        assert lists.of_announcement(s, made, most=5) == []


@pytest.mark.parametrize(
    ("days", "on_saturday", "on_monday"),
    [
        ({}, True, False),
        ({"last_on": TODAY + timedelta(days=6)}, True, True),
        ({"last_on": None, "weekdays": (0,)}, False, True),
        ({"last_on": None}, True, True),
    ],
)
def test_a_slot_gets_it_for_the_days_asked_for(
    database: Database, commune: Commune, days: dict[str, object], on_saturday: bool, on_monday: bool
) -> None:
    made, slot = drafted(database, commune), slot_of(database, commune)
    ask(database, made, in_slot(slot, **days), commune.officer)
    _, outcome = release(database, made, commune.approver)
    assert outcome.item is not None
    with database.reading() as s:
        current = slots.get(s, slot.id)
        assert bool(slots.items_on(s, current, TODAY)) is on_saturday
        assert bool(slots.items_on(s, current, TODAY + timedelta(days=2))) is on_monday


def test_released_again_it_has_one_place_in_the_slot(database: Database, commune: Commune) -> None:
    made, slot = drafted(database, commune), slot_of(database, commune)
    for text in ("Mời bà con họp thôn.", "Mời bà con họp xóm."):
        with database.session() as s:
            current = announcements.get(s, made.id)
            written = replace(fields_of(current), text=text)
            announcements.edit(s, current, written, revision=current.revision, by=commune.officer, now_at=NOW)
        render(database)
        ask(database, made, in_slot(slot, last_on=TODAY + timedelta(days=3)), commune.officer)
        release(database, made, commune.approver)
    with database.reading() as s:
        assert len(slots.items(s, slots.get(s, slot.id))) == 1


def test_a_slot_moved_to_another_time_meanwhile_is_not_what_was_sealed(database: Database, commune: Commune) -> None:
    made, slot = drafted(database, commune), slot_of(database, commune)
    ask(database, made, in_slot(slot), commune.officer)
    with database.session() as s:
        rule = {"weekdays": list(range(7)), "times": ["04:30"]}
        slots.edit_slot(s, slot=slots.get(s, slot.id), by=commune.officer, now_at=NOW, rule=rule)
    _, outcome = release(database, made, commune.approver)
    assert outcome.item is None
    assert outcome.obstacle is not None
    assert outcome.obstacle.code == "wish.slot_changed"


def test_a_stop_all_keeps_it_silent_and_the_approval_stands(database: Database, commune: Commune) -> None:
    made = drafted(database, commune)
    ask(database, made, AS_SOON, commune.officer)
    with database.session() as s:
        stop_all.order(s, by=commune.administrator, reason="", now_at=NOW)
    current, outcome = release(database, made, commune.approver)
    assert current.state is AnnouncementState.APPROVED
    assert outcome.broadcast is None
    assert outcome.obstacle is not None
    assert outcome.obstacle.code == "broadcast.stopped"


def test_what_cannot_be_met_is_refused_while_it_is_asked(database: Database, commune: Commune) -> None:
    made, slot = drafted(database, commune), slot_of(database, commune)
    elsewhere = slot_of(database, commune, zones=("lung-pang",))
    near = drafted(database, commune, zones=("ban-cuon",), text="Ở Bản Cuôn mất nước.")
    refusals: list[tuple[Announcement, Wish, type[Exception], str]] = [
        (made, Wish(kind=WishKind.AT, at=NOW - timedelta(hours=1)), Invalid, "wish.instant_past"),
        (made, Wish(kind=WishKind.SLOT), Invalid, "wish.no_slot"),
        (made, in_slot(slot, last_on=TODAY - timedelta(days=1)), Invalid, "slot.last_before_first"),
        (near, in_slot(elsewhere), Conflict, "wish.slot_elsewhere"),
    ]
    for announcement, wish, kind, code in refusals:
        with pytest.raises(kind, match=code.replace(".", r"\.")):
            ask(database, announcement, wish, commune.officer)
    with database.reading() as s:
        assert announcements.get(s, made.id).state is AnnouncementState.DRAFT


def test_who_may_not_broadcast_there_cannot_ask_for_it(database: Database, commune: Commune) -> None:
    made = drafted(database, commune)
    with pytest.raises(NotAllowed):
        ask(database, made, AS_SOON, commune.hamlet_head)


def test_an_emergency_has_its_own_way(database: Database, commune: Commune) -> None:
    made = drafted(database, commune, broadcast_class="emergency")
    with pytest.raises(Conflict, match=r"wish\.emergency"):
        ask(database, made, AS_SOON, commune.officer)


def test_the_approver_is_shown_that_the_time_changed(database: Database, commune: Commune) -> None:
    made = drafted(database, commune)
    ask(database, made, AS_SOON, commune.officer)
    with database.session() as s:
        approvals.send_back(
            s, announcement=announcements.get(s, made.id), by=commune.approver, now_at=NOW, comment="Chiều nhé."
        )
    ask(database, made, Wish(kind=WishKind.AT, at=NOW + timedelta(hours=7)), commune.officer)
    with database.reading() as s:
        change = differences.since_last_decision(s, announcements.get(s, made.id))
    assert change is not None
    before, now = change.facts["wish"]
    assert (before["kind"], now["kind"]) == ("now", "at")


def test_an_edit_knows_which_sessions_it_would_silence(database: Database, commune: Commune) -> None:
    made, slot = drafted(database, commune), slot_of(database, commune)
    ask(database, made, in_slot(slot), commune.officer)
    release(database, made, commune.approver)
    with database.session() as s:
        at = NOW + timedelta(hours=7)
        s.add(Occurrence(slot_id=slot.id, start_at=at, state=OccurrenceState.PLANNED))
        s.add(Occurrence(slot_id=slot.id, start_at=at + timedelta(days=1), state=OccurrenceState.PLANNED))
    with database.reading() as s:
        coming = sessions.coming_with(s, announcements.get(s, made.id), now_at=NOW)
    assert [(each.start_at, each.slot, each.alone) for each in coming] == [(at, "Chiều", True)]
