"""Keys for programs that use the API with the rights of one person. Shown once; only the hash is stored."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid, NotAllowed, NotFound
from broadcaster.station.audit import entries as audit
from broadcaster.station.database.transactions import is_read_only
from broadcaster.station.people.roles import Permission, require
from broadcaster.station.people.second_factor import must_enrol
from broadcaster.station.schema import ApiToken, Person
from broadcaster.station.vocabulary.names import name_of

PREFIX = "loa_"
LONGEST_DAYS = 730
_TOUCH = timedelta(minutes=1)


def add_token(
    s: Session,
    *,
    person: Person,
    name: str,
    now_at: datetime,
    days: int = 365,
    scopes: Collection[str] | None = None,
    by: Person | None = None,
) -> str:
    """A new token ``loa_…``, to be shown once. ``scopes`` are names of permissions; None is all the person has.

    Raises Invalid, or Conflict for a locked account and for one that owes the commune a second factor.
    """
    if person.disabled_at is not None:
        raise Conflict("token.account_locked", username=person.username)
    if must_enrol(s, person):
        raise Conflict("token.second_factor_first", username=person.username)
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid("token.days_out_of_range", field="days", most=LONGEST_DAYS)
    token = PREFIX + secrets.token_urlsafe(32)
    made = ApiToken(
        person_id=person.id,
        name=name_of(name, field="name"),
        token_hash=_hash(token),
        scopes=None if scopes is None else _checked(scopes),
        created_at=now_at,
        expires_at=now_at + timedelta(days=days),
    )
    s.add(made)
    _note(s, "token.added", made, person, by=by or person, now_at=now_at)
    return token


def read_token(s: Session, token: str, *, now_at: datetime) -> Person:
    """Whose token this is, held to its scopes in this database session. Raises NotAllowed for a wrong, expired or
    revoked one, for a disabled person's, and where the commune asks for a second factor that is not there."""
    found = s.scalar(select(ApiToken).where(ApiToken.token_hash == _hash(token)))
    if found is None:
        raise NotAllowed("token.wrong")
    if found.person.disabled_at is not None:
        raise NotAllowed("token.owner_locked")
    if found.revoked_at is not None:
        raise NotAllowed("token.revoked")
    if found.expires_at is not None and now_at >= found.expires_at:
        raise NotAllowed("token.expired")
    if must_enrol(s, found.person):
        raise NotAllowed("token.second_factor_first", username=found.person.username)
    if (found.used_at is None or now_at - found.used_at > _TOUCH) and not is_read_only(s):
        found.used_at = now_at
    found.person.limited_to = None if found.scopes is None else frozenset(found.scopes)
    return found.person


def _checked(scopes: Collection[str]) -> list[str]:
    """Each once, in the order of the permissions. Raises Invalid."""
    unknown = sorted(set(scopes) - set(Permission))
    if unknown:
        raise Invalid("token.scope_unknown", field="scopes", scope=unknown[0][:40], known=Permission)
    if not scopes:
        raise Invalid("token.no_scope", field="scopes")
    return [each.value for each in Permission if each in scopes]


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
    _note(s, "token.revoked", found, found.person, by=by, now_at=now_at)


def _note(s: Session, action: str, token: ApiToken, person: Person, *, by: Person | None, now_at: datetime) -> None:
    subject = f"person:{person.username}"
    details = {"name": token.name, "scopes": token.scopes}
    audit.record(s, by=by, action=action, subject=subject, now_at=now_at, details=details)


def _hash(token: str) -> str:
    """The token is random and long, so a plain hash hides it; looking the hash up leaks nothing by its timing."""
    return hashlib.sha256(token.encode()).hexdigest()
