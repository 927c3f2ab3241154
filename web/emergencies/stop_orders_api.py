"""Silence for the whole commune through the API."""

from datetime import datetime

from broadcaster.station.emergencies import silence
from broadcaster.station.rules import stop_all
from broadcaster.station.schema import StopAll
from web.api.answers import Answer
from web.api.endpoints import Call, Endpoint
from web.api.requests import Request


class NewStopOrder(Request, frozen=True, kw_only=True):
    """reason: shown to everybody while the order holds; may be left out when seconds count."""

    reason: str = ""


class StopOrder(Answer, frozen=True, kw_only=True):
    """An order of silence.

    in_force: whether it still holds.
    lift_asked_by: username of the first of the two who lift it; null until somebody asked.
    not_yet_silent: ids of the nodes that have not confirmed; those without a connection are among them.
    """

    id: str
    in_force: bool
    ordered_by: str
    ordered_at: datetime
    reason: str
    lift_asked_by: str | None
    lift_asked_at: datetime | None
    lifted_at: datetime | None
    not_yet_silent: list[str]


def order(call: Call) -> StopOrder:
    return _told(call, silence.silence(call.s, by=call.by, reason=call.body.reason, now_at=call.now_at))


def in_force(call: Call) -> list[StopOrder]:
    found = stop_all.in_force(call.s)
    return [_told(call, found)] if found else []


def show(call: Call) -> StopOrder:
    return _told(call, _order(call))


def ask_to_lift(call: Call) -> StopOrder:
    return _told(call, silence.ask_to_lift(call.s, by=call.by, now_at=call.now_at, meant=_order(call)))


def lift(call: Call) -> StopOrder:
    return _told(call, silence.lift(call.s, by=call.by, now_at=call.now_at, meant=_order(call)))


def _order(call: Call) -> StopAll:
    return stop_all.get(call.s, call.path["order_id"])


def _told(call: Call, stop: StopAll) -> StopOrder:
    call.s.flush()
    call.s.refresh(stop)
    holds = stop.lifted_at is None
    return StopOrder(
        id=stop.id,
        in_force=holds,
        ordered_by=stop.ordered_by.username,
        ordered_at=stop.ordered_at,
        reason=stop.reason,
        lift_asked_by=stop.lift_asked_by.username if stop.lift_asked_by else None,
        lift_asked_at=stop.lift_asked_at,
        lifted_at=stop.lifted_at,
        not_yet_silent=[node.id for node in stop_all.not_yet_silent(call.s)] if holds else [],
    )


_ONE = "/stop-orders/{order_id}"
ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/stop-orders",
        summary="Dừng toàn bộ: mọi cụm loa im lặng cho đến khi hai người gỡ lệnh.",
        act=order,
        takes=NewStopOrder,
        gives=StopOrder,
    ),
    Endpoint(
        method="GET",
        path="/stop-orders",
        summary="Lệnh dừng toàn bộ đang có hiệu lực; danh sách trống khi không có.",
        act=in_force,
        gives=list[StopOrder],
    ),
    Endpoint(
        method="GET", path=_ONE, summary="Một lệnh dừng, và cụm loa nào chưa xác nhận.", act=show, gives=StopOrder
    ),
    Endpoint(
        method="POST", path=_ONE + "/ask-lift", summary="Người thứ nhất đề nghị gỡ.", act=ask_to_lift, gives=StopOrder
    ),
    Endpoint(
        method="POST", path=_ONE + "/lift", summary="Người thứ hai, khác người đề nghị, gỡ.", act=lift, gives=StopOrder
    ),
)
