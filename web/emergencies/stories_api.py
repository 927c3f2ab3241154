"""Alarms as stories through the API: how often each node heard one, and how it is ended."""

from broadcaster.station.emergencies import order_records, stories
from broadcaster.station.emergencies.stories import Story
from web.api.endpoints import Call, Endpoint
from web.emergencies import bodies
from web.emergencies.api import told as order_told
from web.emergencies.bodies import AllClear, EmergencyOrder
from web.shell.services import services


def show(call: Call) -> bodies.EmergencyStory:
    return _told(call, stories.story(call.s, order_records.get(call.s, call.path["order_id"])))


def going_on(call: Call) -> list[bodies.EmergencyStory]:
    return [_told(call, each) for each in stories.going_on(call.s, now_at=call.now_at)]


def end(call: Call) -> bodies.EmergencyStory:
    order = order_records.get(call.s, call.path["order_id"])
    return _told(call, stories.end(call.s, order=order, by=call.by, now_at=call.now_at))


def all_clear(call: Call) -> EmergencyOrder:
    made = stories.all_clear(
        call.s,
        order=order_records.get(call.s, call.path["order_id"]),
        by=call.by,
        now_at=call.now_at,
        key=call.body.key,
        timing=services().config.schedule,
    )
    return order_told(call, made)


def _told(call: Call, told: Story) -> bodies.EmergencyStory:
    return bodies.EmergencyStory(
        order=told.order.id,
        announcement=told.order.announcement_id,
        title=told.order.announcement.title,
        drill=told.order.drill,
        every_minutes=told.order.every_minutes,
        going_on=told.going_on,
        until_at=told.until_at,
        ended_at=told.ended_at,
        next_at=told.next_at(call.now_at),
        rounds=[
            bodies.Round(broadcast=each.id, start_at=each.start_at, status=str(each.state)) for each in told.rounds
        ],
        nodes=[
            bodies.Hearing(node=each.node.id, name=each.node.name, heard=each.heard, last_at=each.last_at)
            for each in told.hearings()
        ],
    )


_ONE = "/emergency-orders/{order_id}"
ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/emergencies",
        summary="Các báo động đang lặp lại, chưa kết thúc.",
        act=going_on,
        gives=list[bodies.EmergencyStory],
    ),
    Endpoint(
        method="GET",
        path=_ONE + "/story",
        summary="Diễn biến của một báo động: các lần phát, mỗi cụm loa đã phát mấy lần.",
        act=show,
        gives=bodies.EmergencyStory,
    ),
    Endpoint(
        method="POST",
        path=_ONE + "/end",
        summary="Dừng lặp lại; một người là đủ.",
        act=end,
        gives=bodies.EmergencyStory,
    ),
    Endpoint(
        method="POST",
        path=_ONE + "/all-clear",
        summary="Ra lệnh báo an toàn cho báo động này bằng tin đã duyệt của xã; người thứ hai xác nhận thì phát.",
        act=all_clear,
        takes=AllClear,
        gives=EmergencyOrder,
        status=201,
    ),
)
