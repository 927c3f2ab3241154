"""The rule a route declares: who may call it, and over what. A route that declares none is refused when the console is
put together.

One rule is over (person, act, object, the object's units): the act stands as permissions, of which any one will do; the
object's units are found from the address (``web/access/objects.py``), or, where a form or a body names the object, by
the act itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

from flask import current_app

from broadcaster.station.people.roles import Permission

ATTRIBUTE = "access_rule"
View = TypeVar("View", bound=Callable[..., object])


class Reach(StrEnum):
    """Over what a rule is asked.

    ANYBODY: nothing is asked, not even who calls.
    SIGNED_IN: everybody with a login, about what is their own or common to all.
    SOMEWHERE: the permission in any unit; for lists and empty forms, which show each person what is theirs.
    OBJECT: the permission in every unit of the object that the address names.
    NAMED: as OBJECT, but form or body name it; asked by the act, after SOMEWHERE.
    COMMUNE: the permission over the commune as a whole.
    """

    ANYBODY = "anybody"
    SIGNED_IN = "signed_in"
    SOMEWHERE = "somewhere"
    OBJECT = "object"
    NAMED = "named"
    COMMUNE = "commune"


class Kind(StrEnum):
    """What an address names, and where its units are found."""

    ANNOUNCEMENT = "announcement"
    BROADCAST = "broadcast"
    EMERGENCY_ORDER = "emergency_order"
    SLOT = "slot"
    SLOT_ITEM = "slot_item"
    NODE = "node"
    UNIT = "unit"
    ZONE = "zone"
    MATTER = "matter"
    PERSON = "person"
    READING = "reading"
    FEEDBACK = "feedback"
    LIVE_SESSION = "live_session"


class Holding(Protocol):
    """What one person holds."""

    def somewhere(self, permission: Permission) -> bool:
        """In any unit."""

    def over(self, permission: Permission, unit_id: str | None) -> bool:
        """In this unit; None is the commune as a whole."""


@dataclass(frozen=True, slots=True)
class Rule:
    """reach: over what it is asked; permissions: any one of them will do; kind: what the address names, for OBJECT."""

    reach: Reach
    permissions: tuple[Permission, ...] = ()
    kind: Kind | None = None

    def allows_somewhere(self, holding: Holding) -> bool:
        """What is known before the object is: a person who holds none of it anywhere needs no object."""
        return not self.permissions or any(holding.somewhere(each) for each in self.permissions)

    def allows(self, holding: Holding, units: frozenset[str | None]) -> bool:
        """Whether this person may do it to an object of these units; None among them is the commune as a whole."""
        asked: frozenset[str | None] = frozenset({None}) if self.reach is Reach.COMMUNE else units
        if self.reach in (Reach.ANYBODY, Reach.SIGNED_IN, Reach.SOMEWHERE):
            return self.allows_somewhere(holding)
        return all(any(holding.over(each, unit_id) for each in self.permissions) for unit_id in asked)


ANYBODY = Rule(Reach.ANYBODY)
SIGNED_IN = Rule(Reach.SIGNED_IN)
READING = Rule(Reach.SOMEWHERE, (Permission.VIEW_LOG,))
"""What is written and aired in a commune is common knowledge of all who have a role in it."""


def somewhere(*permissions: str) -> Rule:
    return Rule(Reach.SOMEWHERE, _permissions(permissions))


def over(kind: Kind, *permissions: str) -> Rule:
    return Rule(Reach.OBJECT, _permissions(permissions), kind)


def over_named(*permissions: str) -> Rule:
    return Rule(Reach.NAMED, _permissions(permissions))


def over_commune(*permissions: str) -> Rule:
    return Rule(Reach.COMMUNE, _permissions(permissions))


def _permissions(names: tuple[str, ...]) -> tuple[Permission, ...]:
    return tuple(Permission(each) for each in names)


def asks(rule: Rule) -> Callable[[View], View]:
    """Declare the rule of a page, directly above its function."""

    def declare(view: View) -> View:
        setattr(view, ATTRIBUTE, rule)
        return view

    return declare


def declared(view: Callable[..., object]) -> Rule | None:
    """The rule a view declares."""
    found: Rule | None = getattr(view, ATTRIBUTE, None)
    return found


def rule_of(endpoint: str | None) -> Rule | None:
    """The rule of a route of the running application; None where there is no such route."""
    view = current_app.view_functions.get(endpoint or "")
    return declared(view) if view else None
