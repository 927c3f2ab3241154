"""Priority announcements that collide, from whatever slot or order: the commune decides which goes first."""

from datetime import date, timedelta

import pytest

from broadcaster.errors import Conflict, Invalid, NotAllowed
from broadcaster.station.agendas import content as agenda_content
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.database.engine import Database
from broadcaster.station.programmes import slots
from broadcaster.station.programmes.programmes import freeze_occurrence
from broadcaster.station.schema import Announcement, Broadcast, Node, Occurrence
from broadcaster.station.vocabulary.states import OccurrenceState
from scheduler import collisions
from scheduler.collisions import Collision
from tests.rig.commune import CLIP_MS, NOW, Commune, approved
from tests.rig.setups.remembered import remembered

pytestmark = pytest.mark.integration
TODAY = date(2026, 11, 21)
LATER = NOW + timedelta(hours=7)
CLIP = timedelta(milliseconds=CLIP_MS)


def announcement(database: Database, commune: Commune, title: str, **more: object) -> Announcement:
    wanted = {"broadcast_class": "priority", "title": title, "text": f"Tin {title}.", **more}
    return approved(database, commune, **wanted)


@remembered
def order(database: Database, commune: Commune, title: str, after: timedelta, **more: object) -> Broadcast:
    made = announcement(database, commune, title, **more)
    with database.session() as s:
        return broadcasts.broadcast_now(s, announcement=made, by=commune.officer, now_at=NOW, start_at=LATER + after)


@remembered
def slotted(database: Database, commune: Commune, title: str, time: str) -> Broadcast:
    """A priority announcement in a slot of its own, frozen for today."""
    made = announcement(database, commune, title)
    rule = {"weekdays": list(range(7)), "times": [time]}
    with database.session() as s:
        slot = slots.add_slot(s, name=title, rule=rule, zones=["con-minh"], by=None, now_at=NOW)
        slots.put(s, slot=slot, announcement=made, first_on=TODAY, by=commune.officer, now_at=NOW)
        start_at = LATER + timedelta(minutes=int(time[3:]))
        occurrence = Occurrence(slot_id=slot.id, start_at=start_at, state=OccurrenceState.PLANNED)
        s.add(occurrence)
        s.flush()
        [frozen] = freeze_occurrence(s, occurrence=occurrence, now_at=NOW)
        return frozen


def found(database: Database) -> list[Collision]:
    with database.session() as s:
        return collisions.collisions(s, now_at=NOW)


def titles(collision: Collision) -> list[str]:
    return [each.title for each in collision.broadcasts]


def decide(database: Database, commune: Commune, *ordered: Broadcast, by: str = "officer") -> Collision:
    with database.session() as s:
        return collisions.decide(s, [each.id for each in ordered], by=getattr(commune, by), now_at=NOW)


def orders_of(database: Database, node: Node) -> dict[str, int]:
    """What the node is told, by broadcast."""
    with database.session() as s:
        content = agenda_content.for_node(s, node=s.get_one(Node, node.id), now_at=NOW)
    return {item.broadcast: item.order for item in content.items}


def test_two_slots_whose_priority_announcements_meet_are_told_with_the_nodes_they_share(
    database: Database, commune: Commune
) -> None:
    slotted(database, commune, "Lũ", "17:00")
    order(database, commune, "Dịch", CLIP / 2, zones=("lung-pang",))
    order(database, commune, "Thuế", timedelta(seconds=CLIP.total_seconds()), broadcast_class="routine")
    [collision] = found(database)
    assert titles(collision) == ["Lũ", "Dịch"]
    assert collision.nodes == {"lung-pang"}
    assert not collision.decided


@pytest.mark.parametrize(
    ("after", "zones"), [(CLIP, ("con-minh",)), (-CLIP, ("con-minh",)), (timedelta(), ("lung-pang",))]
)
def test_announcements_one_after_the_other_or_for_other_nodes_do_not_collide(
    database: Database, commune: Commune, after: timedelta, zones: tuple[str, ...]
) -> None:
    order(database, commune, "Một", timedelta(), zones=("ban-cuon",) if zones == ("lung-pang",) else zones)
    order(database, commune, "Hai", after, zones=zones)
    assert found(database) == []


def test_the_order_reaches_the_nodes(database: Database, commune: Commune) -> None:
    first, second = (order(database, commune, name, CLIP / 2 * n) for n, name in enumerate(("Một", "Hai")))
    decided = decide(database, commune, second, first)
    assert (titles(decided), decided.decided) == (["Hai", "Một"], True)
    assert orders_of(database, commune.weak) == {second.id: 1, first.id: 2}


def test_a_slot_filled_again_keeps_the_order(database: Database, commune: Commune) -> None:
    first = slotted(database, commune, "Một", "17:00")
    second = order(database, commune, "Hai", CLIP / 2)
    decide(database, commune, second, first)
    with database.session() as s:
        occurrence = s.get_one(Occurrence, first.occurrence_id)
        [again] = freeze_occurrence(s, occurrence=occurrence, now_at=NOW)
        assert (again.id, again.ordering) == (first.id, 2)


def test_three_that_meet_in_a_chain_are_one_decision(database: Database, commune: Commune) -> None:
    made = [order(database, commune, name, CLIP / 4 * 3 * n) for n, name in enumerate(("Một", "Hai", "Ba"))]
    [collision] = found(database)
    assert titles(collision) == ["Một", "Hai", "Ba"]
    with pytest.raises(Invalid, match=r"collision\.order_incomplete") as caught:
        decide(database, commune, *made[:2])
    assert caught.value.field == "broadcasts"
    assert titles(decide(database, commune, *reversed(made))) == ["Ba", "Hai", "Một"]


def test_a_newcomer_makes_it_undecided_again(database: Database, commune: Commune) -> None:
    first, second = (order(database, commune, name, timedelta()) for name in ("Một", "Hai"))
    assert decide(database, commune, second, first).decided
    order(database, commune, "Ba", timedelta())
    assert not found(database)[0].decided


def test_who_may_not_plan_may_not_decide_and_what_is_over_is_not_decided(database: Database, commune: Commune) -> None:
    first, second = (order(database, commune, name, timedelta()) for name in ("Một", "Hai"))
    with pytest.raises(NotAllowed):
        decide(database, commune, first, second, by="hamlet_head")
    with database.session() as s:
        broadcasts.cancel(s, broadcast=s.get_one(Broadcast, first.id), by=commune.officer, now_at=NOW)
    with pytest.raises(Conflict, match=r"collision\.gone"):
        decide(database, commune, first, second)
