"""Invitations: a link with which somebody sets a password of their own, once, within a week."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from broadcaster.errors import NotFound
from broadcaster.station.audit import entries as audit
from broadcaster.station.people import approvers, people
from broadcaster.station.people.steps import PersonStep, require_over, require_step
from broadcaster.station.schema import Invitation, Person

LIFE = timedelta(days=7)


def invite(
    s: Session,
    *,
    username: str,
    full_name: str,
    roles: Sequence[tuple[str, str]],
    by: Person,
    now_at: datetime,
) -> tuple[Person, str]:
    """A new login without a password anybody knows, and the token of the link. Raises as ``people.add_person``."""
    person, _ = people.add_person(
        s, username=username, full_name=full_name, password=None, roles=roles, by=by, now_at=now_at
    )
    require_over(s, person, by)
    return person, _offered(s, person=person, by=by, now_at=now_at, is_reset=False)


def offer(s: Session, *, person: Person, by: Person, now_at: datetime) -> str:
    """The token of a fresh link for a login that exists; older links stop working. Raises NotAllowed, Conflict.

    When it is used, the approver's role waits for a second administrator, for the first may have used it.
    """
    require_step(s, PersonStep.INVITE, person, by, now_at=now_at)
    return _offered(s, person=person, by=by, now_at=now_at, is_reset=True)


def _offered(s: Session, *, person: Person, by: Person, now_at: datetime, is_reset: bool) -> str:
    open_ones = update(Invitation).where(Invitation.person_id == person.id, Invitation.used_at.is_(None))
    s.execute(open_ones.values(expires_at=now_at))
    token = secrets.token_urlsafe(24)
    s.add(
        Invitation(
            person_id=person.id,
            token_hash=_hash(token),
            created_by_id=by.id,
            is_reset=is_reset,
            created_at=now_at,
            expires_at=now_at + LIFE,
        )
    )
    audit.record(s, by=by, action="person.invited", subject=f"person:{person.username}", now_at=now_at)
    return token


def invited(s: Session, token: str, *, now_at: datetime) -> Person:
    """Whom the link is for. Raises NotFound when it works no more."""
    return _find(s, token, now_at).person


def accept(s: Session, *, token: str, password: str, now_at: datetime) -> Person:
    """Take the password; the link has done its work. Raises NotFound, Invalid(field="password")."""
    found = _find(s, token, now_at)
    unused = update(Invitation).where(Invitation.id == found.id, Invitation.used_at.is_(None))
    if s.scalar(unused.values(used_at=now_at).returning(Invitation.id)) is None:
        raise NotFound("invitation.stale")
    person = found.person
    if found.is_reset:
        approvers.hold(s, person, by_id=found.created_by_id, now_at=now_at)
    people.set_password(s, person=person, password=password, by=person, now_at=now_at)
    return person


def pending(s: Session, person: Person, *, now_at: datetime) -> Invitation | None:
    """The link that still works, if there is one."""
    mine = select(Invitation).where(Invitation.person_id == person.id, Invitation.used_at.is_(None))
    return s.scalars(mine.where(Invitation.expires_at > now_at).limit(1)).first()


def _find(s: Session, token: str, now_at: datetime) -> Invitation:
    found = s.scalars(select(Invitation).where(Invitation.token_hash == _hash(token))).first()
    if found is None or found.used_at is not None or now_at >= found.expires_at:
        raise NotFound("invitation.stale")
    if found.person.disabled_at is not None:
        raise NotFound("invitation.stale")
    return found


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
