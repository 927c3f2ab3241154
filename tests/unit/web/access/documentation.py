"""``docs/access.md``, made of the rules the routes declare: ``python -m tests.unit.web.access.documentation`` writes it
anew."""

from collections.abc import Iterable
from pathlib import Path

from broadcaster.station.people.roles import PERMISSIONS
from broadcaster.station.vocabulary.states import Role
from loa.access import known_routes
from web.access.matrix import Relation, Route
from web.security.access import Reach, Rule

PATH = Path(__file__).parents[4] / "docs" / "access.md"
HEAD = """# Who may do what

An act is allowed by one rule over (person, act, object, the object's unit). Every route of the console and
every path of the API declares its rule beside itself; a route that declares none keeps the console from
starting, and the rule is asked before the route sees the request. `loa access` prints the matrix, `loa access
--json` gives it to programs; this page is made of the same rules by `python -m
tests.unit.web.access.documentation`, and a test calls every route as every role in every relation.

A role is held in a unit and holds in every unit below it: a role in the commune reaches all its hamlets, one in
a hamlet that hamlet alone. An object's unit is where it sounds or stands: an announcement, a slot, a broadcast
and an emergency order belong to every unit of their zones, a node and a person to theirs, a reading to the unit
it was written for. Whatever belongs to no hamlet is the commune's.

## What a hamlet's people do

- An **officer** writes, sends for approval, airs and schedules in the own hamlet, orders emergencies for it
  with a second person, and stops what sounds there and nowhere else. An announcement that also sounds elsewhere
  is not theirs.
- An **approver** does the same and releases what others wrote for the hamlet.
- An **administrator** looks after the hamlet's people and nodes, a **technician** after its nodes.
- What concerns the whole commune is the commune's people's: its alarms, stop-all and its lifting, settings,
  emergency rules, patterns, the reading dictionary, the public page, the audit trail, other hamlets' people.
- **Reading** is common: whoever has a role anywhere sees what is written, planned and aired in the commune, as
  its loudspeakers make it public anyway. People, settings and the audit trail are seen only by those who look
  after them.

The approver's role is no administrator's to take: given anew, or after a reset, it waits for a second administrator
who has been one for a day; where there is none, it takes effect after a day that everybody sees on the home page.

The rule is not the whole answer: nobody approves their own words, an alarm needs two people, what is over
cannot be stopped. Those depend on the state of the object, are asked by the act itself, and are told on its
page as `steps`.

"""
REACH = {
    Reach.ANYBODY: "anybody, without a login",
    Reach.SIGNED_IN: "everybody with a login, about what is their own",
    Reach.SOMEWHERE: "in any unit: lists and empty forms, which show each person what is theirs",
    Reach.OBJECT: "in every unit of the {kind} that the address names",
    Reach.NAMED: "in every unit of what the form or the body names",
    Reach.COMMUNE: "in the commune as a whole",
}


def text() -> str:
    """The page as it has to be."""
    routes = known_routes()
    rules = sorted({route.rule for route in routes}, key=_place)
    parts = [HEAD, _permissions(), "## Routes\n\n", _legend()]
    parts += [_rule(rule, [route for route in routes if route.rule == rule]) for rule in rules]
    return "".join(parts).rstrip() + "\n"


def _place(rule: Rule) -> tuple[int, str, str]:
    return list(Reach).index(rule.reach), "".join(rule.permissions), rule.kind or ""


def _permissions() -> str:
    head = "## Permissions of the roles\n\n| role | permissions |\n|---|---|\n"
    return head + "".join(f"| {role} | {', '.join(sorted(PERMISSIONS[role]))} |\n" for role in Role) + "\n"


def _legend() -> str:
    relations = ", ".join(f"`{relation}`" for relation in Relation)
    return (
        f"The four letters of each role are the relations {relations}: y allowed, n refused. The first three are of a\n"
        "hamlet's person, before an object of the own hamlet, of another hamlet, of the whole commune; the last of a\n"
        "person of the commune before any object in it.\n\n"
    )


def _rule(rule: Rule, routes: Iterable[Route]) -> str:
    found = list(routes)
    asked = " or ".join(f"`{each}`" for each in rule.permissions)
    kind = (rule.kind or "").replace("_", " ")
    title = f"{asked}: {REACH[rule.reach].format(kind=kind)}" if asked else REACH[rule.reach]
    marks = ", ".join(f"{role} {_marks(found[0], role)}" for role in Role)
    lines = "\n".join(f"    {route.method:6} {route.path}" for route in found)
    return f"### {title[0].upper()}{title[1:]}\n\n{marks}\n\n{lines}\n\n"


def _marks(route: Route, role: Role) -> str:
    return "".join("y" if route.allows(role, relation) else "n" for relation in Relation)


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
