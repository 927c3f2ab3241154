"""Logins: adding people, changing what they may do, and telling whether a password is theirs."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid, NotFound
from broadcaster.station.audit import entries as audit
from broadcaster.station.people import approvers, devices
from broadcaster.station.people.authentication import authenticate, find, username_of
from broadcaster.station.people.passwords import check_password, hash_password, random_password
from broadcaster.station.people.roles import require
from broadcaster.station.people.steps import PersonStep, is_over, require_over, require_step, units_of
from broadcaster.station.rows import changes
from broadcaster.station.schema import ApiToken, LoginSession, Membership, Person, Unit
from broadcaster.station.vocabulary.names import bare, name_of, sort_key
from broadcaster.station.vocabulary.states import Role

__all__ = [
    "add_person",
    "authenticate",
    "chosen",
    "confirm_approver",
    "count",
    "disable",
    "enable",
    "end_sessions",
    "find",
    "get",
    "listing",
    "open_sessions",
    "require_over",
    "set_password",
    "set_roles",
    "units_of",
]


def add_person(
    s: Session,
    *,
    username: str,
    full_name: str,
    password: str | None,
    roles: Sequence[tuple[str, str]],
    by: Person | None,
    now_at: datetime,
) -> tuple[Person, str]:
    """A new login and its password, made up when none is given. ``roles`` are pairs of unit id and role.

    Raises Invalid, Conflict when the username is taken, or NotAllowed.
    """
    chosen = password or random_password()
    name = username_of(username)
    if find(s, name):
        raise Conflict("person.username_taken", field="username", username=name)
    if password is not None:
        check_password(password, names=(name, full_name))
    person = Person(
        username=name,
        full_name=name_of(full_name, field="full_name"),
        password_hash=hash_password(chosen),
        created_at=now_at,
    )
    person.memberships = _memberships(s, roles, by=by)
    s.add(person)
    s.flush()
    approvers.hold(s, person, by_id=by.id if by else None, now_at=now_at)
    _note(s, person, "person.added", by=by, now_at=now_at)
    return person, chosen


def get(s: Session, person_id: str) -> Person:
    """Raises NotFound."""
    person = s.get(Person, person_id)
    if person is None:
        raise NotFound("person.not_found")
    return person


def listing(s: Session) -> list[Person]:
    """Everybody, by name."""
    return list(s.scalars(select(Person).order_by(Person.username)))


def chosen(
    s: Session, *, by: Person, query: str = "", role: str = "", state: str = "", order: str = "name"
) -> list[Person]:
    """Those that fit, marks not minded, of the people whom ``by`` looks after. ``state``: active or disabled;
    ``order``: name, username or -created."""
    words = bare(query).split()
    found = [
        person
        for person in listing(s)
        if is_over(s, person, by)
        and all(word in bare(f"{person.full_name} {person.username}") for word in words)
        and (not role or any(each.role == role for each in person.memberships))
        and (state not in ("active", "disabled") or (person.disabled_at is None) == (state == "active"))
    ]
    if order == "-created":
        return sorted(found, key=lambda person: person.created_at, reverse=True)
    return found if order == "username" else sorted(found, key=lambda person: sort_key(person.full_name))


def set_password(s: Session, *, person: Person, password: str | None, by: Person | None, now_at: datetime) -> str:
    """A new password, made up when none is given; every login session and API token of the person ends."""
    if by is not None and by.id != person.id:
        require_over(s, person, by)
        approvers.hold(s, person, by_id=by.id, now_at=now_at)
    if password is not None:
        check_password(password, names=(person.username, person.full_name))
    chosen = password or random_password()
    person.password_hash = hash_password(chosen)
    person.failed_logins, person.locked_until_at = 0, None
    _end_access(s, person, now_at)
    _note(s, person, "person.password_set", by=by, now_at=now_at)
    return chosen


def set_roles(
    s: Session, *, person: Person, roles: Sequence[tuple[str, str]], by: Person | None, now_at: datetime
) -> None:
    """Replace what the person may do. Raises Conflict on oneself, lest nobody be left who may change it back."""
    if by is not None:
        require_step(s, PersonStep.SET_ROLES, person, by, now_at=now_at)
    before = {(each.unit_id, each.role): each for each in person.memberships}
    wanted = _memberships(s, roles, by=by)
    person.memberships = [before.get((each.unit_id, each.role), each) for each in wanted]
    new = [each for each in person.memberships if (each.unit_id, each.role) not in before]
    for each in new:
        each.given_by_id, each.given_at = (by.id, now_at) if by else (None, None)
        if by is not None and each.role is Role.APPROVER:
            each.awaiting_since_at = now_at
    _note(s, person, "person.roles_set", by=by, now_at=now_at)


def disable(s: Session, *, person: Person, by: Person | None, now_at: datetime) -> None:
    """The person can no longer act, by password, session or token. Raises Conflict on oneself."""
    if by is not None:
        require_step(s, PersonStep.DISABLE, person, by, now_at=now_at)
    person.disabled_at = now_at
    _end_access(s, person, now_at)
    _note(s, person, "person.disabled", by=by, now_at=now_at)


def enable(s: Session, *, person: Person, by: Person | None, now_at: datetime) -> None:
    """Undo ``disable``."""
    if by is not None:
        require_step(s, PersonStep.ENABLE, person, by, now_at=now_at)
    person.disabled_at = None
    _note(s, person, "person.enabled", by=by, now_at=now_at)


def confirm_approver(s: Session, *, person: Person, by: Person, now_at: datetime) -> None:
    """The second administrator's word for the approver's role. Raises NotAllowed for whoever is none; Conflict when
    nothing waits."""
    require_step(s, PersonStep.CONFIRM, person, by, now_at=now_at)
    approvers.take_effect(s, person, by=by, now_at=now_at)


def open_sessions(s: Session, *, person: Person, now_at: datetime) -> list[LoginSession]:
    """Where the person is signed in, the latest first."""
    mine = (LoginSession.person_id == person.id) & LoginSession.ended_at.is_(None)
    chosen = select(LoginSession).where(mine, LoginSession.expires_at > now_at)
    return list(s.scalars(chosen.order_by(LoginSession.seen_at.desc())))


def end_sessions(s: Session, *, person: Person, by: Person, now_at: datetime) -> None:
    """Sign the person out everywhere; their API tokens end too."""
    require_step(s, PersonStep.SIGN_OUT, person, by, now_at=now_at)
    _end_access(s, person, now_at)
    _note(s, person, "person.signed_out", by=by, now_at=now_at)


def _memberships(s: Session, roles: Sequence[tuple[str, str]], *, by: Person | None) -> list[Membership]:
    return [_membership(s, unit_id, role, by=by) for unit_id, role in dict.fromkeys(roles)]


def _membership(s: Session, unit_id: str, role: str, *, by: Person | None) -> Membership:
    if role not in set(Role):
        raise Invalid("person.role_unknown", field="roles", role=role, known=Role)
    if s.get(Unit, unit_id) is None:
        raise Invalid("unit.not_found", field="roles", unit=unit_id)
    if by is not None:
        require(s, by, "manage_people", unit_id)
    return Membership(unit_id=unit_id, role=Role(role))


def _end_access(s: Session, person: Person, now_at: datetime) -> None:
    """Every login and every program's token: whoever stole one has nothing left."""
    theirs = (ApiToken.person_id == person.id) & ApiToken.revoked_at.is_(None)
    s.execute(update(ApiToken).where(theirs).values(revoked_at=now_at))
    mine = (LoginSession.person_id == person.id) & LoginSession.ended_at.is_(None)
    s.execute(update(LoginSession).where(mine).values(ended_at=now_at))
    devices.forget_all(s, person)


def _note(s: Session, person: Person, action: str, *, by: Person | None, now_at: datetime) -> None:
    roles = sorted(f"{each.unit_id}:{each.role}" for each in person.memberships)
    subject = f"person:{person.username}"
    audit.record(s, by=by, action=action, subject=subject, now_at=now_at, details={"roles": roles})
    changes.bump(s, "people")


def count(s: Session) -> int:
    """How many logins there are."""
    return s.scalar(select(func.count()).select_from(Person)) or 0
