"""Who may do what, and where: a role in a unit holds in every unit below it."""

from collections.abc import Iterator
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import NotAllowed
from broadcaster.refusals.reasons import word
from broadcaster.station.schema import Membership, Person, Unit
from broadcaster.station.vocabulary.states import Role


class Permission(StrEnum):
    """What a person may be allowed to do."""

    WRITE = "write"
    APPROVE = "approve"
    BROADCAST = "broadcast"
    SCHEDULE = "schedule"
    MANAGE_NODES = "manage_nodes"
    MANAGE_PEOPLE = "manage_people"
    VIEW_LOG = "view_log"
    EMERGENCY = "emergency"
    SPEAK_LIVE = "speak_live"


_PARENTS = "unit_parents"
_P = Permission
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OFFICER: frozenset({_P.WRITE, _P.BROADCAST, _P.SCHEDULE, _P.EMERGENCY, _P.SPEAK_LIVE, _P.VIEW_LOG}),
    Role.APPROVER: frozenset(
        {_P.WRITE, _P.APPROVE, _P.BROADCAST, _P.SCHEDULE, _P.EMERGENCY, _P.SPEAK_LIVE, _P.VIEW_LOG}
    ),
    Role.ADMINISTRATOR: frozenset({_P.MANAGE_NODES, _P.MANAGE_PEOPLE, _P.EMERGENCY, _P.VIEW_LOG}),
    Role.TECHNICIAN: frozenset({_P.MANAGE_NODES, _P.VIEW_LOG}),
    Role.VIEWER: frozenset({_P.VIEW_LOG}),
}
"""Who holds which. Approving is the approver's alone, and looking after people the administrator's."""


def may(s: Session, person: Person, permission: str, unit_id: str | None) -> bool:
    """Whether the person holds the permission over this unit; None is the commune as a whole."""
    if not _counts(person, permission):
        return False
    units = {each.unit_id for each in person.memberships if _gives(each, permission)}
    return any(each in units for each in upwards(s, unit_id or commune_id(s)))


def may_somewhere(person: Person, permission: str) -> bool:
    """Whether there is any unit over which the person holds it: what menus and lists ask, never what an act asks."""
    return _counts(person, permission) and any(_gives(each, permission) for each in person.memberships)


def _gives(membership: Membership, permission: str) -> bool:
    """A role that waits for a second administrator gives nothing yet."""
    return membership.awaiting_since_at is None and Permission(permission) in PERMISSIONS[membership.role]


def _counts(person: Person, permission: str) -> bool:
    """Whether anything the person holds counts now: not of a locked account, nor beyond a program's scopes."""
    within = person.limited_to is None or permission in person.limited_to
    return person.disabled_at is None and within


def require(s: Session, person: Person, permission: str, unit_id: str | None) -> None:
    """Raises NotAllowed unless ``may``."""
    if not may(s, person, permission, unit_id):
        raise _refused(person, permission, s.get(Unit, unit_id or commune_id(s)))


def require_somewhere(person: Person, permission: str) -> None:
    """Raises NotAllowed unless ``may_somewhere``."""
    if not may_somewhere(person, permission):
        raise _refused(person, permission, None)


def commune_id(s: Session) -> str | None:
    """The unit above all others, which stands for the commune as a whole; None before there is one."""
    return min((each for each, parent_id in _parents(s).items() if parent_id is None), default=None)


def _refused(person: Person, permission: str, unit: Unit | None) -> NotAllowed:
    doing = word("permission", permission)
    if unit is None:
        return NotAllowed("person.not_permitted", person=person.full_name, doing=doing)
    return NotAllowed("person.not_permitted_there", person=person.full_name, doing=doing, unit=unit.name)


def upwards(s: Session, unit_id: str | None) -> Iterator[str]:
    """The unit, its parent, and so on to the root."""
    current = unit_id
    while current is not None:
        yield current
        current = _parents(s, current).get(current)


def _parents(s: Session, unit_id: str | None = None) -> dict[str, str | None]:
    """Every unit's parent, of this one at least. No unit ever moves, and a request asks some ten times: its session
    remembers the tree, which is one commune's."""
    known: dict[str, str | None] = s.info.setdefault(_PARENTS, {})
    if not known or (unit_id is not None and unit_id not in known):
        known.update((each.id, each.parent_id) for each in s.execute(select(Unit.id, Unit.parent_id)))
    return known
