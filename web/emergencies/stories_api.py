"""Alarms as stories through the API: how often each node heard one, and how it is ended."""

from broadcaster.station.emergencies import order_records, stories
from broadcaster.station.emergencies.stories import Story
from web.api.endpoints import Call, Endpoint
from web.emergencies import bodies
from web.emergencies.api import answer_of as order_answer
from web.emergencies.bodies import AllClear, EmergencyOrder
from web.security.access import READING, Kind, over
from web.shell.services import services


def show(call: Call) -> bodies.EmergencyStory:
    return _answer_of(call, stories.story(call.s, order_records.get(call.s, call.path["order_id"])))


def going_on(call: Call) -> list[bodies.EmergencyStory]:
    return [_answer_of(call, each) for each in stories.going_on(call.s, now_at=call.now_at)]


def end(call: Call) -> bodies.EmergencyStory:
    order = order_records.get(call.s, call.path["order_id"])
    return _answer_of(call, stories.end(call.s, order=order, by=call.by, now_at=call.now_at))


def all_clear(call: Call) -> EmergencyOrder:
    made = stories.all_clear(
        call.s,
        order=order_records.get(call.s, call.path["order_id"]),
        by=call.by,
        now_at=call.now_at,
        key=call.body.key,
        timing=services().config.schedule,
    )
    return order_answer(call, made)


def _answer_of(call: Call, answer_of: Story) -> bodies.EmergencyStory:
    return bodies.EmergencyStory(
        order=answer_of.order.id,
        announcement=answer_of.order.announcement_id,
        title=answer_of.order.announcement.title,
        drill=answer_of.order.drill,
        every_minutes=answer_of.order.every_minutes,
        going_on=answer_of.going_on,
        until_at=answer_of.until_at,
        ended_at=answer_of.ended_at,
        next_at=answer_of.next_at(call.now_at),
        rounds=[
            bodies.Round(broadcast=each.id, start_at=each.start_at, status=str(each.state)) for each in answer_of.rounds
        ],
        nodes=[
            bodies.Hearing(node=each.node.id, name=each.node.name, heard=each.heard, last_at=each.last_at)
            for each in answer_of.hearings()
        ],
    )


_ONE = "/emergency-orders/{order_id}"
ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/emergencies",
        access=READING,
        summary="Các báo động đang lặp lại, chưa kết thúc.",
        act=going_on,
        gives=list[bodies.EmergencyStory],
    ),
    Endpoint(
        method="GET",
        path=_ONE + "/story",
        access=READING,
        summary="Diễn biến của một báo động: các lần phát, mỗi cụm loa đã phát mấy lần.",
        act=show,
        gives=bodies.EmergencyStory,
    ),
    Endpoint(
        method="POST",
        path=_ONE + "/end",
        access=over(Kind.EMERGENCY_ORDER, "emergency"),
        summary="Dừng lặp lại; một người là đủ.",
        act=end,
        gives=bodies.EmergencyStory,
    ),
    Endpoint(
        method="POST",
        path=_ONE + "/all-clear",
        access=over(Kind.EMERGENCY_ORDER, "emergency"),
        summary="Ra lệnh báo an toàn cho báo động này bằng tin đã duyệt của xã; người thứ hai xác nhận thì phát.",
        act=all_clear,
        takes=AllClear,
        gives=EmergencyOrder,
        status=201,
    ),
)
