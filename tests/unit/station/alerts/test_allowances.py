"""Nothing airs alone that two people did not allow of exactly this source and kind: every combination."""

from dataclasses import replace
from itertools import product

import pytest

from broadcaster.errors import Conflict, NotAllowed
from broadcaster.station.alerts import allowances, allowing, papers, prepared, sources
from broadcaster.station.announcements import announcements
from broadcaster.station.database.engine import Database
from broadcaster.station.emergencies import silence
from broadcaster.station.nodes import nodes
from broadcaster.station.people import people
from broadcaster.station.rules import stop_all
from broadcaster.station.schema import AlertAllowance, AlertSource, Broadcast, EmergencyOrder, Person, ReceivedAlert
from broadcaster.station.schema.announcement_fields import AnnouncementFields, fields_of
from broadcaster.station.vocabulary.states import AlertOutcome, EmergencyMode
from broadcaster.text.papers import read_paper
from broadcaster.text.warnings import warning_in
from tests.rig.alerts.warnings import AREA, INFO
from tests.rig.commune import Commune, render
from tests.rig.databases import ON_SQLITE
from tests.unit.station.alerts.test_intake import AT, STRANGER, again, carry_on, signed, source

pytestmark = [pytest.mark.integration, ON_SQLITE]
__all__ = ["source"]


@pytest.fixture
def deputy(database: Database, commune: Commune) -> Person:
    with database.session() as s:
        made, _ = people.add_person(
            s, username="phochutich", full_name="Lý Thị Mai", password=None, roles=[("con-minh", "approver")], by=None,
            now_at=AT,
        )  # fmt: skip
        return made


def allow(database: Database, source: AlertSource, *both: Person, drill: bool = False) -> AlertAllowance:
    with database.session() as s:
        made = allowing.ask(s, source=sources.get(s, source.id), drill=drill, by=both[0], now_at=AT)
        if len(both) > 1:
            allowing.confirm(s, allowance=made, by=both[1], now_at=AT)
        return made


def aired(database: Database) -> int:
    with database.reading() as s:
        return s.query(Broadcast).count()


@pytest.mark.parametrize(
    ("people_asked", "allowed_drill", "drill", "mine", "severity"),
    list(product((0, 1, 2), (False, True), (False, True), (False, True), ("Extreme", "Moderate"))),
)
def test_a_warning_sounds_alone_only_where_two_people_allowed_this_source_and_kind(
    database: Database,
    commune: Commune,
    source: AlertSource,
    deputy: Person,
    people_asked: int,
    allowed_drill: bool,
    drill: bool,
    mine: bool,
    severity: str,
) -> None:
    with database.session() as s:
        other, _ = sources.add(s, name="Huyện", certificate=STRANGER.pem, by=commune.administrator, now_at=AT)
    if people_asked:
        allow(database, source if mine else other, *(commune.approver, deputy)[:people_asked], drill=allowed_drill)
    infos = INFO.format(area=AREA).replace("Extreme", severity)
    row = signed(database, source, status="Exercise" if drill else "Actual", infos=infos)
    render(database)
    carry_on(database)
    carry_on(database)
    expected = people_asked == 2 and allowed_drill is drill and mine and severity == "Extreme"
    assert aired(database) == (1 if expected else 0)
    assert (again(database, row).outcome is AlertOutcome.ORDERED) is expected


@pytest.mark.parametrize("kind", [prepared.GAUGES, papers.PAPERS])
def test_what_is_prepared_here_never_sounds_alone_whatever_is_allowed(
    database: Database, commune: Commune, source: AlertSource, deputy: Person, kind: str
) -> None:
    for drill in (False, True):
        allow(database, source, commune.approver, deputy, drill=drill)
    rows = [prepared_here(database, commune, kind, drill=drill) for drill in (False, True)]
    with database.session() as s:
        mine = s.get_one(ReceivedAlert, rows[0]).source
        for drill in (False, True):
            with pytest.raises(Conflict, match=r"alert\.never_alone"):
                allowing.ask(s, source=mine, drill=drill, by=commune.approver, now_at=AT)
            both = {"asked_by_id": commune.approver.id, "confirmed_by_id": deputy.id}  # as if it had been written there
            s.add(AlertAllowance(source_id=mine.id, drill=drill, asked_at=AT, confirmed_at=AT, **both))
    render(database)
    carry_on(database)
    carry_on(database)
    assert aired(database) == 0
    with database.reading() as s:
        assert {s.get_one(ReceivedAlert, row).outcome for row in rows} == {AlertOutcome.PREPARED}


def prepared_here(database: Database, commune: Commune, kind: str, *, drill: bool) -> str:
    """An emergency, of a gauge or of a copied paper."""
    with database.session() as s:
        if kind == papers.PAPERS:
            given = read_paper("TIN LŨ KHẨN CẤP\nNước lên nhanh.", today=AT.date())
            warning = warning_in(given, today=AT.date())
            assert warning is not None
            pasted = papers.PastedWarning(given, replace(warning, exercise=drill), f"Nước lên nhanh {drill}.")
            return papers.take(s, pasted, by=s.get_one(Person, commune.officer.id), now_at=AT).id
        written = AnnouncementFields(
            title="Nước lên", text="Nước lên nhanh.", zones=["ban-cuon"], broadcast_class="emergency", drill=drill
        )
        wanted = prepared.Preparation(kind=kind, key=f"rule {drill}", sender="gauge", written=written)
        return prepared.prepare(s, wanted, now_at=AT).id


def test_what_sounds_alone_names_both_people_and_waits_for_a_review(
    database: Database, commune: Commune, source: AlertSource, deputy: Person
) -> None:
    allow(database, source, commune.approver, deputy)
    signed(database, source)
    render(database)
    carry_on(database)
    with database.reading() as s:
        [order] = s.query(EmergencyOrder).all()
        assert order.mode is EmergencyMode.ALLOWED
        assert (order.asked_by_id, order.confirmed_by_id) == (commune.approver.id, deputy.id)
        assert order.reviewed_at is None


def test_an_edited_draft_is_no_longer_what_was_allowed(
    database: Database, commune: Commune, source: AlertSource, deputy: Person
) -> None:
    allow(database, source, commune.approver, deputy)
    row = signed(database, source)
    with database.session() as s:
        current = announcements.get(s, row.announcement_id or "")
        written = replace(fields_of(current), text="Bà con ra suối xem nước.")
        announcements.edit(s, current, written, revision=current.revision, by=commune.officer, now_at=AT)
    render(database)
    carry_on(database)
    assert aired(database) == 0


def test_one_of_the_two_who_may_approve_no_more_ends_it(
    database: Database, commune: Commune, source: AlertSource, deputy: Person
) -> None:
    allow(database, source, commune.approver, deputy)
    with database.session() as s:
        s.get_one(Person, deputy.id).disabled_at = AT
    signed(database, source)
    render(database)
    carry_on(database)
    assert aired(database) == 0


def test_stop_all_outranks_what_was_allowed(
    database: Database, commune: Commune, source: AlertSource, deputy: Person
) -> None:
    allow(database, source, commune.approver, deputy)
    signed(database, source)
    render(database)
    with database.session() as s:
        silence.silence(s, by=commune.officer, reason="nhầm", now_at=AT)
        assert stop_all.in_force(s) is not None
    carry_on(database)
    assert aired(database) == 0
    with database.reading() as s:
        assert s.query(EmergencyOrder).count() == 0


def test_a_refusal_at_the_last_step_leaves_no_half_written_order(
    database: Database, commune: Commune, source: AlertSource, deputy: Person
) -> None:
    allow(database, source, commune.approver, deputy)
    signed(database, source)
    render(database)
    with database.session() as s:
        for node in (commune.strong, commune.weak):
            nodes.revoke_node(s, node=nodes.get(s, node.id), by=None, now_at=AT)
    carry_on(database)
    assert aired(database) == 0
    with database.reading() as s:
        assert s.query(EmergencyOrder).count() == 0


def test_another_language_never_sounds_alone(
    database: Database, commune: Commune, source: AlertSource, deputy: Person
) -> None:
    allow(database, source, commune.approver, deputy)
    signed(database, source, infos=INFO.format(area=AREA).replace("vi-VN", "en-US"))
    render(database)
    carry_on(database)
    assert aired(database) == 0


def test_one_person_does_not_allow_alone_and_one_person_ends_it(
    database: Database, commune: Commune, source: AlertSource, deputy: Person
) -> None:
    made = allow(database, source, commune.approver)
    with database.session() as s, pytest.raises(NotAllowed, match=r"alert\.own_allowance"):
        allowing.confirm(s, allowance=allowances.get(s, made.id), by=commune.approver, now_at=AT)
    with database.session() as s, pytest.raises(NotAllowed):
        allowing.confirm(s, allowance=allowances.get(s, made.id), by=commune.administrator, now_at=AT)
    with database.session() as s:
        allowing.confirm(s, allowance=allowances.get(s, made.id), by=deputy, now_at=AT)
    with database.session() as s, pytest.raises(Conflict, match=r"alert\.already_asked"):
        allowing.ask(s, source=sources.get(s, source.id), drill=False, by=deputy, now_at=AT)
    with database.session() as s:
        allowing.end(s, allowance=allowances.get(s, made.id), by=commune.officer, now_at=AT)
    signed(database, source)
    render(database)
    carry_on(database)
    assert aired(database) == 0
