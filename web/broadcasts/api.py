"""Broadcasts through the API."""

from broadcaster.station.announcements import announcements
from broadcaster.station.broadcasts import broadcasts, replays
from broadcaster.station.broadcasts.steps import steps
from broadcaster.station.schema import Broadcast, Delivery
from web.api.endpoints import Call, Endpoint
from web.api.query import page_asked
from web.broadcasts import bodies
from web.security.access import READING, Kind, over, over_named
from web.shell.services import services
from web.shell.telling import said

PAGE = 20
"""Broadcasts on a page: each comes with all its nodes."""


def order(call: Call) -> bodies.Broadcast:
    wanted: bodies.NewBroadcast = call.body
    broadcast = broadcasts.broadcast_now(
        call.s,
        announcement=announcements.get(call.s, wanted.announcement),
        by=call.by,
        now_at=call.now_at,
        start_at=wanted.start_at,
        key=wanted.key,
        timing=services().config.schedule,
    )
    return answer_of(call, broadcast)


def listing(call: Call) -> bodies.Broadcasts:
    found = broadcasts.listing(call.s, page=page_asked(call), size=PAGE)
    items = [answer_of(call, each) for each in found.items]
    return bodies.Broadcasts(items=items, page=found.page, pages=found.pages, total=found.total)


def show(call: Call) -> bodies.Broadcast:
    return answer_of(call, broadcasts.get(call.s, call.path["broadcast_id"]))


def cancel(call: Call) -> bodies.Broadcast:
    broadcast = broadcasts.get(call.s, call.path["broadcast_id"])
    broadcasts.cancel(call.s, broadcast=broadcast, by=call.by, now_at=call.now_at)
    return answer_of(call, broadcast)


def again(call: Call) -> bodies.Broadcast:
    made = replays.air_again(
        call.s,
        broadcast=broadcasts.get(call.s, call.path["broadcast_id"]),
        by=call.by,
        now_at=call.now_at,
        key=call.query.get("key"),
        timing=services().config.schedule,
    )
    return answer_of(call, made)


def answer_of(call: Call, broadcast: Broadcast) -> bodies.Broadcast:
    return bodies.Broadcast(
        id=broadcast.id,
        announcement=broadcast.announcement_id,
        title=broadcast.title,
        status=str(broadcast.state),
        broadcast_class=broadcast.broadcast_class,
        live=broadcast.live,
        drill=broadcast.drill,
        start_at=broadcast.start_at,
        expires_at=broadcast.expires_at,
        duration_seconds=broadcast.duration_ms / 1000,
        engine=broadcast.engine,
        script=broadcast.script,
        origin=broadcast.origin,
        document_number=broadcast.document_number,
        board_text=broadcast.board_text,
        repeat_of=broadcast.repeat_of_id,
        deliveries=[_delivery(each) for each in broadcast.deliveries],
        steps=sorted(steps(call.s, broadcast, call.by, now_at=call.now_at)),
    )


def _delivery(delivery: Delivery) -> bodies.Delivery:
    return bodies.Delivery(
        node=delivery.node_id,
        name=delivery.node.name,
        status=str(delivery.state),
        languages=list(delivery.languages),
        started_at=delivery.started_at,
        ended_at=delivery.ended_at,
        played_seconds=delivery.played_ms / 1000,
        error=said(delivery.reason) if delivery.reason else None,
        error_code=delivery.reason.code if delivery.reason else None,
        heard=delivery.heard,
        shown=delivery.shown,
    )


_ONE = "/broadcasts/{broadcast_id}"
ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/broadcasts",
        access=over_named("broadcast"),
        summary="Phát một bản tin đã duyệt, ngay hoặc vào một thời điểm.",
        act=order,
        takes=bodies.NewBroadcast,
        gives=bodies.Broadcast,
        status=201,
    ),
    Endpoint(
        method="GET",
        path="/broadcasts",
        access=READING,
        summary="Danh sách lượt phát, mới nhất trước.",
        act=listing,
        gives=bodies.Broadcasts,
        query={"page": "Trang, từ 1."},
    ),
    Endpoint(
        method="GET",
        path=_ONE,
        access=READING,
        summary="Một lượt phát và kết quả ở từng cụm loa.",
        act=show,
        gives=bodies.Broadcast,
    ),
    Endpoint(
        method="DELETE",
        path=_ONE,
        access=over(Kind.BROADCAST, "broadcast"),
        summary="Hủy lượt phát.",
        act=cancel,
        gives=bodies.Broadcast,
    ),
    Endpoint(
        method="POST",
        path=f"{_ONE}/again",
        access=over(Kind.BROADCAST, "broadcast"),
        summary="Phát lại ngay, chỉ ở những cụm loa chưa phát đủ.",
        act=again,
        gives=bodies.Broadcast,
        status=201,
        query={"key": "Mã của chính lệnh này; gửi lại cùng mã không phát thêm lần nữa."},
    ),
)
