"""Slots through the API."""

from typing import Any

import msgspec

from broadcaster.errors import Invalid
from broadcaster.station.announcements import announcements
from broadcaster.station.programmes import slots
from broadcaster.station.programmes.slot_rules import check_timezone
from broadcaster.station.programmes.steps import steps
from broadcaster.station.schema import Slot
from broadcaster.text.papers.fields.last_days import last_day
from scheduler.recurrence import parse
from scheduler.rule_words import days_in_words
from web.api import bodies as api_bodies
from web.api.endpoints import Call, Endpoint
from web.security.access import READING, Kind, over, over_named
from web.shell.services import services
from web.shell.telling import said
from web.slots import bodies, form

DAYS_OF = {
    "weekly": ("weekdays",),
    "monthly": ("days",),
    "monthly_weekday": ("nth", "weekday"),
    "yearly": ("month", "day"),
    "lunar_monthly": ("days",),
    "lunar_yearly": ("month", "day"),
}
"""The fields each kind of rule needs."""


def listing(call: Call) -> list[bodies.Slot]:
    return [_answer_of(call, slot) for slot in slots.listing(call.s)]


def add(call: Call) -> bodies.Slot:
    values = {"timezone": services().config.station.timezone} | values_of(call.body)
    slot = slots.add_slot(call.s, by=call.by, now_at=call.now_at, **values)
    if call.body.paused_until_on is not None:
        slots.edit_slot(call.s, slot=slot, by=call.by, now_at=call.now_at, paused_until_on=call.body.paused_until_on)
    return _answer_of(call, slot)


def show(call: Call) -> bodies.Slot:
    return _answer_of(call, _slot(call))


def edit(call: Call) -> bodies.Slot:
    values = values_of(call.body) | {"paused_until_on": call.body.paused_until_on}
    return _answer_of(call, slots.edit_slot(call.s, slot=_slot(call), by=call.by, now_at=call.now_at, **values))


def remove(call: Call) -> None:
    slots.remove_slot(call.s, slot=_slot(call), by=call.by, now_at=call.now_at)


def put(call: Call) -> bodies.Slot:
    wanted: bodies.NewSlotItem = call.body
    slot, announcement = _slot(call), announcements.get(call.s, wanted.announcement)
    first_on = wanted.first_on or services().today
    dated = last_day(announcement.text, today=first_on)
    slots.put(
        call.s,
        slot=slot,
        announcement=announcement,
        first_on=first_on,
        last_on=dated if wanted.last_on is msgspec.UNSET else wanted.last_on,
        weekdays=wanted.weekdays,
        by=call.by,
        now_at=call.now_at,
    )
    return _answer_of(call, slot)


def take_out(call: Call) -> None:
    slots.take_out(call.s, item=slots.get_item(call.s, call.path["item_id"]), by=call.by, now_at=call.now_at)


def _slot(call: Call) -> Slot:
    return slots.get(call.s, call.path["slot_id"])


def values_of(rule: bodies.SlotRule) -> dict[str, Any]:
    made = {
        "kind": rule.kind,
        **{name: _given(rule, name) for name in DAYS_OF[rule.kind]},
        "times": rule.times,
        "first_on": rule.first_on.isoformat() if rule.first_on else None,
        "last_on": rule.last_on.isoformat() if rule.last_on else None,
        "except_on": [on.isoformat() for on in rule.except_on],
        "times_on": rule.times_on,
        "holidays": rule.holidays,
    }
    check_timezone(rule.timezone or "UTC")
    parse(made, timezone=rule.timezone or services().config.station.timezone)
    same = ("name", "zones", "cap_minutes", "assemble_minutes", "greeting", "closing", "greet_when_empty")
    own = {"timezone": rule.timezone} if rule.timezone else {}
    music = {name: getattr(rule, name.removesuffix("_id")) for name in slots.TUNES}
    return {name: getattr(rule, name) for name in same} | {"rule": made} | own | music


def _given(rule: bodies.SlotRule, name: str) -> Any:
    """Raises Invalid when the kind needs it and it was left out."""
    value = getattr(rule, name)
    if value in (None, []):
        raise Invalid("slot.field_missing", field=name, kind=rule.kind, name=name)
    return sorted(set(value)) if isinstance(value, list) else value


def _answer_of(call: Call, slot: Slot) -> bodies.Slot:
    rule = slot.rule
    return bodies.Slot(
        id=slot.id,
        name=slot.name,
        days=said(days_in_words(rule)),
        rule=rule,
        weekdays=[] if form.is_special(slot) else rule.get("weekdays") or list(range(7)),
        times=rule.get("times") or [],
        first_on=rule.get("first_on"),
        last_on=rule.get("last_on"),
        except_on=rule.get("except_on") or [],
        timezone=slot.timezone,
        cap_minutes=slot.cap_minutes,
        assemble_minutes=slot.assemble_minutes,
        greeting=slot.greeting,
        closing=slot.closing,
        greet_when_empty=slot.greet_when_empty,
        **{name.removesuffix("_id"): getattr(slot, name) for name in slots.TUNES},
        zones=[api_bodies.Zone(id=zone.id, name=zone.name) for zone in slot.zones],
        items=[
            bodies.SlotItem(
                id=item.id,
                announcement=item.announcement_id,
                title=item.announcement.title,
                first_on=item.first_on,
                last_on=item.last_on,
                weekdays=item.weekdays,
            )
            for item in slots.items(call.s, slot)
        ],
        steps=sorted(steps(call.s, slot, call.by)),
    )


_ONE = "/slots/{slot_id}"
ENDPOINTS = (
    Endpoint(
        method="GET", path="/slots", access=READING, summary="Các khung giờ.", act=listing, gives=list[bodies.Slot]
    ),
    Endpoint(
        method="POST",
        path="/slots",
        access=over_named("schedule"),
        summary="Thêm khung giờ.",
        act=add,
        takes=bodies.SlotRule,
        gives=bodies.Slot,
        status=201,
    ),
    Endpoint(
        method="GET",
        path=_ONE,
        access=READING,
        summary="Một khung giờ và các bản tin trong đó.",
        act=show,
        gives=bodies.Slot,
    ),
    Endpoint(
        method="PUT",
        path=_ONE,
        access=over(Kind.SLOT, "schedule"),
        summary="Thay khung giờ.",
        act=edit,
        takes=bodies.SlotRule,
        gives=bodies.Slot,
    ),
    Endpoint(
        method="DELETE", path=_ONE, access=over(Kind.SLOT, "schedule"), summary="Bỏ khung giờ.", act=remove, status=204
    ),
    Endpoint(
        method="POST",
        path=_ONE + "/items",
        access=over(Kind.SLOT, "schedule"),
        summary="Đưa một bản tin vào khung giờ.",
        act=put,
        takes=bodies.NewSlotItem,
        gives=bodies.Slot,
        status=201,
    ),
    Endpoint(
        method="DELETE",
        path=_ONE + "/items/{item_id}",
        access=over(Kind.SLOT_ITEM, "schedule"),
        summary="Lấy bản tin ra khỏi khung giờ.",
        act=take_out,
        status=204,
    ),
)
