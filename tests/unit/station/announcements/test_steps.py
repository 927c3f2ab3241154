"""What may be done with an announcement is said in one place: the act obeys it, page and API show it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product

import pytest
from sqlalchemy.orm import Session

from broadcaster.errors import LoaError
from broadcaster.station.announcements import announcements, approvals
from broadcaster.station.announcements.steps import Step, obstacle, steps
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.clips import jobs
from broadcaster.station.database.engine import Database
from broadcaster.station.people import people
from broadcaster.station.schema import Announcement, Person
from broadcaster.station.schema.announcement_fields import fields_of
from tests.rig.commune import NOW, Commune, approved, render, write
from tests.rig.databases import ON_SQLITE
from tests.rig.setups.remembered import remembered

pytestmark = [pytest.mark.integration, ON_SQLITE]

STATES = ("draft", "rendered", "pending", "approved", "returned", "rejected", "withdrawn")
PEOPLE = ("officer", "approver", "administrator", "viewer", "hamlet_head", "second_approver")
AUTHORS = ("officer", "approver")

Act = Callable[[Session, Announcement, Person], object]


def _edit(s: Session, announcement: Announcement, by: Person) -> None:
    announcements.edit(s, announcement, fields_of(announcement), revision=announcement.revision, by=by, now_at=NOW)


ACTS: dict[Step, Act] = {
    Step.EDIT: _edit,
    Step.SUBMIT: lambda s, a, by: approvals.submit(s, announcement=a, by=by, now_at=NOW),
    Step.APPROVE: lambda s, a, by: approvals.approve(
        s, announcement=a, content_hash=a.content_hash or "-", by=by, now_at=NOW
    ),
    Step.RETURN: lambda s, a, by: approvals.send_back(s, announcement=a, by=by, now_at=NOW, comment="Sửa lại."),
    Step.REJECT: lambda s, a, by: approvals.reject(s, announcement=a, by=by, now_at=NOW, comment="Không phát."),
    Step.WITHDRAW: lambda s, a, by: announcements.withdraw(s, announcement=a, by=by, now_at=NOW),
    Step.BROADCAST: lambda s, a, by: broadcasts.broadcast_now(s, announcement=a, by=by, now_at=NOW),
}


def person(database: Database, commune: Commune, name: str) -> Person:
    if name != "second_approver":
        found: Person = getattr(commune, name)
        return found
    with database.session() as s:
        return people.add_person(
            s,
            username="phochutich",
            full_name="Phó chủ tịch",
            password="mat-khau-rat-rieng",
            roles=[("con-minh", "approver")],
            by=None,
            now_at=NOW,
        )[0]


@remembered
def brought_to(database: Database, commune: Commune, state: str, author: Person) -> Announcement:
    """An announcement by this author in the state; released or refused by the deputy."""
    announcement = write(database, author)
    if state == "draft":
        return announcement
    render(database)
    deputy = person(database, commune, "second_approver")
    with database.session() as s:
        current = announcements.get(s, announcement.id)
        for step in _way(state):
            ACTS[step](s, current, author if step in (Step.SUBMIT, Step.WITHDRAW) else deputy)
    return announcement


def _way(state: str) -> Iterator[Step]:
    if state in ("pending", "approved", "returned", "rejected", "withdrawn"):
        yield Step.SUBMIT
    last = {"approved": Step.APPROVE, "returned": Step.RETURN, "rejected": Step.REJECT, "withdrawn": Step.WITHDRAW}
    if state in last:
        yield last[state]


@pytest.mark.parametrize(("state", "author"), list(product(STATES, AUTHORS)))
def test_a_step_is_offered_exactly_when_taking_it_is_not_refused(
    database: Database, commune: Commune, state: str, author: str
) -> None:
    announcement = brought_to(database, commune, state, getattr(commune, author))
    everybody = [getattr(commune, name) for name in PEOPLE[:-1]]
    for by, step in product(everybody, ACTS):
        with database.session() as s:
            current = announcements.get(s, announcement.id)
            offered = step in steps(s, current, by)
            assert offered == (obstacle(s, step, current, by) is None)
            try:
                ACTS[step](s, current, by)
                done = True
            except LoaError:
                done = False
            s.rollback()
        assert done == offered, (state, author, by.username, step)


def test_an_approver_who_asked_for_approval_is_not_offered_to_approve(database: Database, commune: Commune) -> None:
    announcement = write(database, commune.officer)
    render(database)
    with database.session() as s:
        current = announcements.get(s, announcement.id)
        approvals.submit(s, announcement=current, by=commune.approver, now_at=NOW)
        assert Step.APPROVE not in steps(s, current, commune.approver)
        assert Step.RETURN in steps(s, current, commune.approver)


def test_whoever_wrote_any_part_since_the_last_approval_does_not_approve(database: Database, commune: Commune) -> None:
    announcement = approved(database, commune)
    with database.session() as s:
        for by, title in ((commune.approver, "Sửa lần một"), (commune.officer, "Sửa lần hai")):
            current = announcements.get(s, announcement.id)
            written = fields_of(current)
            announcements.edit(s, current, replace(written, title=title), revision=current.revision, by=by, now_at=NOW)
        approvals.submit(s, announcement=current, by=commune.officer, now_at=NOW)
        assert Step.APPROVE not in steps(s, current, commune.approver), "edited before the last editor did"
        deputy = person_in(s)
        assert Step.APPROVE in steps(s, current, deputy)


def person_in(s: Session) -> Person:
    return people.add_person(
        s,
        username="phochutich",
        full_name="Phó chủ tịch",
        password="mat-khau-rat-rieng",
        roles=[("con-minh", "approver")],
        by=None,
        now_at=NOW,
    )[0]


def test_work_on_a_clip_is_offered_only_while_there_is_some(database: Database, commune: Commune) -> None:
    announcement = write(database, commune.officer)
    with database.session() as s:
        current = announcements.get(s, announcement.id)
        assert Step.STOP_RENDERING in steps(s, current, commune.officer)
        jobs.cancel_latest(s, announcement=current, now_at=NOW)
        assert Step.STOP_RENDERING not in steps(s, current, commune.officer)
        assert Step.RENDER in steps(s, current, commune.officer)
