"""Every route, role and relation, and what the routes' own rules say of them: what ``loa access`` prints.

A relation is where a person's role and the object lie: a hamlet's person before an object of the own hamlet, of another
hamlet, of the whole commune; and somebody whose role is the commune's before any object in it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from flask import Flask

from broadcaster.station.people.roles import PERMISSIONS, Permission
from broadcaster.station.vocabulary.states import Role
from web.security.access import Reach, Rule, declared

_COMMUNE, _HAMLET, _OTHER = "commune", "hamlet", "other"
_ABOVE: dict[str | None, tuple[str, ...]] = {
    None: (_COMMUNE,),
    _HAMLET: (_HAMLET, _COMMUNE),
    _OTHER: (_OTHER, _COMMUNE),
}


class Relation(StrEnum):
    """Where the person's role and the object lie."""

    OWN_HAMLET = "own_hamlet"
    OTHER_HAMLET = "other_hamlet"
    COMMUNE = "commune"
    COMMUNE_PERSON = "commune_person"


_PLACES: dict[Relation, tuple[str, str | None]] = {
    Relation.OWN_HAMLET: (_HAMLET, _HAMLET),
    Relation.OTHER_HAMLET: (_HAMLET, _OTHER),
    Relation.COMMUNE: (_HAMLET, None),
    Relation.COMMUNE_PERSON: (_COMMUNE, _OTHER),
}
"""The unit of the person's role, and that of the object."""


@dataclass(frozen=True, slots=True)
class Supposed:
    """Somebody who has one role in one unit, without a database."""

    role: Role
    unit: str

    def somewhere(self, permission: Permission) -> bool:
        return permission in PERMISSIONS[self.role]

    def over(self, permission: Permission, unit_id: str | None) -> bool:
        return self.somewhere(permission) and self.unit in _ABOVE[unit_id]


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the matrix.

    method, path: as programs and browsers ask for it, variables in braces.
    endpoint: its name in the console.
    rule: what it declares.
    """

    method: str
    path: str
    endpoint: str
    rule: Rule

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")

    @property
    def is_open(self) -> bool:
        """To whoever has no login at all."""
        return self.rule.reach is Reach.ANYBODY

    def allows(self, role: Role, relation: Relation) -> bool:
        unit, object_unit = _PLACES[relation]
        return self.rule.allows(Supposed(role, unit), frozenset({object_unit}))


def routes(app: Flask) -> list[Route]:
    """All of them, pages first, by path and method."""
    found = [
        Route(method, _path(each.rule), each.endpoint, rule)
        for each in app.url_map.iter_rules()
        if (rule := declared(app.view_functions[each.endpoint])) is not None
        for method in sorted((each.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    return sorted(found, key=lambda each: (each.is_api, each.path, each.method))


def as_json(found: Iterable[Route]) -> dict[str, object]:
    """The matrix for programs."""
    return {
        "roles": [str(role) for role in Role],
        "relations": [str(relation) for relation in Relation],
        "routes": [_line(each) for each in found],
    }


def _line(route: Route) -> dict[str, object]:
    rule = route.rule
    return {
        "method": route.method,
        "path": route.path,
        "surface": "api" if route.is_api else "page",
        "reach": str(rule.reach),
        "permissions": [str(each) for each in rule.permissions],
        "object": str(rule.kind) if rule.kind else None,
        "anonymous": route.is_open,
        "allowed": {str(role): {str(relation): route.allows(role, relation) for relation in Relation} for role in Role},
    }


def _path(rule: str) -> str:
    """``/nodes/{node_id}``: as OpenAPI writes it."""
    return re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule)
