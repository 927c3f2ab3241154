"""What a slot relays is released as it is: sources, addresses, time, place; any change asks again."""

import pytest

from broadcaster.errors import Conflict, Invalid, NotAllowed, NotFound
from broadcaster.station.database.engine import Database
from broadcaster.station.programmes import slots
from broadcaster.station.relays import choosing, costs, slot_relays, sources
from broadcaster.station.relays.choosing import RelayChoice
from broadcaster.station.rows import settings
from broadcaster.station.vocabulary.states import RelayWay
from tests.rig.commune import NOW, Commune
from tests.unit.station.relays.relaying import FIRST, approved, chosen, relayed, slot, source

pytestmark = pytest.mark.integration


def test_it_waits_until_somebody_who_chose_no_part_of_it_releases_it(database: Database, commune: Commune) -> None:
    with database.session() as s:
        made = slot(s)
        relay = chosen(s, commune, made, source(s, commune).id)
        assert (slot_relays.is_approved(s, relay), slot_relays.waiting_for_approval(s)) == (False, [relay])
        seal = slot_relays.seal(s, relay)
        for person in (commune.officer, commune.administrator, commune.viewer):
            with pytest.raises(NotAllowed):
                choosing.approve(s, slot=made, seen=seal, by=person, now_at=NOW)
        with pytest.raises(Conflict):
            choosing.approve(s, slot=made, seen="0" * 64, by=commune.approver, now_at=NOW)
        approved(s, commune, made)
        assert (slot_relays.is_approved(s, relay), slot_relays.waiting_for_approval(s)) == (True, [])


def test_who_chose_it_does_not_release_it_although_he_may_approve(database: Database, commune: Commune) -> None:
    with database.session() as s:
        made, found = slot(s), source(s, commune)
        choice = RelayChoice(source_ids=[found.id], minutes=15)
        choosing.choose(s, slot=made, choice=choice, times_a_month=1, by=commune.approver, now_at=NOW)
        with pytest.raises(NotAllowed) as refused:
            approved(s, commune, made)
        assert refused.value.code == "relay.own_choice"


def test_other_addresses_times_lengths_or_zones_void_the_approval(database: Database, commune: Commune) -> None:
    changes = {
        "addresses": lambda s, made, found: sources.edit(
            s, source=found, name="VOV1", written=[FIRST], by=commune.administrator, now_at=NOW
        ),
        "removed": lambda s, made, found: sources.remove(s, source=found, by=commune.administrator, now_at=NOW),
        "times": lambda s, made, found: slots.edit_slot(
            s, slot=made, rule={"weekdays": [0], "times": ["04:00"]}, by=commune.officer, now_at=NOW
        ),
        "zones": lambda s, made, found: slots.edit_slot(
            s, slot=made, zones=["ban-cuon"], by=commune.officer, now_at=NOW
        ),
        "length": lambda s, made, found: chosen(s, commune, made, found.id, minutes=31),
        "volume": lambda s, made, found: chosen(s, commune, made, found.id, volume_db=3),
    }
    for name, change in changes.items():
        with database.session() as s:
            made, found = slot(s), source(s, commune)
            relay = chosen(s, commune, made, found.id)
            approved(s, commune, made)
            change(s, made, found)
            s.flush()
            assert not slot_relays.is_approved(s, relay), name
            s.rollback()


def test_choosing_the_same_again_keeps_the_approval(database: Database, commune: Commune) -> None:
    with database.session() as s:
        made = relayed(s, commune)
        relay = chosen(s, commune, made, *slot_relays.of(s, made).source_ids)
        assert slot_relays.is_approved(s, relay)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"minutes": 0}, "minutes"),
        ({"minutes": 61}, "minutes"),
        ({"minutes": 46}, "minutes"),
        ({"lead_minutes": 34}, "lead_minutes"),
        ({"lead_minutes": 721}, "lead_minutes"),
        ({"ending": "bang"}, "ending"),
        ({"volume_db": 7}, "volume_db"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(
    database: Database, commune: Commune, wrong: dict[str, object], field: str
) -> None:
    with database.session() as s:
        made, found = slot(s), source(s, commune)
        with pytest.raises(Invalid) as refused:
            chosen(s, commune, made, found.id, **wrong)
        assert refused.value.field == field


def test_sources_are_chosen_once_each_and_must_be_there(database: Database, commune: Commune) -> None:
    with database.session() as s:
        made, found = slot(s), source(s, commune)
        for ids in ((), (found.id, found.id), ("nobodys",)):
            with pytest.raises(Invalid):
                chosen(s, commune, made, *ids)


def test_what_a_month_costs_keeps_within_the_nodes_budget(database: Database, commune: Commune) -> None:
    assert costs.month_megabytes(minutes=30, times=30) == 135
    with database.session() as s:
        made, found = slot(s), source(s, commune)
        settings.write(s, "monthly_megabytes", 134)
        with pytest.raises(Invalid) as refused:
            chosen(s, commune, made, found.id)
        assert refused.value.code == "relay.over_budget"
        settings.write(s, "monthly_megabytes", 135)
        assert chosen(s, commune, made, found.id).minutes == 30
        switched = chosen(s, commune, made, found.id, way="live", lead_minutes=0)
        assert (switched.way, switched.lead_minutes) == (RelayWay.RECORDED, 35)
        settings.write(s, "monthly_megabytes", 180)
        assert chosen(s, commune, made, found.id, way="live").way is RelayWay.LIVE
        settings.write(s, "monthly_megabytes", 134)
        with pytest.raises(Invalid):
            chosen(s, commune, made, found.id, way="live")


def test_a_slot_may_relay_nothing_again(database: Database, commune: Commune) -> None:
    with database.session() as s:
        made = relayed(s, commune)
        choosing.remove(s, slot=made, by=commune.officer, now_at=NOW)
        with pytest.raises(NotFound):
            slot_relays.of(s, made)
