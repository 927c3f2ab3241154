"""An emergency that sounds until its all-clear: one story, ended by anybody, cleared by two."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from broadcaster.delivery.agendas import addressed, duty
from broadcaster.errors import Conflict, Invalid, NotAllowed
from broadcaster.protocol.repetition import unfold
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.agendas import content as agenda_content
from broadcaster.station.announcements import announcements
from broadcaster.station.broadcasts import broadcasts, receipts
from broadcaster.station.database.engine import Database
from broadcaster.station.emergencies import orders as emergency_orders
from broadcaster.station.emergencies import stories as emergency_stories
from broadcaster.station.emergencies.guards import EmergencyRequest
from broadcaster.station.emergencies.stories import Story
from broadcaster.station.schema import Announcement, Broadcast, EmergencyOrder, Node
from broadcaster.station.schema.announcement_fields import fields_of
from broadcaster.station.vocabulary.states import BroadcastState
from tests.rig.commune import CLIP_MS, NOW, Commune, approved, fact
from tests.rig.setups.remembered import remembered

pytestmark = pytest.mark.integration
MINUTE = timedelta(minutes=1)


@pytest.fixture
def storm(database: Database, commune: Commune) -> Announcement:
    return approved(database, commune, broadcast_class="emergency", title="Cảnh báo bão")


@remembered
def ask(database: Database, commune: Commune, announcement: Announcement, **more: object) -> EmergencyOrder:
    with database.session() as s:
        current = announcements.get(s, announcement.id)
        wanted = EmergencyRequest(announcement=current, drill=False, heard=current.content_hash or "", **more)  # type: ignore[arg-type]
        return emergency_orders.ask(s, wanted, by=commune.officer, now_at=NOW)


def confirm(s: Session, order: EmergencyOrder, commune: Commune, *, now_at: datetime) -> EmergencyOrder:
    heard = order.content_hash
    return emergency_orders.confirm(s, order=order, drill=False, heard=heard, by=commune.approver, now_at=now_at)


@remembered
def repeated(database: Database, commune: Commune, announcement: Announcement, **more: object) -> EmergencyOrder:
    order = ask(database, commune, announcement, **{"every_minutes": 5, "for_minutes": 30, **more})
    with database.session() as s:
        return confirm(s, order, commune, now_at=NOW)


def story(database: Database, order: EmergencyOrder) -> Story:
    with database.session() as s:
        return emergency_stories.story(s, s.get_one(EmergencyOrder, order.id))


@remembered
def ready_all_clear(database: Database, commune: Commune, **draft: object) -> Announcement:
    made = approved(database, commune, broadcast_class="emergency", title="Báo an toàn", text="Đã an toàn.", **draft)
    with database.session() as s:
        s.get_one(Announcement, made.id).phrase = "all_clear"
    return made


def states(stated: Story) -> list[str]:
    return [each.state.value for each in stated.rounds]


def agenda_of(database: Database, node: Node, *, now_at: datetime = NOW) -> list[str]:
    with database.session() as s:
        content = agenda_content.for_node(s, node=s.get_one(Node, node.id), now_at=now_at)
    made = addressed(
        duty(content), station="con-minh", node=node.id, number=1, issued_at=now_at, life=timedelta(days=7)
    )
    assert len(made.items) <= 1
    return [item.broadcast for item in unfold(made).items]


def test_it_sounds_again_every_five_minutes_until_its_bound(
    database: Database, commune: Commune, storm: Announcement
) -> None:
    stated = story(database, repeated(database, commune, storm))
    starts = [each.start_at - NOW for each in stated.rounds]
    assert starts == [timedelta(seconds=1) + 5 * MINUTE * n for n in range(6)]
    assert stated.until_at == stated.rounds[0].start_at + 30 * MINUTE
    assert [each.live for each in stated.rounds] == [True] + 5 * [False]
    assert stated.going_on


def test_a_node_gets_the_whole_row_with_the_order_and_needs_nothing_more(
    database: Database, commune: Commune, storm: Announcement
) -> None:
    stated = story(database, repeated(database, commune, storm))
    assert agenda_of(database, commune.weak) == [each.id for each in stated.rounds]


def test_a_node_that_comes_back_says_the_newest_and_not_all_it_missed(
    database: Database, commune: Commune, storm: Announcement
) -> None:
    stated = story(database, repeated(database, commune, storm))
    later = NOW + 12 * MINUTE
    assert [each.id for each in stated.rounds if each.start_at <= later < each.expires_at] == [stated.rounds[2].id]


def test_cancelling_one_ends_the_row(database: Database, commune: Commune, storm: Announcement) -> None:
    order = repeated(database, commune, storm)
    with database.session() as s:
        third = s.get_one(Broadcast, story(database, order).rounds[2].id)
        broadcasts.cancel(s, broadcast=third, by=commune.officer, now_at=NOW)
    assert set(states(story(database, order))) == {"cancelled"}
    assert agenda_of(database, commune.weak) == []


def test_one_person_may_end_it_and_what_was_heard_stays_heard(
    database: Database, commune: Commune, storm: Announcement
) -> None:
    order = repeated(database, commune, storm)
    play(database, commune.strong, story(database, order).rounds[0])
    ended_at = NOW + 7 * MINUTE
    with database.session() as s:
        current = s.get_one(EmergencyOrder, order.id)
        with pytest.raises(NotAllowed):
            emergency_stories.end(s, order=current, by=commune.hamlet_head, now_at=ended_at)
        emergency_stories.end(s, order=current, by=commune.officer, now_at=ended_at)
        with pytest.raises(Conflict, match=r"emergency\.ended"):
            emergency_stories.end(s, order=current, by=commune.officer, now_at=ended_at)
    stated = story(database, order)
    assert (stated.going_on, stated.ended_at) == (False, ended_at)
    heard = {each.node.id: (each.heard, each.last_at) for each in stated.hearings()}
    assert heard == {"ban-cuon": (1, stated.rounds[0].start_at), "lung-pang": (0, None)}


def test_an_all_clear_is_one_tap_and_a_second_word_and_ends_what_was_to_come(
    database: Database, commune: Commune, storm: Announcement
) -> None:
    order = repeated(database, commune, storm, zones=("lung-pang",))
    calm = ready_all_clear(database, commune)
    with database.session() as s:
        cleared = emergency_stories.all_clear(
            s, order=s.get_one(EmergencyOrder, order.id), by=commune.officer, now_at=NOW + MINUTE
        )
        assert (cleared.announcement_id, cleared.content_hash) == (calm.id, calm.content_hash)
        assert cleared.zones == ["lung-pang"]
    assert story(database, order).going_on
    with database.session() as s:
        done = confirm(s, cleared, commune, now_at=NOW + MINUTE)
    assert set(states(story(database, order))) == {"cancelled"}
    assert agenda_of(database, commune.weak) == [done.broadcast_id]


def test_without_an_all_clear_at_hand_it_says_what_to_do(
    database: Database, commune: Commune, storm: Announcement
) -> None:
    order = repeated(database, commune, storm)
    ready_all_clear(database, commune, zones=("lung-pang",))
    with pytest.raises(Conflict, match=r"emergency\.no_all_clear"), database.session() as s:
        emergency_stories.all_clear(s, order=s.get_one(EmergencyOrder, order.id), by=commune.officer, now_at=NOW)


def test_an_edit_of_the_text_ends_the_row(database: Database, commune: Commune, storm: Announcement) -> None:
    order = repeated(database, commune, storm)
    with database.session() as s:
        current = announcements.get(s, storm.id)
        announcements.edit(
            s,
            current,
            replace(fields_of(current), text="Bão đã tan."),
            revision=current.revision,
            by=commune.officer,
            now_at=NOW,
        )
    assert not story(database, order).going_on


def test_those_that_go_on_are_listed_until_they_are_over(
    database: Database, commune: Commune, storm: Announcement
) -> None:
    order = repeated(database, commune, storm)
    with database.session() as s:
        assert [each.order.id for each in emergency_stories.going_on(s, now_at=NOW)] == [order.id]
        (stated,) = emergency_stories.going_on(s, now_at=NOW)
        assert stated.next_at(NOW + MINUTE) == stated.rounds[1].start_at
    over_at = NOW + timedelta(minutes=32)
    with database.session() as s:
        broadcasts.settle(s, now_at=over_at)
        assert emergency_stories.going_on(s, now_at=over_at) == []


def test_an_alarm_waits_for_its_answer_a_day_whether_it_is_repeated_or_not(
    database: Database, commune: Commune, storm: Announcement
) -> None:
    once = repeated(database, commune, storm, every_minutes=None)
    again = repeated(database, commune, storm)
    calm = ready_all_clear(database, commune)
    with database.session() as s:
        assert {each.order.id for each in emergency_stories.unanswered(s, now_at=NOW)} == {once.id, again.id}
        assert [each.order.id for each in emergency_stories.going_on(s, now_at=NOW)] == [again.id]
        assert emergency_stories.unanswered(s, now_at=NOW + timedelta(days=1)) == []
    with database.session() as s:
        order = s.get_one(EmergencyOrder, once.id)
        asked = emergency_stories.all_clear(s, order=order, by=commune.officer, now_at=NOW)
        confirm(s, asked, commune, now_at=NOW)
        assert asked.announcement_id == calm.id
    with database.session() as s:
        assert [each.order.id for each in emergency_stories.unanswered(s, now_at=NOW)] == [again.id]


def test_an_order_that_did_not_sound_has_no_story(database: Database, commune: Commune, storm: Announcement) -> None:
    with pytest.raises(Conflict, match=r"emergency\.no_story_yet"):
        story(database, ask(database, commune, storm))


@pytest.mark.parametrize(
    ("every", "lasting", "field"),
    [(0, 30, "every_minutes"), (121, 300, "every_minutes"), (5, 9, "for_minutes"), (1, 200, "for_minutes")],
)
def test_a_row_that_cannot_be_is_refused_when_it_is_asked_for(
    database: Database, commune: Commune, storm: Announcement, every: int, lasting: int, field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        ask(database, commune, storm, every_minutes=every, for_minutes=lasting)
    assert caught.value.field == field


def test_an_all_clear_is_not_repeated(database: Database, commune: Commune) -> None:
    with pytest.raises(Conflict, match=r"emergency\.all_clear_repeats"):
        ask(database, commune, ready_all_clear(database, commune), every_minutes=5)


def play(database: Database, node: Node, broadcast: Broadcast) -> None:
    said = [
        fact(broadcast, DeliveryState.PLAYING, 1, at=broadcast.start_at),
        fact(broadcast, DeliveryState.PLAYED, 2, played_ms=CLIP_MS),
    ]
    with database.session() as s:
        receipts.store(s, node_id=node.id, receipts=said, now_at=NOW + MINUTE)
        assert s.get_one(Broadcast, broadcast.id).state is BroadcastState.ON_AIR
