"""What a person may do with what a slot relays: the act asks it, and its page and the API show it."""

from enum import StrEnum
from functools import partial

from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, NotAllowed
from broadcaster.station.people.permitted import permitted
from broadcaster.station.people.roles import Permission
from broadcaster.station.relays.slot_relays import authors, is_approved, of
from broadcaster.station.schema import Person, Slot
from broadcaster.station.units.units import require_in


class RelayStep(StrEnum):
    """CHOOSE: let the slot relay something, or something else; APPROVE: release it; REMOVE: it relays nothing more."""

    CHOOSE = "choose"
    APPROVE = "approve"
    REMOVE = "remove"


_PERMISSIONS = {
    RelayStep.CHOOSE: Permission.SCHEDULE,
    RelayStep.APPROVE: Permission.APPROVE,
    RelayStep.REMOVE: Permission.SCHEDULE,
}


def steps(s: Session, slot: Slot, person: Person) -> frozenset[RelayStep]:
    """All that this person may do with it now."""
    return permitted(RelayStep, partial(_require, s, slot, person))


def require_step(s: Session, step: RelayStep, slot: Slot, person: Person) -> None:
    """Raises NotAllowed, NotFound where nothing is relayed, or Conflict with what stands in the way."""
    require_in(s, slot.zones, by=person, permission=_PERMISSIONS[step])
    if step is RelayStep.CHOOSE:
        if slot.removed_at is not None:
            raise Conflict("slot.removed")
        return
    relay = of(s, slot)
    if step is RelayStep.APPROVE:
        if person.id in authors(s, relay):
            raise NotAllowed("relay.own_choice")
        if is_approved(s, relay):
            raise Conflict("relay.approved_already")


def _require(s: Session, slot: Slot, person: Person, step: RelayStep) -> None:
    require_step(s, step, slot, person)
