"""Live sessions through the API: open one, send sound, confirm, end, and see who hears."""

import base64
import binascii
from typing import Any

from broadcaster.errors import Invalid
from broadcaster.live.pieces import MOST_BYTES
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.live import sessions
from broadcaster.station.live.sessions import LiveRequest
from broadcaster.station.schema import LiveSessionRow
from web.api.endpoints import Call, Endpoint
from web.live import bodies
from web.live.telling import answer_of, piece_of, take_piece
from web.security.access import READING, Kind, over, over_named

LATEST = 20


def _row(call: Call) -> LiveSessionRow:
    return sessions.get(call.s, call.path["session_id"])


def ask(call: Call) -> bodies.LiveSession:
    wanted: bodies.NewLiveSession = call.body
    if wanted.broadcast_class not in set(BroadcastClass):
        raise Invalid("announcement.class_unknown", field="broadcast_class")
    asked = LiveRequest(
        zones=wanted.zones,
        title=wanted.title,
        broadcast_class=BroadcastClass(wanted.broadcast_class),
        longest_minutes=wanted.longest_minutes,
        key=wanted.key,
    )
    return answer_of(call, sessions.ask(call.s, asked, by=call.by, now_at=call.now_at))


def listing(call: Call) -> bodies.LiveSessions:
    rows: list[Any] = [*sessions.going_on(call.s, now_at=call.now_at), *sessions.latest(call.s, most=LATEST)]
    return bodies.LiveSessions(items=[answer_of(call, each) for each in rows])


def show(call: Call) -> bodies.LiveSession:
    return answer_of(call, _row(call))


def piece(call: Call) -> bodies.LiveSession:
    sent: bodies.LivePiece = call.body
    if len(sent.body) > MOST_BYTES * 4 // 3 + 4:
        raise Invalid("live.piece_malformed", field="body")
    try:
        body = base64.b64decode(sent.body, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid("live.piece_malformed", field="body") from None
    made = piece_of(seq=sent.seq, at_ms=sent.at_ms, kind=sent.kind, rate=sent.rate, body=body)
    return take_piece(call, call.path["session_id"], made)


def confirm(call: Call) -> bodies.LiveSession:
    return answer_of(call, sessions.confirm(call.s, _row(call), by=call.by, now_at=call.now_at))


def end(call: Call) -> bodies.LiveSession:
    return answer_of(call, sessions.end(call.s, _row(call), by=call.by, now_at=call.now_at))


_ONE = "/live/{session_id}"
_OVER = over(Kind.LIVE_SESSION, "speak_live")
ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/live",
        access=over_named("speak_live"),
        summary="Mở một buổi nói trực tiếp; phát ngay, hoặc chờ người thứ hai.",
        act=ask,
        takes=bodies.NewLiveSession,
        gives=bodies.LiveSession,
        status=201,
    ),
    Endpoint(
        method="GET",
        path="/live",
        access=READING,
        summary="Các buổi đang phát hoặc đang chờ, rồi những buổi gần đây.",
        act=listing,
        gives=bodies.LiveSessions,
    ),
    Endpoint(
        method="GET",
        path=_ONE,
        access=READING,
        summary="Một buổi trực tiếp, cụm loa nào nghe được và chậm bao nhiêu.",
        act=show,
        gives=bodies.LiveSession,
    ),
    Endpoint(
        method="POST",
        path=f"{_ONE}/pieces",
        access=_OVER,
        summary="Gửi một mẩu tiếng khoảng 400 ms; gửi lại không đổi gì.",
        act=piece,
        takes=bodies.LivePiece,
        gives=bodies.LiveSession,
    ),
    Endpoint(
        method="POST",
        path=f"{_ONE}/confirm",
        access=_OVER,
        summary="Người thứ hai xác nhận, nơi xã yêu cầu.",
        act=confirm,
        gives=bodies.LiveSession,
    ),
    Endpoint(
        method="POST",
        path=f"{_ONE}/end",
        access=_OVER,
        summary="Dừng buổi trực tiếp.",
        act=end,
        gives=bodies.LiveSession,
    ),
)
