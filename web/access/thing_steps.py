"""What whoever is signed in may do with a thing, as pages show it: they ask the thing, never the person's roles.

Templates have ``steps_of(thing)``, ``hindrance(thing, step)``, ``may_over(places, permission)`` and
``reached(places, permission)``.
"""

from collections.abc import Iterable
from functools import singledispatch
from typing import TypeVar

from flask import Flask
from sqlalchemy.orm import Session, object_session

from broadcaster.errors import Conflict, NotAllowed
from broadcaster.station.alerts import steps as alert_steps
from broadcaster.station.announcements import steps as announcement_steps
from broadcaster.station.broadcasts import steps as broadcast_steps
from broadcaster.station.clips import steps as clip_steps
from broadcaster.station.emergencies import alarm_steps
from broadcaster.station.emergencies import steps as order_steps
from broadcaster.station.exchange import steps as exchange_steps
from broadcaster.station.feedback import steps as feedback_steps
from broadcaster.station.gauges import allowance_steps as gauge_allowance_steps
from broadcaster.station.gauges import steps as gauge_steps
from broadcaster.station.matters import steps as matter_steps
from broadcaster.station.nodes import steps as node_steps
from broadcaster.station.people import steps as person_steps
from broadcaster.station.people.permitted import refusal
from broadcaster.station.people.roles import may
from broadcaster.station.programmes import steps as slot_steps
from broadcaster.station.province import steps as province_steps
from broadcaster.station.releases import steps as release_steps
from broadcaster.station.rules import steps as stop_all_steps
from broadcaster.station.schema import (
    AlertAllowance,
    AlertSource,
    Announcement,
    Broadcast,
    DictionaryEntry,
    EmergencyOrder,
    Feedback,
    Gauge,
    GaugeAllowance,
    GaugeRuleRow,
    Matter,
    Node,
    NodeRelease,
    Person,
    ProvinceCommune,
    ProvinceItem,
    ReceivedOffer,
    Slot,
    StopAll,
    Tune,
    Unit,
    UpperLevel,
    Zone,
)
from broadcaster.station.units import steps as unit_steps
from broadcaster.station.units.units import units_of
from scheduler import collisions
from scheduler.collisions import Collision
from web.shell.logins import current_visitor
from web.shell.services import services

Thing = TypeVar("Thing")


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(steps_of=steps_of, hindrance=hindrance, may_over=may_over, reached=reached)


@singledispatch
def steps_of(thing: object) -> frozenset[str]:
    """All that whoever is signed in may do with this thing now, as the thing's own room answers it."""
    raise TypeError(f"nothing is known to be done with a {type(thing).__name__}")


@steps_of.register
def _(thing: Announcement) -> frozenset[str]:
    return announcement_steps.steps(*_asked(thing))


@steps_of.register
def _(thing: Slot) -> frozenset[str]:
    return slot_steps.steps(*_asked(thing))


@steps_of.register
def _(thing: Broadcast) -> frozenset[str]:
    return broadcast_steps.steps(*_asked(thing), now_at=services().clock())


@steps_of.register
def _(thing: EmergencyOrder) -> frozenset[str]:
    """The order's own steps, and those of the alarm it became."""
    mine: frozenset[str] = order_steps.steps(*_asked(thing), now_at=services().clock())
    return mine | alarm_steps.steps(*_asked(thing))


@steps_of.register
def _(thing: StopAll) -> frozenset[str]:
    return stop_all_steps.steps(*_asked(thing))


@steps_of.register
def _(thing: NodeRelease) -> frozenset[str]:
    return release_steps.steps(*_asked(thing))


@steps_of.register
def _(thing: Node) -> frozenset[str]:
    return node_steps.steps(*_asked(thing))


@steps_of.register
def _(thing: Unit) -> frozenset[str]:
    return unit_steps.steps(*_asked(thing))


@steps_of.register
def _(thing: Person) -> frozenset[str]:
    return person_steps.steps(*_asked(thing), now_at=services().clock())


@steps_of.register
def _(thing: Matter) -> frozenset[str]:
    return matter_steps.steps(*_asked(thing))


@steps_of.register
def _(thing: Feedback) -> frozenset[str]:
    return feedback_steps.steps(*_asked(thing))


@steps_of.register
def _(thing: Tune) -> frozenset[str]:
    return clip_steps.steps(*_asked(thing))


@steps_of.register
def _(thing: AlertSource) -> frozenset[str]:
    return alert_steps.source_steps(*_asked(thing))


@steps_of.register
def _(thing: AlertAllowance) -> frozenset[str]:
    return alert_steps.allowance_steps(*_asked(thing))


@steps_of.register
def _(thing: Gauge) -> frozenset[str]:
    return gauge_steps.gauge_steps(*_asked(thing))


@steps_of.register
def _(thing: GaugeRuleRow) -> frozenset[str]:
    """The rule's own steps, and those of what it says."""
    mine: frozenset[str] = gauge_steps.rule_steps(*_asked(thing))
    return mine | gauge_allowance_steps.speech_steps(*_asked(thing), now_at=services().clock())


@steps_of.register
def _(thing: GaugeAllowance) -> frozenset[str]:
    return gauge_allowance_steps.allowance_steps(*_asked(thing))


@steps_of.register
def _(thing: ReceivedOffer) -> frozenset[str]:
    return exchange_steps.offer_steps(*_asked(thing))


@steps_of.register
def _(thing: UpperLevel) -> frozenset[str]:
    return exchange_steps.level_steps(*_asked(thing))


@steps_of.register
def _(thing: ProvinceItem) -> frozenset[str]:
    return province_steps.item_steps(*_asked(thing), now_at=services().clock())


@steps_of.register
def _(thing: ProvinceCommune) -> frozenset[str]:
    return province_steps.commune_steps(*_asked(thing))


@steps_of.register
def _(thing: DictionaryEntry) -> frozenset[str]:
    return clip_steps.reading_steps(*_asked(thing))


@steps_of.register
def _(thing: Collision) -> frozenset[str]:
    s, _first, person = _asked(thing.broadcasts[0])
    refused = refusal(lambda: collisions.require_decider(s, thing, person))
    return frozenset() if refused else frozenset({"decide"})


def hindrance(thing: Broadcast | EmergencyOrder, step: str) -> Conflict | None:
    """What stands in the way of a step this person could do otherwise: AGAIN of a broadcast, ALL_CLEAR of an alarm."""
    s, _thing, person = _asked(thing)
    if isinstance(thing, Broadcast):
        again, now_at = broadcast_steps.BroadcastStep(step), services().clock()
        refused = refusal(lambda: broadcast_steps.require_step(s, again, thing, person, now_at=now_at))
    else:
        asked = alarm_steps.AlarmStep(step)
        refused = refusal(lambda: alarm_steps.require_step(s, asked, thing, person))
    return refused if isinstance(refused, Conflict) else None


def may_over(places: Zone | Unit | Iterable[Zone | Unit], permission: str) -> bool:
    """Whether whoever is signed in holds the permission in every one of these places."""
    listed = [places] if isinstance(places, Zone | Unit) else places
    return all(_holds(place, permission) for place in listed)


def reached(places: Iterable[Zone | Unit], permission: str) -> list[Zone | Unit]:
    """Those in which whoever is signed in holds the permission: what a form offers to choose from."""
    return [place for place in places if _holds(place, permission)]


def _holds(place: Zone | Unit, permission: str) -> bool:
    s, _place, person = _asked(place)
    units = units_of(s, place) if isinstance(place, Zone) else {place.id}
    return all(may(s, person, permission, unit_id) for unit_id in units)


def _asked(thing: Thing) -> tuple[Session, Thing, Person]:
    """The open session the thing lives in, the thing, and who asks. Raises NotAllowed when the account is gone."""
    s, visitor = object_session(thing), current_visitor()
    person = s.get(Person, visitor.person_id) if s is not None and visitor is not None else None
    if s is None or person is None:
        raise NotAllowed("account.gone")
    return s, thing, person
