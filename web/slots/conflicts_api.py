"""Slots that get in each other's way, and the order within one, through the API."""

from typing import Any

from broadcaster.station.programmes import slots
from broadcaster.station.schema import Slot
from broadcaster.station.units import units
from scheduler import conflicts
from web.api.endpoints import Call, Endpoint
from web.security.access import READING, Kind, over, somewhere
from web.shell.services import services
from web.slots import api, bodies


def of_draft(call: Call) -> list[bodies.SlotConflict]:
    wanted: bodies.SlotDraft = call.body
    values: dict[str, Any] = api.values_of(wanted)
    draft = conflicts.ProposedSlot(
        rule=values["rule"],
        zones=tuple(units.find_zones(call.s, wanted.zones)),
        timezone=values.get("timezone") or services().config.station.timezone,
        cap_minutes=wanted.cap_minutes,
        slot_id=wanted.slot,
    )
    return _answer_of(conflicts.conflicts(call.s, draft, now_at=call.now_at))


def of_slot(call: Call) -> list[bodies.SlotConflict]:
    return _answer_of(conflicts.conflicts(call.s, conflicts.draft_of(_slot(call)), now_at=call.now_at))


def resolve(call: Call) -> list[bodies.SlotConflict]:
    other = slots.get(call.s, call.path["other_id"])
    remedy = conflicts.override if call.body.remedy == "override" else conflicts.put_behind
    remedy(call.s, slot=_slot(call), other=other, by=call.by, now_at=call.now_at)
    return of_slot(call)


def reorder(call: Call) -> bodies.Slot:
    slots.reorder(call.s, slot=_slot(call), item_ids=call.body.items, by=call.by, now_at=call.now_at)
    call.s.flush()
    return api.show(call)


def _slot(call: Call) -> Slot:
    return slots.get(call.s, call.path["slot_id"])


def _answer_of(found: list[conflicts.SlotConflict]) -> list[bodies.SlotConflict]:
    return [
        bodies.SlotConflict(
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
        access=somewhere("schedule"),
        summary="Xem khung giờ đang soạn trùng với khung giờ nào; không lưu gì.",
        act=of_draft,
        takes=bodies.SlotDraft,
        gives=list[bodies.SlotConflict],
    ),
    Endpoint(
        method="GET",
        path=_ONE + "/conflicts",
        access=READING,
        summary="Các khung giờ trùng với khung giờ này.",
        act=of_slot,
        gives=list[bodies.SlotConflict],
    ),
    Endpoint(
        method="POST",
        path=_ONE + "/conflicts/{other_id}",
        access=over(Kind.SLOT, "schedule"),
        summary="Gỡ trùng: Ghi đè hoặc Xếp sau; trả lời những gì còn trùng.",
        act=resolve,
        takes=bodies.Resolution,
        gives=list[bodies.SlotConflict],
    ),
    Endpoint(
        method="PUT",
        path=_ONE + "/order",
        access=over(Kind.SLOT, "schedule"),
        summary="Xếp thứ tự các bản tin trong khung giờ.",
        act=reorder,
        takes=bodies.Order,
        gives=bodies.Slot,
    ),
)
