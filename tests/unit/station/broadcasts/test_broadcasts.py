"""Putting on air what was released, and following it to the nodes."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from msgspec import structs

from broadcaster.errors import Conflict, Invalid, NotAllowed
from broadcaster.protocol.values import DeliveryState as D
from broadcaster.refusals.reasons import Reason
from broadcaster.station.announcements import announcements
from broadcaster.station.broadcasts import broadcasts, outcomes, receipts
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.rules import stop_all
from broadcaster.station.schema import Announcement, Broadcast, Delivery
from broadcaster.station.schema.announcement_fields import fields_of
from broadcaster.station.vocabulary.states import BroadcastState
from tests.rig.commune import CLIP_MS, NOW, Commune, approved, declare, fact, write
from tests.rig.setups.remembered import remembered

pytestmark = pytest.mark.integration


@remembered
def order(database: Database, commune: Commune, announcement: Announcement, **how: object) -> Broadcast:
    with database.session() as s:
        return broadcasts.broadcast_now(
            s,
            announcement=announcement,
            by=commune.officer,
            now_at=NOW,
            **how,  # type: ignore[arg-type]
        )


@remembered
def aired(database: Database, commune: Commune, **draft: object) -> Broadcast:
    return order(database, commune, approved(database, commune, **draft))


def say(
    database: Database, broadcast: Broadcast, node: str, *said: tuple[D, int], after: timedelta = timedelta()
) -> None:
    facts = [fact(broadcast, state, number, played_ms=CLIP_MS if state is D.PLAYED else 0) for state, number in said]
    with database.session() as s:
        stored = receipts.store(s, node_id=node, receipts=facts, now_at=NOW + after)
    assert stored == [each.receipt for each in facts]


def state(database: Database, broadcast: Broadcast) -> BroadcastState:
    with database.reading() as s:
        return broadcasts.get(s, broadcast.id).state


def delivery(database: Database, broadcast: Broadcast, node: str) -> Delivery:
    with database.reading() as s:
        return s.get_one(Delivery, (broadcast.id, node))


def settle(database: Database, after: timedelta) -> None:
    with database.session() as s:
        broadcasts.settle(s, now_at=NOW + after)


def test_an_order_given_now_is_live_and_starts_after_the_lead(database: Database, commune: Commune) -> None:
    made = aired(database, commune)
    assert (made.live, made.start_at) == (True, NOW + timedelta(seconds=1))
    assert made.expires_at == made.start_at + timedelta(milliseconds=CLIP_MS, minutes=15)
    assert [each.node_id for each in made.deliveries] == ["ban-cuon", "lung-pang"]


@pytest.mark.parametrize(("kind", "minutes"), [("routine", 5), ("priority", 30), ("emergency", 360)])
def test_how_late_it_may_be_follows_its_class(database: Database, commune: Commune, kind: str, minutes: int) -> None:
    declare(database, commune)
    later = NOW + timedelta(hours=1)
    made = order(database, commune, approved(database, commune, broadcast_class=kind), start_at=later)
    assert (made.live, made.start_at) == (False, later)
    assert made.expires_at == later + timedelta(milliseconds=CLIP_MS, minutes=minutes)


def test_an_approved_emergency_still_needs_two_people_unless_one_may_declare(
    database: Database, commune: Commune
) -> None:
    alarm = approved(database, commune, broadcast_class="emergency")
    for start_at in (None, NOW + timedelta(hours=1)):
        with pytest.raises(Conflict, match=r"broadcast\.needs_two_people"):
            order(database, commune, alarm, start_at=start_at)
    declare(database, commune)
    assert order(database, commune, alarm).live


def test_a_broadcast_is_frozen_whatever_happens_to_the_announcement(database: Database, commune: Commune) -> None:
    made = aired(database, commune, text="Bản cũ.")
    with database.session() as s:
        source = announcements.get(s, made.announcement_id or "")
        announcements.edit(
            s,
            source,
            replace(fields_of(source), text="Mới."),
            revision=1,
            by=commune.officer,
            now_at=NOW + timedelta(minutes=1),
        )
    with database.reading() as s:
        stored = broadcasts.get(s, made.id)
        assert (stored.script, len(stored.parts), stored.state) == (made.script, 1, BroadcastState.SCHEDULED)


def test_what_is_not_approved_does_not_go_on_air(database: Database, commune: Commune) -> None:
    with pytest.raises(Conflict, match=r"broadcast\.not_approved"):
        order(database, commune, write(database, commune.officer))


def test_the_same_key_orders_once(database: Database, commune: Commune) -> None:
    announcement = approved(database, commune)
    first = order(database, commune, announcement, key="abc")
    assert order(database, commune, announcement, key="abc").id == first.id
    assert order(database, commune, announcement, key="xyz").id != first.id


def test_a_start_in_the_past_is_refused_and_one_just_past_is_now(database: Database, commune: Commune) -> None:
    announcement = approved(database, commune)
    with pytest.raises(Invalid) as error:
        order(database, commune, announcement, start_at=NOW - timedelta(seconds=31))
    assert error.value.field == "start_at"
    made = order(database, commune, announcement, start_at=NOW - timedelta(seconds=29))
    assert (made.live, made.start_at) == (True, NOW + timedelta(seconds=1))


def test_a_start_without_a_zone_is_refused(database: Database, commune: Commune) -> None:
    with pytest.raises(Invalid, match=r"broadcast\.start_without_timezone"):
        order(database, commune, approved(database, commune), start_at=NOW.replace(tzinfo=None))


def test_a_broadcast_that_would_end_after_its_validity_is_refused(database: Database, commune: Commune) -> None:
    announcement = approved(database, commune, valid_until_at=NOW + timedelta(minutes=1))
    with pytest.raises(Conflict, match=r"broadcast\.announcement_expired"):
        order(database, commune, announcement, start_at=NOW + timedelta(seconds=50))
    assert order(database, commune, announcement).live


def test_during_a_stop_all_nothing_new_is_ordered(database: Database, commune: Commune) -> None:
    announcement = approved(database, commune)
    with database.session() as s:
        stop_all.order(s, by=commune.officer, reason="nhầm", now_at=NOW)
    with pytest.raises(Conflict, match=r"broadcast\.stopped"):
        order(database, commune, announcement)


def test_zones_whose_nodes_are_all_revoked_are_refused(database: Database, commune: Commune) -> None:
    announcement = approved(database, commune, zones=("lung-pang",))
    with database.session() as s:
        nodes.revoke_node(s, node=nodes.get(s, "lung-pang"), by=None, now_at=NOW)
    with pytest.raises(Conflict, match=r"broadcast\.no_nodes"):
        order(database, commune, announcement)


def test_a_viewer_puts_nothing_on_air(database: Database, commune: Commune) -> None:
    announcement = approved(database, commune)
    with pytest.raises(NotAllowed), database.session() as s:
        broadcasts.broadcast_now(s, announcement=announcement, by=commune.viewer, now_at=NOW)


def test_it_is_on_air_with_the_first_node_and_completed_with_the_last(database: Database, commune: Commune) -> None:
    made = aired(database, commune)
    say(database, made, "ban-cuon", (D.STORED, 1))
    assert state(database, made) is BroadcastState.SCHEDULED
    say(database, made, "ban-cuon", (D.PLAYING, 2))
    assert state(database, made) is BroadcastState.ON_AIR
    say(database, made, "ban-cuon", (D.PLAYED, 3))
    say(database, made, "lung-pang", (D.STORED, 1), (D.PLAYING, 2), (D.PLAYED, 3))
    assert state(database, made) is BroadcastState.COMPLETED


def test_facts_in_the_wrong_order_end_the_same(database: Database, commune: Commune) -> None:
    made = aired(database, commune)
    for number in ((D.PLAYED, 3), (D.STORED, 1), (D.PLAYING, 2)):
        say(database, made, "ban-cuon", number)
    stored = delivery(database, made, "ban-cuon")
    assert (stored.state, stored.started_at, stored.played_ms) == (D.PLAYED, made.start_at, CLIP_MS)
    assert stored.ended_at == made.start_at + timedelta(milliseconds=CLIP_MS)


def test_a_fact_stated_again_changes_nothing(database: Database, commune: Commune) -> None:
    made = aired(database, commune)
    for _ in range(3):
        say(database, made, "ban-cuon", (D.PLAYING, 2), (D.PLAYED, 3))
    assert delivery(database, made, "ban-cuon").state is D.PLAYED


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        (((D.STORED, 20), (D.FAILED, 12)), D.FAILED),
        (((D.PLAYING, 20), (D.INTERRUPTED, 21), (D.CANCELLED, 19)), D.INTERRUPTED),
        (((D.PLAYING, 20), (D.INTERRUPTED, 21), (D.FAILED, 30)), D.INTERRUPTED),
        (((D.PLAYED, 20), (D.STORED, 30), (D.FAILED, 31)), D.PLAYED),
        (((D.FAILED, 20), (D.STORED, 30)), D.FAILED),
    ],
)
def test_a_node_that_lost_its_memory_ends_a_story_by_any_number_and_unsays_nothing_that_sounded(
    database: Database, commune: Commune, said: tuple[tuple[D, int], ...], stands: D
) -> None:
    for facts in permutations(said):
        made = aired(database, commune)
        for one in facts:
            say(database, made, "lung-pang", one)
        assert delivery(database, made, "lung-pang").state is stands, facts


def test_a_late_word_still_moves_what_the_station_only_assumed(database: Database, commune: Commune) -> None:
    made = aired(database, commune)
    say(database, made, "lung-pang", (D.STORED, 3))
    settle(database, timedelta(hours=13))
    assert delivery(database, made, "lung-pang").state is D.MISSED
    say(database, made, "lung-pang", (D.PLAYING, 4), after=timedelta(hours=14))
    assert delivery(database, made, "lung-pang").state is D.PLAYING


def test_what_the_microphone_heard_is_added_to_a_play_that_was_stated_before(
    database: Database, commune: Commune
) -> None:
    made = aired(database, commune)
    for number, heard in ((1, None), (2, False)):
        said = structs.replace(fact(made, D.PLAYED, number, played_ms=CLIP_MS), heard=heard)
        with database.session() as s:
            receipts.store(s, node_id="lung-pang", receipts=[said], now_at=NOW)
    stored = delivery(database, made, "lung-pang")
    assert (stored.state, stored.played_ms, stored.heard) == (D.PLAYED, CLIP_MS, False)


def test_a_node_cannot_speak_for_the_id_of_anothers_fact(database: Database, commune: Commune) -> None:
    made = aired(database, commune)
    say(database, made, "lung-pang", (D.PLAYED, 3))
    say(database, made, "ban-cuon", (D.PLAYED, 3))
    assert state(database, made) is BroadcastState.COMPLETED


def test_silence_until_expiry_is_missed_but_a_late_word_still_counts(database: Database, commune: Commune) -> None:
    made = aired(database, commune)
    say(database, made, "ban-cuon", (D.PLAYING, 2), (D.PLAYED, 3))
    settle(database, timedelta(minutes=14))
    assert delivery(database, made, "lung-pang").state is D.PLANNED
    over = made.expires_at - NOW + outcomes.PATIENCE
    settle(database, over)
    assert delivery(database, made, "lung-pang").state is D.MISSED
    assert state(database, made) is BroadcastState.PARTIAL
    say(database, made, "lung-pang", (D.PLAYING, 2), (D.PLAYED, 3), after=over + timedelta(days=2))
    assert state(database, made) is BroadcastState.COMPLETED


def test_nobody_heard_it_is_missed(database: Database, commune: Commune) -> None:
    made = aired(database, commune)
    settle(database, timedelta(hours=1))
    assert state(database, made) is BroadcastState.MISSED
    assert delivery(database, made, "lung-pang").reason == Reason("delivery.silent")


def test_a_cancelled_broadcast_waits_for_the_nodes_to_confirm(database: Database, commune: Commune) -> None:
    made = aired(database, commune)
    with database.session() as s:
        broadcasts.cancel(s, broadcast=made, by=commune.officer, now_at=NOW)
    say(database, made, "ban-cuon", (D.CANCELLED, 4))
    settle(database, timedelta(hours=1))
    assert state(database, made) is BroadcastState.CANCELLED
    assert delivery(database, made, "ban-cuon").reason is None
    assert delivery(database, made, "lung-pang").reason == Reason("delivery.cancel_unconfirmed")
    with pytest.raises(Conflict), database.session() as s:
        broadcasts.cancel(s, broadcast=made, by=commune.officer, now_at=NOW)


def test_the_list_is_latest_first_and_can_be_narrowed(database: Database, commune: Commune) -> None:
    announcement = approved(database, commune)
    late = order(database, commune, announcement, start_at=NOW + timedelta(hours=2))
    soon = order(database, commune, announcement)
    with database.reading() as s:
        assert [each.id for each in broadcasts.listing(s, announcement=announcement).items] == [late.id, soon.id]
        assert [each.id for each in broadcasts.listing(s, from_at=NOW + timedelta(hours=1)).items] == [late.id]
        assert broadcasts.listing(s, state="on_air").total == 0
