"""Silence for the whole commune through the API."""

from broadcaster.station.emergencies import silence
from broadcaster.station.rules import stop_all
from broadcaster.station.rules.steps import steps
from broadcaster.station.schema import StopAll
from web.api.endpoints import Call, Endpoint
from web.emergencies import bodies
from web.security.access import READING, over_commune


def order(call: Call) -> bodies.StopAll:
    return _answer_of(call, silence.silence(call.s, by=call.by, reason=call.body.reason, now_at=call.now_at))


def in_force(call: Call) -> list[bodies.StopAll]:
    found = stop_all.in_force(call.s)
    return [_answer_of(call, found)] if found else []


def show(call: Call) -> bodies.StopAll:
    return _answer_of(call, _order(call))


def ask_to_lift(call: Call) -> bodies.StopAll:
    return _answer_of(call, silence.ask_to_lift(call.s, by=call.by, now_at=call.now_at, meant=_order(call)))


def lift(call: Call) -> bodies.StopAll:
    return _answer_of(
        call, silence.lift(call.s, by=call.by, now_at=call.now_at, meant=_order(call), resume=call.body.resume)
    )


def _order(call: Call) -> StopAll:
    return stop_all.get(call.s, call.path["order_id"])


def _answer_of(call: Call, stop: StopAll) -> bodies.StopAll:
    call.s.flush()
    call.s.refresh(stop)
    holds = stop.lifted_at is None
    return bodies.StopAll(
        id=stop.id,
        in_force=holds,
        ordered_by=stop.ordered_by.username,
        ordered_at=stop.ordered_at,
        reason=stop.reason,
        lift_asked_by=stop.lift_asked_by.username if stop.lift_asked_by else None,
        lift_asked_at=stop.lift_asked_at,
        lifted_at=stop.lifted_at,
        not_yet_silent=[node.id for node in stop_all.not_yet_silent(call.s)] if holds else [],
        steps=sorted(steps(call.s, stop, call.by)),
        would_sound=[each.id for each in silence.would_sound(call.s, now_at=call.now_at)] if holds else [],
    )


_ONE = "/stop-orders/{order_id}"
ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/stop-orders",
        access=over_commune("emergency"),
        summary="Dừng toàn bộ: mọi cụm loa im lặng cho đến khi hai người gỡ lệnh.",
        act=order,
        takes=bodies.NewStopOrder,
        gives=bodies.StopAll,
    ),
    Endpoint(
        method="GET",
        path="/stop-orders",
        access=READING,
        summary="Lệnh dừng toàn bộ đang có hiệu lực; danh sách trống khi không có.",
        act=in_force,
        gives=list[bodies.StopAll],
    ),
    Endpoint(
        method="GET",
        path=_ONE,
        access=READING,
        summary="Một lệnh dừng, và cụm loa nào chưa xác nhận.",
        act=show,
        gives=bodies.StopAll,
    ),
    Endpoint(
        method="POST",
        path=_ONE + "/ask-lift",
        access=over_commune("emergency"),
        summary="Người thứ nhất đề nghị gỡ.",
        act=ask_to_lift,
        gives=bodies.StopAll,
    ),
    Endpoint(
        method="POST",
        path=_ONE + "/lift",
        access=over_commune("emergency"),
        summary="Người thứ hai, khác người đề nghị, gỡ và chọn mục nào phát tiếp.",
        act=lift,
        takes=bodies.Lift,
        gives=bodies.StopAll,
    ),
)
