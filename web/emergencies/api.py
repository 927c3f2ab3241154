"""Emergency orders through the API: two people, drills, corrections, reviews."""

from broadcaster.station.announcements import announcements
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.emergencies import alarm_steps, guards, order_records, orders, steps
from broadcaster.station.rules import emergency_rules
from broadcaster.station.schema import EmergencyOrder as Order
from web.api.endpoints import Call, Endpoint
from web.emergencies.bodies import Confirmation, EmergencyOrder, EmergencyRules, NewEmergencyOrder, Review
from web.security.access import READING, Kind, over, over_commune, over_named
from web.shell.services import services


def order(call: Call) -> EmergencyOrder:
    asked: NewEmergencyOrder = call.body
    wanted = guards.EmergencyRequest(
        announcement=announcements.get(call.s, asked.announcement),
        drill=asked.drill,
        heard=asked.content_hash,
        zones=asked.zones,
        reason=asked.reason,
        every_minutes=asked.every_minutes,
        for_minutes=asked.for_minutes,
        interrupts=asked.interrupts,
        follows=broadcasts.get(call.s, asked.follows) if asked.follows else None,
        key=asked.key,
    )
    timing = services().config.schedule
    return answer_of(call, orders.ask(call.s, wanted, by=call.by, now_at=call.now_at, timing=timing))


def listing(call: Call) -> list[EmergencyOrder]:
    return [answer_of(call, each) for each in order_records.open_orders(call.s, now_at=call.now_at)]


def show(call: Call) -> EmergencyOrder:
    return answer_of(call, _order(call))


def confirm(call: Call) -> EmergencyOrder:
    confirmed = orders.confirm(
        call.s,
        order=_order(call),
        drill=call.body.drill,
        heard=call.body.content_hash,
        by=call.by,
        now_at=call.now_at,
        timing=services().config.schedule,
    )
    return answer_of(call, confirmed)


def refuse(call: Call) -> EmergencyOrder:
    return answer_of(call, orders.refuse(call.s, order=_order(call), by=call.by, now_at=call.now_at))


def review(call: Call) -> EmergencyOrder:
    words = call.body.words
    return answer_of(
        call, order_records.review(call.s, order=_order(call), words=words, by=call.by, now_at=call.now_at)
    )


def rules(call: Call) -> EmergencyRules:
    return EmergencyRules(
        mode=emergency_rules.mode(call.s).value, confirm_minutes=emergency_rules.confirm_minutes(call.s)
    )


def choose(call: Call) -> EmergencyRules:
    wanted: EmergencyRules = call.body
    emergency_rules.choose(call.s, chosen=wanted.mode, minutes=wanted.confirm_minutes, by=call.by, now_at=call.now_at)
    return rules(call)


def _order(call: Call) -> Order:
    return order_records.get(call.s, call.path["order_id"])


def answer_of(call: Call, made: Order) -> EmergencyOrder:
    """The order as programs see it."""
    call.s.flush()
    call.s.refresh(made)
    same = ("id", "content_hash", "drill", "reason", "asked_at", "expires_at", "review", "zones")
    return EmergencyOrder(
        **{name: getattr(made, name) for name in same},
        announcement=made.announcement_id,
        title=made.announcement.title,
        status=order_records.standing(made, now_at=call.now_at),
        mode=made.mode.value,
        asked_by=made.asked_by.username,
        confirmed_by=made.confirmed_by.username if made.confirmed_by else None,
        refused_by=made.refused_by.username if made.refused_by else None,
        follows=made.follows_id,
        every_minutes=made.every_minutes,
        for_minutes=made.for_minutes,
        broadcast=made.broadcast_id,
        reviewed_by=made.reviewed_by.username if made.reviewed_by else None,
        steps=sorted(_steps(call, made)),
    )


def _steps(call: Call, made: Order) -> frozenset[str]:
    own: frozenset[str] = steps.steps(call.s, made, call.by, now_at=call.now_at)
    return own | alarm_steps.steps(call.s, made, call.by)


_ONE = "/emergency-orders/{order_id}"
ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/emergency-orders",
        access=over_named("emergency"),
        summary="Ra lệnh phát khẩn cấp hoặc diễn tập; người thứ hai xác nhận thì mới phát.",
        act=order,
        takes=NewEmergencyOrder,
        gives=EmergencyOrder,
        status=201,
    ),
    Endpoint(
        method="GET",
        path="/emergency-orders",
        access=READING,
        summary="Các lệnh đang chờ người thứ hai xác nhận hoặc chờ xem lại.",
        act=listing,
        gives=list[EmergencyOrder],
    ),
    Endpoint(method="GET", path=_ONE, access=READING, summary="Một lệnh khẩn cấp.", act=show, gives=EmergencyOrder),
    Endpoint(
        method="POST",
        path=_ONE + "/confirm",
        access=over(Kind.EMERGENCY_ORDER, "emergency"),
        summary="Người thứ hai xác nhận; phát ngay.",
        act=confirm,
        takes=Confirmation,
        gives=EmergencyOrder,
    ),
    Endpoint(
        method="POST",
        path=_ONE + "/refuse",
        access=over(Kind.EMERGENCY_ORDER, "emergency"),
        summary="Bỏ lệnh chưa phát.",
        act=refuse,
        gives=EmergencyOrder,
    ),
    Endpoint(
        method="POST",
        path=_ONE + "/review",
        access=over(Kind.EMERGENCY_ORDER, "approve"),
        summary="Người khác xem lại lệnh do một người tuyên bố.",
        act=review,
        takes=Review,
        gives=EmergencyOrder,
    ),
    Endpoint(
        method="GET",
        path="/emergency-rules",
        access=READING,
        summary="Xã chọn ra lệnh khẩn cấp bằng hai người hay một người tuyên bố.",
        act=rules,
        gives=EmergencyRules,
    ),
    Endpoint(
        method="PUT",
        path="/emergency-rules",
        access=over_commune("manage_people"),
        summary="Đổi cách ra lệnh khẩn cấp; chỉ người quản trị.",
        act=choose,
        takes=EmergencyRules,
        gives=EmergencyRules,
    ),
)
