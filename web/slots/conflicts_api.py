"""Slots that get in each other's way, and the order within one, through the API."""

from datetime import datetime
from typing import Any, Literal

from broadcaster.station.programmes import slot_items, slots
from broadcaster.station.schema import Slot
from broadcaster.station.units import units
from scheduler import conflicts
from web.api import answers
from web.api.answers import Answer
from web.api.endpoints import Call, Endpoint
from web.api.requests import Request, SlotRule
from web.shell.services import services
from web.slots import api


class SlotDraft(SlotRule, frozen=True, kw_only=True):
    """A slot as it stands in a form; slot: id of the one being edited, null for a new one."""

    slot: str | None = None


class Resolution(Request, frozen=True, kw_only=True):
    """remedy: override (Ghi đè) leaves the other slot out where they meet; after (Xếp sau) moves this one behind it."""

    remedy: Literal["override", "after"]


class Order(Request, frozen=True, kw_only=True):
    """items: ids of everything in the slot, in the wanted order; a higher class goes first all the same."""

    items: list[str]


class SlotConflict(Answer, frozen=True, kw_only=True):
    """Another slot in the way.

    first_at: the first date they meet; times: how often within a year.
    nodes: ids of the nodes both want.
    """

    slot: str
    name: str
    first_at: datetime
    times: int
    nodes: list[str]


def of_draft(call: Call) -> list[SlotConflict]:
    wanted: SlotDraft = call.body
    values: dict[str, Any] = api.values_of(wanted)
    draft = conflicts.Draft(
        rule=values["rule"],
        zones=tuple(units.find_zones(call.s, wanted.zones)),
        timezone=values.get("timezone") or services().config.station.timezone,
        cap_minutes=wanted.cap_minutes,
        slot_id=wanted.slot,
    )
    return _told(conflicts.conflicts(call.s, draft, now_at=call.now_at))


def of_slot(call: Call) -> list[SlotConflict]:
    return _told(conflicts.conflicts(call.s, conflicts.draft_of(_slot(call)), now_at=call.now_at))


def resolve(call: Call) -> list[SlotConflict]:
    other = slots.get(call.s, call.path["other_id"])
    remedy = conflicts.override if call.body.remedy == "override" else conflicts.put_behind
    remedy(call.s, slot=_slot(call), other=other, by=call.by, now_at=call.now_at)
    return of_slot(call)


def reorder(call: Call) -> answers.Slot:
    slot_items.reorder(call.s, slot=_slot(call), item_ids=call.body.items, by=call.by, now_at=call.now_at)
    call.s.flush()
    return api.show(call)


def _slot(call: Call) -> Slot:
    return slots.get(call.s, call.path["slot_id"])


def _told(found: list[conflicts.SlotConflict]) -> list[SlotConflict]:
    return [
        SlotConflict(
            slot=each.other.id,
            name=each.other.name,
            first_at=each.clashes[0].mine.start_at,
            times=len(each.clashes),
            nodes=sorted({node for clash in each.clashes for node in clash.nodes}),
        )
        for each in found
    ]


_ONE = "/slots/{slot_id}"
ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/slots/conflicts",
        summary="Xem khung giờ đang soạn trùng với khung giờ nào; không lưu gì.",
        act=of_draft,
        takes=SlotDraft,
        gives=list[SlotConflict],
    ),
    Endpoint(
        method="GET",
        path=_ONE + "/conflicts",
        summary="Các khung giờ trùng với khung giờ này.",
        act=of_slot,
        gives=list[SlotConflict],
    ),
    Endpoint(
        method="POST",
        path=_ONE + "/conflicts/{other_id}",
        summary="Gỡ trùng: Ghi đè hoặc Xếp sau; trả lời những gì còn trùng.",
        act=resolve,
        takes=Resolution,
        gives=list[SlotConflict],
    ),
    Endpoint(
        method="PUT",
        path=_ONE + "/order",
        summary="Xếp thứ tự các bản tin trong khung giờ.",
        act=reorder,
        takes=Order,
        gives=answers.Slot,
    ),
)
