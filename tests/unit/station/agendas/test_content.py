"""What each node is asked to hold and play."""

from datetime import timedelta

import pytest

from broadcaster.errors import Conflict, NotAllowed
from broadcaster.protocol.values import DeliveryState as D
from broadcaster.station.agendas import content as agenda_content
from broadcaster.station.agendas import offline_agendas as brought
from broadcaster.station.agendas.content import AgendaContent
from broadcaster.station.announcements import announcements
from broadcaster.station.broadcasts import broadcasts, receipts
from broadcaster.station.clips import clips
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes import orders as node_orders
from broadcaster.station.rows import settings
from broadcaster.station.rules import stop_all
from broadcaster.station.schema import Announcement, Broadcast, Node
from tests.rig.commune import CLIP_MS, NOW, Commune, approved, declare, fact

pytestmark = pytest.mark.integration


def content(database: Database, node: Node, after: timedelta = timedelta()) -> AgendaContent:
    with database.reading() as s:
        return agenda_content.for_node(s, node=node, now_at=NOW + after)


def order(database: Database, commune: Commune, announcement: Announcement, after: timedelta) -> Broadcast:
    with database.session() as s:
        return broadcasts.broadcast_now(
            s, announcement=announcement, by=commune.officer, now_at=NOW, start_at=NOW + after
        )


def test_a_quiet_commune_asks_nothing(database: Database, commune: Commune) -> None:
    quiet = content(database, commune.weak)
    assert (quiet.items, quiet.clips, quiet.stop) == ((), (), None)


def test_an_item_comes_with_its_clip(database: Database, commune: Commune) -> None:
    made = order(database, commune, approved(database, commune), timedelta(hours=5))
    (item,) = content(database, commune.weak).items
    assert (item.broadcast, item.start_at, item.duration_ms, item.resume) == (made.id, made.start_at, CLIP_MS, False)
    assert [clip.sha256 for clip in content(database, commune.weak).clips] == list(item.parts)


def test_only_the_next_three_days_are_in_it(database: Database, commune: Commune) -> None:
    order(database, commune, approved(database, commune), timedelta(hours=73))
    assert content(database, commune.weak).items == ()
    assert len(content(database, commune.weak, timedelta(hours=2)).items) == 1


def test_a_node_gets_only_what_is_meant_for_it(database: Database, commune: Commune) -> None:
    order(database, commune, approved(database, commune, zones=("lung-pang",)), timedelta(hours=5))
    assert len(content(database, commune.weak).items) == 1
    assert content(database, commune.strong).items == ()


def test_a_cancelled_or_expired_broadcast_is_simply_not_there(database: Database, commune: Commune) -> None:
    made = order(database, commune, approved(database, commune), timedelta(hours=5))
    assert content(database, commune.weak, made.expires_at - NOW).items == ()
    with database.session() as s:
        broadcasts.cancel(s, broadcast=made, by=commune.officer, now_at=NOW)
    assert content(database, commune.weak).items == ()


@pytest.mark.parametrize(("kind", "again"), [("routine", False), ("emergency", True)])
def test_an_interrupted_emergency_stays_and_an_announcement_goes(
    database: Database, commune: Commune, kind: str, again: bool
) -> None:
    declare(database, commune)
    made = order(database, commune, approved(database, commune, broadcast_class=kind), timedelta(hours=5))
    facts = [fact(made, D.PLAYING, 1), fact(made, D.INTERRUPTED, 2)]
    with database.session() as s:
        receipts.store(s, node_id="lung-pang", receipts=facts, now_at=NOW)
    items = content(database, commune.weak).items
    assert [item.resume for item in items] == ([True] if again else [])
    assert len(content(database, commune.strong).items) == 1


def test_approved_clips_are_stored_before_they_are_needed(database: Database, commune: Commune) -> None:
    made = approved(database, commune, zones=("lung-pang",))
    assert [clip.sha256 for clip in content(database, commune.weak).clips] == [made.clip_sha256]
    assert content(database, commune.strong).clips == ()
    with database.reading() as s:
        assert clips.in_use(s, NOW) == {made.clip_sha256}
    with database.session() as s:
        announcements.withdraw(s, announcement=made, by=commune.officer, now_at=NOW)
    assert content(database, commune.weak).clips == ()


def test_the_policy_is_the_communes_and_the_nodes_own(database: Database, commune: Commune) -> None:
    with database.session() as s:
        settings.write(s, "quiet_hours", [[1320, 285]])
        s.get_one(Node, "lung-pang").volume_percent = 70
    with database.reading() as s:
        both = agenda_content.for_nodes(
            s, nodes=[s.get_one(Node, "ban-cuon"), s.get_one(Node, "lung-pang")], now_at=NOW
        )
    policies = {node: each.policy for node, each in both.items()}
    assert (policies["ban-cuon"].volume_percent, policies["lung-pang"].volume_percent) == (100, 70)
    assert policies["ban-cuon"].quiet_hours[0].from_minute == 1320


def test_nodes_that_are_asked_the_same_share_one_content(database: Database, commune: Commune) -> None:
    order(database, commune, approved(database, commune), timedelta(hours=5))
    with database.reading() as s:
        alike = agenda_content.for_nodes(s, nodes=node_orders.in_service(s), now_at=NOW)
    assert alike["ban-cuon"] is alike["lung-pang"]
    assert alike["lung-pang"] == content(database, commune.weak)
    with database.session() as s:
        s.get_one(Node, "lung-pang").stagger_ms = 40
    with database.reading() as s:
        unlike = agenda_content.for_nodes(s, nodes=node_orders.in_service(s), now_at=NOW)
    assert [unlike[node].policy.stagger_ms for node in ("ban-cuon", "lung-pang")] == [0, 40]


def test_the_clips_of_what_sounds_soon_are_known_before_any_agenda(database: Database, commune: Commune) -> None:
    announcement = approved(database, commune)
    later, sooner = (order(database, commune, announcement, timedelta(hours=hours)) for hours in (6, 5))
    order(database, commune, approved(database, commune, title="Tuần sau", text="Tuần sau."), timedelta(hours=73))
    with database.reading() as s:
        ((ref, start_at),) = agenda_content.sounding(s, now_at=NOW)
    assert (ref, start_at) == (content(database, commune.weak).clips[0], sooner.start_at)
    with database.session() as s:
        for each in (later, sooner):
            broadcasts.cancel(s, broadcast=each, by=commune.officer, now_at=NOW)
    with database.reading() as s:
        assert agenda_content.sounding(s, now_at=NOW) == []


def test_a_stop_all_is_on_every_agenda_until_two_people_lift_it(database: Database, commune: Commune) -> None:
    with database.session() as s:
        stop = stop_all.order(s, by=commune.officer, reason="Phát nhầm", now_at=NOW)
    ordered = content(database, commune.weak).stop
    assert ordered is not None
    assert (ordered.order, ordered.reason) == (stop.id, "Phát nhầm")
    with pytest.raises(Conflict), database.session() as s:
        stop_all.lift(s, by=commune.approver, now_at=NOW)
    with database.session() as s:
        stop_all.ask_lift(s, by=commune.officer, now_at=NOW)
    with pytest.raises(NotAllowed), database.session() as s:
        stop_all.lift(s, by=commune.officer, now_at=NOW)
    with database.session() as s:
        stop_all.lift(s, by=commune.approver, now_at=NOW)
    assert content(database, commune.weak).stop is None


def test_what_a_stick_promised_stays_in_sight_and_a_promise_is_never_shortened(
    database: Database, commune: Commune
) -> None:
    order(database, commune, approved(database, commune), timedelta(days=6))
    for days in (7, 1):
        with database.session() as s:
            brought.promise(s, node=nodes.get(s, commune.weak.id), until_at=NOW + timedelta(days=days))
        assert len(content(database, commune.weak).items) == 1
    assert content(database, commune.strong).items == ()
