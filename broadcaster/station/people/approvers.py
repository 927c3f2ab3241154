"""No administrator acts as an approver.

The approver's role waits for a second administrator whenever one gave it, or made it possible to sign in as somebody
who has it. Where nobody else can confirm it, a day passes that everybody sees. Nobody is a second administrator in the
first day of that role, or after another administrator made it possible to sign in as them: one alone is not two.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.station.audit import entries as audit
from broadcaster.station.people.roles import may
from broadcaster.station.rows import changes
from broadcaster.station.schema import Membership, Person
from broadcaster.station.vocabulary.states import Role

ALONE = timedelta(days=1)
"""How long it waits where nobody else looks after people."""


def hold(s: Session, person: Person, *, by_id: str | None, now_at: datetime) -> None:
    """What this administrator did might let somebody else sign in as the person.

    ``by_id`` of None is the machine's own terminal.
    """
    if by_id is None or by_id == person.id:
        return
    for each in person.memberships:
        if each.role is Role.APPROVER:
            each.awaiting_since_at = each.awaiting_since_at or now_at
        if each.role in (Role.APPROVER, Role.ADMINISTRATOR):
            each.given_by_id, each.given_at = by_id, now_at
    s.flush()


def waiting(s: Session) -> list[tuple[Person, Membership]]:
    """Every approver's role that waits, and whose it is."""
    chosen = select(Person, Membership).join(Membership, Membership.person_id == Person.id)
    chosen = chosen.where(Membership.awaiting_since_at.is_not(None)).order_by(Person.username)
    return [(person, membership) for person, membership in s.execute(chosen).unique()]


def take_effect(s: Session, person: Person, *, by: Person, now_at: datetime) -> None:
    """All that waits of this person, by the word of ``by``."""
    for each in person.memberships:
        if each.awaiting_since_at is not None:
            _take_effect(s, person, each, by=by, now_at=now_at)


def due(s: Session, *, now_at: datetime) -> list[tuple[Person, Membership]]:
    """Those that waited a day and have no second administrator."""
    return [
        (person, each)
        for person, each in waiting(s)
        if each.awaiting_since_at is not None and each.awaiting_since_at + ALONE <= now_at
        if not seconds(s, person, each, now_at=now_at)
    ]


def take_effect_alone(s: Session, *, now_at: datetime) -> int:
    """Let those take effect that are due; how many."""
    found = due(s, now_at=now_at)
    for person, each in found:
        _take_effect(s, person, each, by=None, now_at=now_at)
    return len(found)


def seconds(s: Session, person: Person, membership: Membership, *, now_at: datetime) -> list[Person]:
    """The administrators who may confirm it."""
    first = (membership.given_by_id, person.id)
    others = s.scalars(select(Person).where(Person.disabled_at.is_(None)).order_by(Person.username)).unique()
    return [
        each
        for each in others
        if each.id not in first and _is_settled(each, now_at) and may(s, each, "manage_people", membership.unit_id)
    ]


def _is_settled(person: Person, now_at: datetime) -> bool:
    """Whether their role as administrator is no newer than a day, or was given at the terminal."""
    roles = [each for each in person.memberships if each.role is Role.ADMINISTRATOR]
    return any(each.given_at is None or each.given_at + ALONE <= now_at for each in roles)


def _take_effect(s: Session, person: Person, membership: Membership, *, by: Person | None, now_at: datetime) -> None:
    membership.awaiting_since_at = None
    details = {"unit": membership.unit_id, "given_by": membership.given_by_id}
    subject = f"person:{person.username}"
    audit.record(s, by=by, action="person.approver_confirmed", subject=subject, now_at=now_at, details=details)
    changes.bump(s, "people")
