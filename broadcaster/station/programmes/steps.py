"""What a person may do with a slot now: the act asks it, and its page and the API show it."""

from enum import StrEnum
from functools import partial

from sqlalchemy.orm import Session

from broadcaster.errors import Conflict
from broadcaster.station.people.permitted import permitted
from broadcaster.station.people.roles import Permission
from broadcaster.station.schema import Person, Slot
from broadcaster.station.units.units import require_in


class SlotStep(StrEnum):
    """One thing to do with a slot.

    EDIT: change it, its pause or one of its dates; FILL: put announcements in, take them out, order them; REMOVE: end
    it; COPY: begin another like it.
    """

    EDIT = "edit"
    FILL = "fill"
    REMOVE = "remove"
    COPY = "copy"


def steps(s: Session, slot: Slot, person: Person) -> frozenset[SlotStep]:
    """All that this person may do with it now."""
    return permitted(SlotStep, partial(_require, s, slot, person))


def require_step(s: Session, step: SlotStep, slot: Slot, person: Person) -> None:
    """Raises NotAllowed, or Conflict for a slot that was removed: it can only be copied."""
    require_in(s, slot.zones, by=person, permission=Permission.SCHEDULE)
    if slot.removed_at is not None and step is not SlotStep.COPY:
        raise Conflict("slot.removed")


def _require(s: Session, slot: Slot, person: Person, step: SlotStep) -> None:
    require_step(s, step, slot, person)
