"""What a hamlet's people may do ends at their hamlet; what the commune's may do reaches all of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from broadcaster.errors import NotAllowed
from broadcaster.station.announcements import announcements
from broadcaster.station.announcements.patterns import patterns
from broadcaster.station.database.engine import Database
from broadcaster.station.emergencies import orders
from broadcaster.station.emergencies.guards import EmergencyRequest
from broadcaster.station.matters import matters
from broadcaster.station.matters.findings import MatterFinding
from broadcaster.station.people import people
from broadcaster.station.people.roles import may, may_somewhere
from broadcaster.station.records import residents
from broadcaster.station.rules import commune_rules, emergency_rules, stop_all
from broadcaster.station.schema import Broadcast, Person
from broadcaster.station.vocabulary.states import BroadcastState
from tests.rig.commune import NOW, Commune, approved

pytestmark = pytest.mark.integration

Act = Callable[[Session, Person], object]
COMMUNE_WIDE: dict[str, tuple[str, Act]] = {
    "stop all": ("officer", lambda s, by: stop_all.order(s, by=by, reason="", now_at=NOW)),
    "emergency rules": (
        "administrator",
        lambda s, by: emergency_rules.choose(s, chosen="two_people", minutes=10, by=by, now_at=NOW),
    ),
    "commune rules": (
        "administrator",
        lambda s, by: commune_rules.change(s, wanted=commune_rules.read(s), by=by, now_at=NOW),
    ),
    "public page": ("administrator", lambda s, by: residents.switch(s, on=False, by=by, now_at=NOW)),
    "patterns": ("officer", lambda s, by: patterns.remove(s, pattern_id="x", by=by, now_at=NOW)),
}


def hamlet_person(database: Database, role: str, *, unit_id: str = "lung-pang", username: str = "") -> Person:
    with database.session() as s:
        made, _ = people.add_person(
            s,
            username=username or f"{role}-thon",
            full_name="Người của thôn",
            password="mat-khau-rat-rieng",
            roles=[(unit_id, role)],
            by=None,
            now_at=NOW,
        )
        return made


@pytest.mark.parametrize("act", COMMUNE_WIDE)
def test_what_concerns_the_whole_commune_is_not_a_hamlets_to_do(database: Database, commune: Commune, act: str) -> None:
    role, do = COMMUNE_WIDE[act]
    person = hamlet_person(database, role)
    with pytest.raises(NotAllowed), database.session() as s:
        do(s, person)


def test_a_hamlets_officer_does_not_end_the_communes_emergency(database: Database, commune: Commune) -> None:
    storm = approved(database, commune, broadcast_class="emergency", title="Cảnh báo bão")
    with database.session() as s:
        heard = storm.content_hash or ""
        wanted = EmergencyRequest(announcement=announcements.get(s, storm.id), drill=False, heard=heard)
        order = orders.ask(s, wanted, by=commune.officer, now_at=NOW)
    with database.session() as s:
        confirmed = orders.confirm(s, order=order, drill=False, heard=heard, by=commune.approver, now_at=NOW)
        sounding = confirmed.broadcast_id
    own = approved(database, commune, broadcast_class="emergency", title="Của thôn", zones=("lung-pang",))
    with database.session() as s:
        follows = s.get_one(Broadcast, sounding)
        heard = own.content_hash or ""
        wanted = EmergencyRequest(announcement=announcements.get(s, own.id), drill=False, heard=heard, follows=follows)
        with pytest.raises(NotAllowed):
            orders.ask(s, wanted, by=commune.hamlet_head, now_at=NOW + timedelta(minutes=1))
    with database.reading() as s:
        assert s.get_one(Broadcast, sounding).state is not BroadcastState.CANCELLED


def test_two_hamlet_officers_do_not_lift_the_communes_silence(database: Database, commune: Commune) -> None:
    with database.session() as s:
        stop_all.order(s, by=commune.officer, reason="loa bị chiếm", now_at=NOW)
    with pytest.raises(NotAllowed), database.session() as s:
        stop_all.ask_lift(s, by=commune.hamlet_head, now_at=NOW)


def test_a_hamlets_administrator_sees_and_changes_only_the_hamlets_people(database: Database, commune: Commune) -> None:
    head = hamlet_person(database, "administrator")
    with database.reading() as s:
        assert {each.username for each in people.chosen(s, by=head)} == {"truongthon", "administrator-thon"}
        assert commune.officer.username in {each.username for each in people.chosen(s, by=commune.administrator)}
    with pytest.raises(NotAllowed), database.session() as s:
        people.disable(s, person=commune.officer, by=head, now_at=NOW)


def test_a_matter_about_a_node_is_its_own_hamlets_to_deal_with(database: Database, commune: Commune) -> None:
    with database.session() as s:
        matters.note(s, [MatterFinding("pole_silent", f"node:{commune.strong.id}", {})], now_at=NOW)
        [matter] = matters.waiting(s)
    with pytest.raises(NotAllowed), database.session() as s:
        matters.deal(s, matter=matters.get(s, matter.id), by=commune.hamlet_head, now_at=NOW)
    with database.session() as s:
        matters.deal(s, matter=matters.get(s, matter.id), by=commune.officer, now_at=NOW)


def test_no_unit_means_the_commune_and_menus_ask_for_any(database: Database, commune: Commune) -> None:
    with database.reading() as s:
        assert may(s, commune.officer, "write", None)
        assert not may(s, commune.hamlet_head, "write", None)
        assert may_somewhere(commune.hamlet_head, "write")
        assert not may_somewhere(commune.viewer, "write")
