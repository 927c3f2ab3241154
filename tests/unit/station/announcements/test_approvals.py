"""Nothing sounds that somebody else did not hear and release."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from broadcaster.errors import Conflict, Invalid, NotAllowed
from broadcaster.station.announcements import announcements, approvals
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.database.engine import Database
from broadcaster.station.schema import Announcement, Person
from broadcaster.station.schema.announcement_fields import fields_of
from broadcaster.station.vocabulary.states import AnnouncementState, BroadcastState, DecisionAction
from tests.rig.commune import NOW, Commune, approved, render, write

pytestmark = pytest.mark.integration


def submitted(database: Database, commune: Commune) -> Announcement:
    announcement = write(database, commune.officer)
    render(database)
    with database.session() as s:
        approvals.submit(s, announcement=announcement, by=commune.officer, now_at=NOW)
    return fresh(database, announcement)


def fresh(database: Database, announcement: Announcement) -> Announcement:
    with database.reading() as s:
        return announcements.get(s, announcement.id)


def approve(database: Database, announcement: Announcement, by: Person, seal: str | None = None) -> None:
    with database.session() as s:
        seal = seal or announcement.content_hash or ""
        approvals.approve(s, announcement=announcement, content_hash=seal, by=by, now_at=NOW)


def test_an_approved_announcement_went_through_two_people(database: Database, commune: Commune) -> None:
    announcement = submitted(database, commune)
    approve(database, announcement, commune.approver)
    assert fresh(database, announcement).state is AnnouncementState.APPROVED
    with database.reading() as s:
        decisions = [(each.action, each.by_id) for each in approvals.history(s, announcement)]
    assert decisions == [
        (DecisionAction.SUBMITTED, commune.officer.id),
        (DecisionAction.APPROVED, commune.approver.id),
    ]


def test_nobody_can_ask_for_approval_before_there_is_something_to_hear(database: Database, commune: Commune) -> None:
    announcement = write(database, commune.officer)
    with pytest.raises(Conflict, match=r"approval\.clip_being_made"), database.session() as s:
        approvals.submit(s, announcement=announcement, by=commune.officer, now_at=NOW)


def test_an_approver_cannot_approve_what_they_wrote(database: Database, commune: Commune) -> None:
    announcement = write(database, commune.approver)
    render(database)
    with database.session() as s:
        approvals.submit(s, announcement=announcement, by=commune.approver, now_at=NOW)
    with pytest.raises(NotAllowed, match=r"approval\.own_announcement"):
        approve(database, fresh(database, announcement), commune.approver)


def test_an_approver_cannot_approve_what_they_last_edited(database: Database, commune: Commune) -> None:
    announcement = write(database, commune.officer)
    with database.session() as s:
        announcements.edit(
            s,
            announcement,
            replace(fields_of(announcement), text="Mời bà con đi họp."),
            revision=1,
            by=commune.approver,
            now_at=NOW,
        )
    render(database)
    with database.session() as s:
        approvals.submit(s, announcement=announcement, by=commune.officer, now_at=NOW)
    with pytest.raises(NotAllowed, match=r"approval\.own_announcement"):
        approve(database, fresh(database, announcement), commune.approver)


def test_an_approver_cannot_approve_what_they_submitted(database: Database, commune: Commune) -> None:
    announcement = write(database, commune.officer)
    render(database)
    with database.session() as s:
        approvals.submit(s, announcement=announcement, by=commune.approver, now_at=NOW)
    with pytest.raises(NotAllowed, match=r"approval\.own_announcement"):
        approve(database, fresh(database, announcement), commune.approver)


def test_an_officer_cannot_approve(database: Database, commune: Commune) -> None:
    with pytest.raises(NotAllowed, match=r"person\.not_permitted_there"):
        approve(database, submitted(database, commune), commune.hamlet_head)


def test_the_approval_is_for_exactly_what_was_heard(database: Database, commune: Commune) -> None:
    with pytest.raises(Conflict, match=r"approval\.announcement_changed"):
        approve(database, submitted(database, commune), commune.approver, seal="0" * 64)


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Mời bà con đi họp."},
        {"zones": ["lung-pang"]},
        {"broadcast_class": "priority"},
        {"title": "Tên khác"},
        {"repeats": 2},
        {"rate_percent": 90},
        {"valid_until_at": NOW.replace(year=2027)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_any_edit_voids_the_approval(database: Database, commune: Commune, change: dict[str, object]) -> None:
    announcement = approved(database, commune)
    with database.session() as s:
        announcements.edit(
            s, announcement, replace(fields_of(announcement), **change), revision=1, by=commune.officer, now_at=NOW
        )
    assert fresh(database, announcement).state is AnnouncementState.DRAFT
    with database.reading() as s:
        assert approvals.history(s, announcement)[-1].action is DecisionAction.VOIDED


def test_saving_without_a_change_voids_nothing(database: Database, commune: Commune) -> None:
    announcement = approved(database, commune)
    with database.session() as s:
        announcements.edit(
            s,
            announcement,
            replace(fields_of(announcement), text=announcement.text),
            revision=1,
            by=commune.officer,
            now_at=NOW,
        )
    assert fresh(database, announcement).state is AnnouncementState.APPROVED
    assert fresh(database, announcement).revision == 1


def test_an_edit_cancels_what_was_planned_to_be_aired(database: Database, commune: Commune) -> None:
    announcement = approved(database, commune)
    with database.session() as s:
        broadcast = broadcasts.broadcast_now(
            s, announcement=announcement, by=commune.officer, now_at=NOW, start_at=NOW.replace(hour=10)
        )
    with database.session() as s:
        announcements.edit(
            s, announcement, replace(fields_of(announcement), title="Khác"), revision=1, by=commune.officer, now_at=NOW
        )
    with database.reading() as s:
        assert broadcasts.get(s, broadcast.id).state is BroadcastState.CANCELLED


def test_what_was_returned_can_be_edited_and_submitted_again(database: Database, commune: Commune) -> None:
    announcement = submitted(database, commune)
    with database.session() as s:
        approvals.send_back(s, announcement=announcement, by=commune.approver, now_at=NOW, comment="Thiếu giờ họp.")
    returned = fresh(database, announcement)
    assert (returned.state, returned.comment) == (AnnouncementState.RETURNED, "Thiếu giờ họp.")
    with database.session() as s:
        announcements.edit(
            s,
            announcement,
            replace(fields_of(announcement), text="Bảy giờ họp thôn."),
            revision=1,
            by=commune.officer,
            now_at=NOW,
        )
    render(database)
    with database.session() as s:
        approvals.submit(s, announcement=announcement, by=commune.officer, now_at=NOW)
    assert fresh(database, announcement).state is AnnouncementState.PENDING_APPROVAL


def test_sending_back_needs_a_remark(database: Database, commune: Commune) -> None:
    announcement = submitted(database, commune)
    with pytest.raises(Invalid) as error, database.session() as s:
        approvals.send_back(s, announcement=announcement, by=commune.approver, now_at=NOW, comment="  ")
    assert error.value.field == "comment"


def test_what_was_rejected_stays_rejected(database: Database, commune: Commune) -> None:
    announcement = submitted(database, commune)
    with database.session() as s:
        approvals.reject(s, announcement=announcement, by=commune.approver, now_at=NOW, comment="Sai sự thật.")
    with pytest.raises(Conflict, match=r"announcement\.no_longer_editable"), database.session() as s:
        announcements.edit(
            s, announcement, replace(fields_of(announcement), title="Khác"), revision=1, by=commune.officer, now_at=NOW
        )


def test_the_history_of_decisions_cannot_be_rewritten(database: Database, commune: Commune) -> None:
    approved(database, commune)
    for statement in ("UPDATE decisions SET comment = 'x'", "DELETE FROM decisions"):
        with pytest.raises(Exception, match="append-only"), database.session() as s:
            s.execute(text(statement))
