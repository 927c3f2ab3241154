"""Keys for programs that use the API with the rights of one person. Shown once; only the hash is stored."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid, NotAllowed, NotFound
from broadcaster.station.audit import entries as audit
from broadcaster.station.database.transactions import is_read_only
from broadcaster.station.people.roles import require
from broadcaster.station.schema import ApiToken, Person
from broadcaster.station.vocabulary.names import name_of

PREFIX = "loa_"
_TOUCH = timedelta(minutes=1)


def add_token(
    s: Session, *, person: Person, name: str, now_at: datetime, days: int | None = 365, by: Person | None = None
) -> str:
    """A new token ``loa_…``, to be shown once. ``days`` of None never expires."""
    if person.disabled_at is not None:
        raise Conflict("token.account_locked", username=person.username)
    if days is not None and not 1 <= days <= 3650:
        raise Invalid("token.days_out_of_range", field="days")
    token = PREFIX + secrets.token_urlsafe(32)
    label = name_of(name, field="name")
    expires_at = now_at + timedelta(days=days) if days is not None else None
    s.add(ApiToken(person_id=person.id, name=label, token_hash=_hash(token), created_at=now_at, expires_at=expires_at))
    _note(s, "token.added", label, person, by=by or person, now_at=now_at)
    return token


def read_token(s: Session, token: str, *, now_at: datetime) -> Person:
    """Whose token this is. Raises NotAllowed for a wrong, expired or revoked one, or a disabled person's."""
    found = s.scalar(select(ApiToken).where(ApiToken.token_hash == _hash(token)))
    if found is None:
        raise NotAllowed("token.wrong")
    if found.person.disabled_at is not None:
        raise NotAllowed("token.owner_locked")
    if found.revoked_at is not None:
        raise NotAllowed("token.revoked")
    if found.expires_at is not None and now_at >= found.expires_at:
        raise NotAllowed("token.expired")
    if (found.used_at is None or now_at - found.used_at > _TOUCH) and not is_read_only(s):
        found.used_at = now_at
    return found.person


def listing(s: Session, *, person: Person | None = None) -> list[ApiToken]:
    """All tokens, or one person's, newest first."""
    chosen = select(ApiToken).order_by(ApiToken.created_at.desc())
    return list(s.scalars(chosen.where(ApiToken.person_id == person.id) if person else chosen))


def revoke_token(s: Session, *, token_id: str, by: Person | None, now_at: datetime) -> None:
    """The token works no more. One's own, or anybody's for those who look after people. Raises NotFound."""
    found = s.get(ApiToken, token_id)
    if found is None:
        raise NotFound("token.not_found")
    if by is not None and by.id != found.person_id:
        require(s, by, "manage_people", None)
    found.revoked_at = found.revoked_at or now_at
    _note(s, "token.revoked", found.name, found.person, by=by, now_at=now_at)


def _note(s: Session, action: str, label: str, person: Person, *, by: Person | None, now_at: datetime) -> None:
    subject = f"person:{person.username}"
    audit.record(s, by=by, action=action, subject=subject, now_at=now_at, details={"name": label})


def _hash(token: str) -> str:
    """The token is random and long, so a plain hash hides it; looking the hash up leaks nothing by its timing."""
    return hashlib.sha256(token.encode()).hexdigest()
