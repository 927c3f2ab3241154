"""Asks the rule of a route, for pages and for programs alike, before the route sees the request."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, request
from sqlalchemy.orm import Session

from broadcaster.errors import NotAllowed
from broadcaster.station.people import roles
from broadcaster.station.people.roles import Permission
from broadcaster.station.schema import Person
from web.access.objects import Units, units_of
from web.security.access import Reach, Rule, declared, rule_of
from web.shell.request_context import reading


@dataclass(frozen=True, slots=True)
class HeldByPerson:
    """What a person of the database holds, as rules ask it."""

    s: Session
    person: Person

    def somewhere(self, permission: Permission) -> bool:
        return roles.may_somewhere(self.person, permission)

    def over(self, permission: Permission, unit_id: str | None) -> bool:
        return roles.may(self.s, self.person, permission, unit_id)


def require(s: Session, person: Person, rule: Rule, path: Mapping[str, str]) -> None:
    """Raises NotAllowed when the rule forbids it, NotFound when there is no such object."""
    if rule.reach is Reach.SIGNED_IN and person.limited_to is not None:
        raise NotAllowed("token.own_account")  # what is the person's own is no scope of a program
    held = HeldByPerson(s, person)
    if not rule.allows_somewhere(held):
        roles.require_somewhere(person, rule.permissions[0])
    found: Units = units_of(s, rule.kind, path) if rule.kind else frozenset()
    if rule.reach in (Reach.OBJECT, Reach.COMMUNE) and not rule.allows(held, found):
        _refuse(s, person, rule, found or frozenset({None}))


def _refuse(s: Session, person: Person, rule: Rule, units: Units) -> None:
    """Raises NotAllowed that names the first unit where it is missing."""
    for unit_id in sorted(units, key=str):
        if not any(roles.may(s, person, each, unit_id) for each in rule.permissions):
            roles.require(s, person, rule.permissions[0], unit_id)


def undeclared(app: Flask) -> list[str]:
    """Routes that say nothing about who may call them."""
    return sorted({rule.endpoint for rule in app.url_map.iter_rules() if _rule(app, rule.endpoint) is None})


def init_app(app: Flask) -> None:
    """Ask before every page. Raises RuntimeError for a route without a rule: what nobody thought about stays shut."""
    open_still = undeclared(app)
    if open_still:
        raise RuntimeError(f"routes without an access rule: {', '.join(open_still)}")
    app.before_request(_ask)


def _ask() -> None:
    """Programs are asked where their token is read (``web/api/endpoints.py``)."""
    rule = rule_of(request.endpoint)
    if rule is None or rule.reach in (Reach.ANYBODY, Reach.SIGNED_IN) or request.path.startswith("/api/"):
        return
    with reading() as c:
        require(c.s, c.by, rule, request.view_args or {})


def _rule(app: Flask, endpoint: str) -> Rule | None:
    return declared(app.view_functions[endpoint])
