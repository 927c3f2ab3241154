"""Before an order: what sounds, what it would cut or put off, and which nodes would really sound."""

from datetime import timedelta

import pytest

from broadcaster.protocol.values import ClockState, DeliveryState
from broadcaster.station.announcements import announcements
from broadcaster.station.broadcasts import broadcasts, receipts
from broadcaster.station.database.engine import Database
from broadcaster.station.matters import foresight
from broadcaster.station.matters.foresight import Foresight
from broadcaster.station.rules import stop_all
from broadcaster.station.schema import Announcement, Broadcast, Node, NodeState
from tests.rig.commune import NOW, Commune, approved, fact

pytestmark = pytest.mark.integration


def look(database: Database, announcement: Announcement, *, after: timedelta = timedelta()) -> Foresight:
    with database.reading() as s:
        return foresight.foresee(s, announcements.get(s, announcement.id), now_at=NOW + after)


def online(database: Database, node: str, **more: object) -> None:
    with database.session() as s:
        state = {"online": True, "seen_at": NOW, "clock": ClockState.SYNCED, "sound": "hw:0"} | more
        s.add(NodeState(node_id=node, **state))


def order(
    database: Database, commune: Commune, announcement: Announcement, after: timedelta = timedelta()
) -> Broadcast:
    with database.session() as s:
        start_at = NOW + after if after else None
        return broadcasts.broadcast_now(s, announcement=announcement, by=commune.officer, now_at=NOW, start_at=start_at)


def sounding(database: Database, made: Broadcast) -> None:
    with database.session() as s:
        facts = [fact(made, DeliveryState.PLAYING, 5, at=NOW)]
        receipts.store(s, node_id="ban-cuon", receipts=facts, now_at=NOW)


def why(found: Foresight) -> dict[str, list[str]]:
    return {reason.code: names for reason, names in foresight.hindrances(found)}


def test_nodes_that_would_not_sound_are_named_with_the_reason(database: Database, commune: Commune) -> None:
    made = approved(database, commune)
    online(database, "ban-cuon")
    found = look(database, made)
    assert (found.ready, len(found.nodes)) == (1, 2)
    assert why(found) == {"readiness.never_connected": ["Lủng Pảng"]}


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ({"muted": True}, "readiness.muted"),
        ({"sound": ""}, "readiness.no_sound_device"),
        ({"clock": ClockState.UNSYNCED}, "node.unsynced"),
        ({"online": False}, "readiness.offline_without_clips"),
    ],
)
def test_each_kind_of_silence_is_known(
    database: Database, commune: Commune, state: dict[str, object], code: str
) -> None:
    made = approved(database, commune, zones=("ban-cuon",))
    online(database, "ban-cuon", **state)
    assert why(look(database, made)) == {code: ["Bản Cuôn"]}


def test_a_nodes_own_quiet_hours_keep_it_silent(database: Database, commune: Commune) -> None:
    made = approved(database, commune, zones=("ban-cuon",))
    online(database, "ban-cuon")
    with database.session() as s:
        s.get_one(Node, "ban-cuon").quiet_hours = [[9 * 60, 11 * 60]]
    assert why(look(database, made)) == {"readiness.quiet_hours": ["Bản Cuôn"]}


def test_under_a_stop_all_nothing_would_sound(database: Database, commune: Commune) -> None:
    made = approved(database, commune)
    online(database, "ban-cuon")
    with database.session() as s:
        stop_all.order(s, by=commune.administrator, reason="", now_at=NOW)
    found = look(database, made)
    assert found.stopped
    assert found.ready == 0


def test_an_emergency_cuts_what_sounds_and_a_routine_text_waits_for_it(database: Database, commune: Commune) -> None:
    on_air = order(database, commune, approved(database, commune))
    sounding(database, on_air)
    routine = approved(database, commune, text="Mời bà con họp.", title="Họp")
    storm = approved(database, commune, text="Bão đến.", title="Bão", broadcast_class="emergency")
    after = timedelta(seconds=5)
    found = look(database, routine, after=after)
    assert ([each.id for each in found.on_air], list(found.cuts)) == ([on_air.id], [])
    assert [each.id for each in look(database, storm, after=after).cuts] == [on_air.id]


def test_what_begins_meanwhile_is_put_off(database: Database, commune: Commune) -> None:
    coming = order(database, commune, approved(database, commune), after=timedelta(seconds=10))
    routine = approved(database, commune, text="Mời bà con họp.", title="Họp")
    assert [each.id for each in look(database, routine).put_off] == [coming.id]


def test_the_same_order_a_moment_ago_is_known_for_a_quarter_of_an_hour(database: Database, commune: Commune) -> None:
    made = approved(database, commune)
    before = order(database, commune, made)
    found = look(database, made, after=timedelta(minutes=1)).before
    assert found is not None
    assert found.id == before.id
    assert look(database, made, after=timedelta(minutes=16)).before is None


def test_night_is_called_night(database: Database, commune: Commune) -> None:
    made = approved(database, commune)
    assert not look(database, made).late
    assert look(database, made, after=timedelta(hours=12)).late
