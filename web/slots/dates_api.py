"""Single dates of a slot through the API: what comes, what is left out, moved, or put back."""

from datetime import timedelta

from broadcaster.station.programmes import slots
from broadcaster.station.schema import Slot
from scheduler import single_dates
from scheduler.occurrences import recurrence_of
from web.api.endpoints import Call, Endpoint
from web.api.query import days_asked
from web.security.access import READING, Kind, over
from web.slots import bodies

MOST_DAYS = 366


def listing(call: Call) -> list[bodies.SlotDate]:
    slot = _slot(call)
    days = days_asked(call, usual=14, most=MOST_DAYS)
    starts = recurrence_of(slot).starts(from_at=call.now_at, until_at=call.now_at + timedelta(days=days))
    return [bodies.SlotDate(start_at=start_at) for start_at in starts]


def leave_out(call: Call) -> list[bodies.SlotDate]:
    single_dates.leave_out(call.s, slot=_slot(call), start_at=call.body.start_at, by=call.by, now_at=call.now_at)
    return listing(call)


def move(call: Call) -> list[bodies.SlotDate]:
    wanted: bodies.Move = call.body
    single_dates.move(
        call.s,
        slot=_slot(call),
        start_at=wanted.start_at,
        to_at=wanted.to_at,
        by=call.by,
        now_at=call.now_at,
        every=wanted.every,
    )
    return listing(call)


def restore(call: Call) -> list[bodies.SlotDate]:
    single_dates.restore(call.s, slot=_slot(call), day=call.body.day, by=call.by, now_at=call.now_at)
    return listing(call)


def _slot(call: Call) -> Slot:
    return slots.get(call.s, call.path["slot_id"])


_DATES = "/slots/{slot_id}/dates"
ENDPOINTS = (
    Endpoint(
        method="GET",
        path=_DATES,
        access=READING,
        summary="Các phiên sắp tới của một khung giờ.",
        act=listing,
        gives=list[bodies.SlotDate],
        query={"days": "Bao nhiêu ngày tới; mặc định 14."},
    ),
    Endpoint(
        method="POST",
        path=_DATES + "/leave-out",
        access=over(Kind.SLOT, "schedule"),
        summary="Nghỉ một phiên.",
        act=leave_out,
        takes=bodies.LeaveOut,
        gives=list[bodies.SlotDate],
    ),
    Endpoint(
        method="POST",
        path=_DATES + "/move",
        access=over(Kind.SLOT, "schedule"),
        summary="Chuyển một phiên, hoặc mọi phiên, sang giờ khác.",
        act=move,
        takes=bodies.Move,
        gives=list[bodies.SlotDate],
    ),
    Endpoint(
        method="POST",
        path=_DATES + "/restore",
        access=over(Kind.SLOT, "schedule"),
        summary="Trả một ngày về như lịch chung.",
        act=restore,
        takes=bodies.Restore,
        gives=list[bodies.SlotDate],
    ),
)
