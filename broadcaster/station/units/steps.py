"""What a person may do with a unit now: the act asks it, and its page and the API show it."""

from enum import StrEnum
from functools import partial

from sqlalchemy.orm import Session

from broadcaster.station.people.permitted import permitted
from broadcaster.station.people.roles import Permission, require
from broadcaster.station.schema import Person, Unit


class UnitStep(StrEnum):
    """One thing to do with a unit.

    CHANGE: its names and where it lies; ADD_UNIT, ADD_NODE: below it, in it; NAME_PEOPLE: give somebody a role in it.
    """

    CHANGE = "change"
    ADD_UNIT = "add_unit"
    ADD_NODE = "add_node"
    NAME_PEOPLE = "name_people"


_ASKED = {UnitStep.NAME_PEOPLE: Permission.MANAGE_PEOPLE}
"""All else is the work of whoever looks after the nodes."""


def steps(s: Session, unit: Unit, person: Person) -> frozenset[UnitStep]:
    """All that this person may do with it now."""
    return permitted(UnitStep, partial(_require, s, unit, person))


def require_step(s: Session, step: UnitStep, unit: Unit, person: Person) -> None:
    """Raises NotAllowed."""
    require(s, person, _ASKED.get(step, Permission.MANAGE_NODES), unit.id)


def _require(s: Session, unit: Unit, person: Person, step: UnitStep) -> None:
    require_step(s, step, unit, person)
