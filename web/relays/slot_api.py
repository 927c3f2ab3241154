"""What a slot relays, through the API."""

from broadcaster.station.programmes import slots
from broadcaster.station.relays import choosing, slot_relays
from broadcaster.station.relays.choosing import RelayChoice
from broadcaster.station.relays.steps import steps
from broadcaster.station.schema import Slot
from web.api.endpoints import Call, Endpoint
from web.relays import bodies
from web.relays.frequency import times_a_month
from web.security.access import READING, Kind, over


def show(call: Call) -> bodies.SlotRelay:
    return _answer_of(call, _slot(call))


def choose(call: Call) -> bodies.SlotRelay:
    slot, wanted = _slot(call), call.body
    choice = RelayChoice(
        source_ids=wanted.sources,
        minutes=wanted.minutes,
        lead_minutes=wanted.lead_minutes,
        ending=wanted.ending,
        volume_db=wanted.volume_db,
        way=wanted.way,
    )
    times = times_a_month(slot, call.now_at)
    choosing.choose(call.s, slot=slot, choice=choice, times_a_month=times, by=call.by, now_at=call.now_at)
    return _answer_of(call, slot)


def approve(call: Call) -> bodies.SlotRelay:
    slot = _slot(call)
    choosing.approve(call.s, slot=slot, seen=call.body.seal, by=call.by, now_at=call.now_at)
    return _answer_of(call, slot)


def remove(call: Call) -> None:
    choosing.remove(call.s, slot=_slot(call), by=call.by, now_at=call.now_at)


def _slot(call: Call) -> Slot:
    return slots.get(call.s, call.path["slot_id"])


def _answer_of(call: Call, slot: Slot) -> bodies.SlotRelay:
    relay = slot_relays.of(call.s, slot)
    approved = slot_relays.is_approved(call.s, relay)
    return bodies.SlotRelay(
        sources=relay.source_ids,
        minutes=relay.minutes,
        lead_minutes=relay.lead_minutes,
        ending=relay.ending,
        volume_db=relay.volume_db,
        way=relay.way,
        seal=slot_relays.seal(call.s, relay),
        approved=approved,
        approved_by=relay.approved_by_id if approved else None,
        month_megabytes=slot_relays.cost(relay, times_a_month=times_a_month(slot, call.now_at)),
        steps=sorted(steps(call.s, slot, call.by)),
    )


_RELAY = "/slots/{slot_id}/relay"
ENDPOINTS = (
    Endpoint(
        method="GET",
        path=_RELAY,
        access=READING,
        summary="Khung giờ tiếp sóng đài nào, và mỗi tháng tốn bao nhiêu dữ liệu; 404 khi không tiếp sóng.",
        act=show,
        gives=bodies.SlotRelay,
    ),
    Endpoint(
        method="PUT",
        path=_RELAY,
        access=over(Kind.SLOT, "schedule"),
        summary="Chọn nguồn tiếp sóng cho khung giờ; phải có người duyệt rồi mới thu và phát.",
        act=choose,
        takes=bodies.SlotRelayChoice,
        gives=bodies.SlotRelay,
    ),
    Endpoint(
        method="POST",
        path=_RELAY + "/approve",
        access=over(Kind.SLOT, "approve"),
        summary="Duyệt việc tiếp sóng đã xem; người chọn nguồn hoặc ghi địa chỉ không duyệt được.",
        act=approve,
        takes=bodies.SeenRelay,
        gives=bodies.SlotRelay,
    ),
    Endpoint(
        method="DELETE",
        path=_RELAY,
        access=over(Kind.SLOT, "schedule"),
        summary="Khung giờ thôi tiếp sóng.",
        act=remove,
        status=204,
    ),
)
