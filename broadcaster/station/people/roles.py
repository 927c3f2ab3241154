"""Who may do what, and where: a role in a unit holds in every unit below it."""

from collections.abc import Iterator
from enum import StrEnum

from sqlalchemy.orm import Session

from broadcaster.errors import NotAllowed
from broadcaster.refusals.reasons import word
from broadcaster.station.schema import Person, Unit
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


_P = Permission
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OFFICER: frozenset({_P.WRITE, _P.BROADCAST, _P.SCHEDULE, _P.EMERGENCY, _P.VIEW_LOG}),
    Role.APPROVER: frozenset({_P.WRITE, _P.APPROVE, _P.BROADCAST, _P.SCHEDULE, _P.EMERGENCY, _P.VIEW_LOG}),
    Role.ADMINISTRATOR: frozenset({_P.MANAGE_NODES, _P.MANAGE_PEOPLE, _P.EMERGENCY, _P.VIEW_LOG}),
    Role.TECHNICIAN: frozenset({_P.MANAGE_NODES, _P.VIEW_LOG}),
    Role.VIEWER: frozenset({_P.VIEW_LOG}),
}
"""Who holds which. Approving is the approver's alone, and looking after people the administrator's."""


def may(s: Session, person: Person, permission: str, unit_id: str | None = None) -> bool:
    """Whether the person holds the permission in this unit; without a unit, whether in any."""
    if person.disabled_at is not None:
        return False
    units = {each.unit_id for each in person.memberships if Permission(permission) in PERMISSIONS[each.role]}
    if unit_id is None:
        return bool(units)
    return any(each in units for each in _upwards(s, unit_id))


def require(s: Session, person: Person, permission: str, unit_id: str | None = None) -> None:
    """Raises NotAllowed unless ``may``."""
    if not may(s, person, permission, unit_id):
        doing, unit = word("permission", permission), s.get(Unit, unit_id) if unit_id else None
        if unit is None:
            raise NotAllowed("person.not_permitted", person=person.full_name, doing=doing)
        raise NotAllowed("person.not_permitted_there", person=person.full_name, doing=doing, unit=unit.name)


def _upwards(s: Session, unit_id: str) -> Iterator[str]:
    """The unit, its parent, and so on to the root."""
    current: str | None = unit_id
    while current is not None:
        yield current
        unit = s.get(Unit, current)
        current = unit.parent_id if unit else None
