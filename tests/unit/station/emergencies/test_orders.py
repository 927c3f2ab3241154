"""Orders to sound an emergency: two people, a declaration, drills, corrections and the all-clear."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from broadcaster.errors import Conflict, Invalid, NotAllowed
from broadcaster.station.announcements import announcements
from broadcaster.station.database.engine import Database
from broadcaster.station.emergencies import order_records as emergency_records
from broadcaster.station.emergencies import orders as emergency_orders
from broadcaster.station.emergencies.guards import EmergencyRequest
from broadcaster.station.rules import emergency_rules, stop_all
from broadcaster.station.schema import Announcement, Broadcast, EmergencyOrder, Person
from broadcaster.station.schema.announcement_fields import AnnouncementFields, fields_of
from broadcaster.station.vocabulary.states import BroadcastState
from tests.rig.commune import NOW, Commune, approved, declare, render, write
from tests.rig.setups.remembered import remembered

pytestmark = pytest.mark.integration


@pytest.fixture
def storm(database: Database, commune: Commune) -> Announcement:
    return approved(database, commune, broadcast_class="emergency", title="Cảnh báo bão")


@remembered
def ask(
    database: Database, announcement: Announcement, by: Person, *, now_at: datetime = NOW, **more: object
) -> EmergencyOrder:
    with database.session() as s:
        current = announcements.get(s, announcement.id)
        said = {"drill": announcement.drill, "heard": current.content_hash or "", **more}
        wanted = EmergencyRequest(announcement=current, **said)  # type: ignore[arg-type]
        return emergency_orders.ask(s, wanted, by=by, now_at=now_at)


@remembered
def confirm(
    database: Database,
    order: EmergencyOrder,
    by: Person,
    *,
    drill: bool = False,
    heard: str | None = None,
    now_at: datetime = NOW,
) -> Broadcast:
    with database.session() as s:
        seal = order.content_hash if heard is None else heard
        confirmed = emergency_orders.confirm(s, order=order, drill=drill, heard=seal, by=by, now_at=now_at)
        return s.get_one(Broadcast, confirmed.broadcast_id)


@remembered
def aired(database: Database, commune: Commune, announcement: Announcement, **more: object) -> Broadcast:
    order = ask(database, announcement, commune.officer, **more)
    return confirm(database, order, commune.approver, drill=announcement.drill)


def state(database: Database, broadcast: Broadcast) -> BroadcastState:
    with database.reading() as s:
        return s.get_one(Broadcast, broadcast.id).state


def unapproved(database: Database, commune: Commune, **more: object) -> Announcement:
    made = write(database, commune.officer, broadcast_class="emergency", text="Vỡ đập, bà con lên đồi ngay.", **more)  # type: ignore[arg-type]
    render(database)
    with database.reading() as s:
        return announcements.get(s, made.id)


def test_nothing_sounds_until_a_second_person_confirms(
    database: Database, commune: Commune, storm: Announcement
) -> None:
    order = ask(database, storm, commune.officer)
    assert order.broadcast_id is None
    with pytest.raises(NotAllowed, match=r"emergency\.own_order"):
        confirm(database, order, commune.officer)
    broadcast = confirm(database, order, commune.approver)
    assert broadcast.live
    assert not broadcast.drill
    assert broadcast.start_at - NOW == timedelta(seconds=1)
    assert {each.node_id for each in broadcast.deliveries} == {"ban-cuon", "lung-pang"}


def test_a_confirmed_order_cannot_sound_twice(database: Database, commune: Commune, storm: Announcement) -> None:
    order = ask(database, storm, commune.officer)
    confirm(database, order, commune.approver)
    with pytest.raises(Conflict, match=r"emergency\.order_carried_out"):
        confirm(database, order, commune.administrator)


def test_a_confirmation_that_comes_too_late_counts_for_nothing(
    database: Database, commune: Commune, storm: Announcement
) -> None:
    order = ask(database, storm, commune.officer)
    with pytest.raises(Conflict, match=r"emergency\.order_expired"):
        confirm(database, order, commune.approver, now_at=NOW + timedelta(minutes=10))
    assert emergency_records.standing(order, now_at=NOW + timedelta(minutes=10)) == "expired"


def test_a_refused_order_stays_silent(database: Database, commune: Commune, storm: Announcement) -> None:
    order = ask(database, storm, commune.officer)
    with database.session() as s:
        emergency_orders.refuse(s, order=order, by=commune.approver, now_at=NOW)
    with pytest.raises(Conflict, match=r"emergency\.order_dropped"):
        confirm(database, order, commune.approver)


def test_an_edit_after_the_order_voids_it(database: Database, commune: Commune, storm: Announcement) -> None:
    order = ask(database, storm, commune.officer)
    edit(database, commune, storm)
    with pytest.raises(Conflict, match=r"emergency\.announcement_changed"):
        confirm(database, order, commune.approver)


def test_the_same_key_asks_once(database: Database, commune: Commune, storm: Announcement) -> None:
    made = {ask(database, storm, commune.officer, key="lenh-1").id for _ in range(2)}
    assert len(made) == 1


def test_a_new_text_is_released_by_the_second_person_if_one_of_the_two_may_approve(
    database: Database, commune: Commune
) -> None:
    order = ask(database, unapproved(database, commune), commune.officer)
    with pytest.raises(NotAllowed, match=r"emergency\.not_approved"):
        confirm(database, order, commune.administrator)
    assert confirm(database, order, commune.approver).title == "Tiêm phòng"


def test_a_text_without_its_sound_cannot_be_ordered(database: Database, commune: Commune) -> None:
    silent = write(database, commune.officer, broadcast_class="emergency")
    with pytest.raises(Conflict, match=r"emergency\.no_clip"):
        ask(database, silent, commune.officer)


def test_an_everyday_announcement_is_no_emergency(database: Database, commune: Commune) -> None:
    with pytest.raises(Invalid, match=r"emergency\.not_emergency"):
        ask(database, approved(database, commune), commune.officer)


def test_a_landslide_may_be_told_to_one_hamlet_by_its_own_head(
    database: Database, commune: Commune, storm: Announcement
) -> None:
    with pytest.raises(NotAllowed):
        ask(database, storm, commune.hamlet_head)
    order = ask(database, storm, commune.hamlet_head, zones=("Lủng Pảng",))
    assert [each.node_id for each in confirm(database, order, commune.approver).deliveries] == ["lung-pang"]


def test_an_order_cannot_reach_further_than_its_text(database: Database, commune: Commune) -> None:
    local = approved(database, commune, broadcast_class="emergency", zones=("lung-pang",))
    with pytest.raises(Invalid, match=r"emergency\.zone_not_meant"):
        ask(database, local, commune.officer, zones=("con-minh",))


def test_where_one_person_may_declare_it_sounds_at_once_and_waits_for_a_review_by_another(
    database: Database, commune: Commune
) -> None:
    declare(database, commune)
    flood = unapproved(database, commune)
    with pytest.raises(Invalid, match=r"emergency\.no_reason") as caught:
        ask(database, flood, commune.officer)
    assert caught.value.field == "reason"
    order = ask(database, flood, commune.officer, reason="Đập Khuổi Khâu vỡ.")
    assert order.broadcast_id is not None
    with database.session() as s:
        assert [each.id for each in emergency_records.open_orders(s, now_at=NOW + timedelta(days=3))] == [order.id]
        with pytest.raises(NotAllowed):
            emergency_records.review(s, order=order, words="Đúng.", by=commune.officer, now_at=NOW)
        emergency_records.review(s, order=order, words="Lệnh đúng.", by=commune.approver, now_at=NOW)
        assert emergency_records.open_orders(s, now_at=NOW) == []


def test_only_an_administrator_chooses_how_emergencies_are_ordered(database: Database, commune: Commune) -> None:
    for by, chosen, error in ((commune.officer, "declared", NotAllowed), (commune.administrator, "nobody", Invalid)):
        with pytest.raises(error), database.session() as s:
            emergency_rules.choose(s, chosen=chosen, minutes=10, by=by, now_at=NOW)


def test_a_drill_is_a_drill_to_both_people_or_does_not_sound(
    database: Database, commune: Commune, storm: Announcement
) -> None:
    with pytest.raises(Invalid, match=r"emergency\.is_real"):
        ask(database, storm, commune.officer, drill=True)
    exercise = drill(database, commune)
    with pytest.raises(Invalid, match=r"emergency\.is_drill"):
        ask(database, exercise, commune.officer, drill=False)
    order = ask(database, exercise, commune.officer)
    with pytest.raises(Invalid):
        confirm(database, order, commune.approver, drill=False)
    assert confirm(database, order, commune.approver, drill=True).drill


def test_no_edit_makes_a_drill_real(database: Database, commune: Commune) -> None:
    exercise = drill(database, commune)
    with database.session() as s:
        current = announcements.get(s, exercise.id)
        written = replace(fields_of(current), drill=False, title="Bão thật")
        announcements.edit(s, current, written, revision=current.revision, by=commune.officer, now_at=NOW)
        assert current.drill
        assert current.title == "Bão thật"


def test_a_correction_silences_the_wrong_alarm_the_moment_it_is_asked_for(
    database: Database, commune: Commune, storm: Announcement
) -> None:
    wrong = aired(database, commune, storm)
    sorry = approved(
        database, commune, broadcast_class="emergency", title="Đính chính", text="Báo động vừa rồi là nhầm."
    )
    order = ask(database, sorry, commune.officer, follows=wrong)
    assert state(database, wrong) is BroadcastState.CANCELLED
    confirm(database, order, commune.approver)
    assert order.follows_id == wrong.id


def test_an_all_clear_ends_the_alarm_only_once_it_is_confirmed(
    database: Database, commune: Commune, storm: Announcement
) -> None:
    alarm = aired(database, commune, storm)
    calm = unapproved(database, commune, title="Báo an toàn")
    with database.session() as s:
        s.get_one(Announcement, calm.id).phrase = "all_clear"
    order = ask(database, calm, commune.officer, follows=alarm)
    assert state(database, alarm) is BroadcastState.SCHEDULED
    confirm(database, order, commune.approver)
    assert state(database, alarm) is BroadcastState.CANCELLED


def test_a_drill_cannot_end_a_real_alarm(database: Database, commune: Commune, storm: Announcement) -> None:
    alarm = aired(database, commune, storm)
    with pytest.raises(Conflict, match=r"emergency\.drill_and_real_mixed"):
        ask(database, drill(database, commune), commune.officer, follows=alarm)


def test_a_stop_all_outranks_every_order(database: Database, commune: Commune, storm: Announcement) -> None:
    order = ask(database, storm, commune.officer)
    with database.session() as s:
        stop_all.order(s, by=commune.officer, reason="", now_at=NOW)
    with pytest.raises(Conflict, match=r"broadcast\.stopped"):
        confirm(database, order, commune.approver)


def edit(database: Database, commune: Commune, announcement: Announcement) -> None:
    with database.session() as s:
        current = announcements.get(s, announcement.id)
        written = replace(fields_of(current), text="Bão đã tan.")
        announcements.edit(s, current, written, revision=current.revision, by=commune.officer, now_at=NOW)
    render(database)


def drill(database: Database, commune: Commune) -> Announcement:
    with database.session() as s:
        made = announcements.create(
            s,
            AnnouncementFields(
                title="Diễn tập: bão",
                text="Bão sắp vào, bà con về nhà.",
                zones=["con-minh"],
                broadcast_class="emergency",
                drill=True,
            ),
            by=commune.officer,
            now_at=NOW,
        )
    render(database)
    with database.reading() as s:
        return announcements.get(s, made.id)
