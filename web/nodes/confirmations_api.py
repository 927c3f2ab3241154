"""Through the API: which nodes have not confirmed the newest agenda."""

from broadcaster.station.agendas import confirmations
from broadcaster.station.broadcasts import broadcasts
from web.api.endpoints import Call, Endpoint
from web.nodes import bodies
from web.security.access import READING


def everywhere(call: Call) -> list[bodies.Unconfirmed]:
    return [_answer_of(each) for each in confirmations.unconfirmed(call.s, now_at=call.now_at)]


def of_broadcast(call: Call) -> list[bodies.Unconfirmed]:
    broadcast = broadcasts.get(call.s, call.path["broadcast_id"])
    return [_answer_of(each) for each in confirmations.unconfirmed_of(call.s, broadcast, now_at=call.now_at)]


def _answer_of(found: confirmations.Unconfirmed) -> bodies.Unconfirmed:
    return bodies.Unconfirmed(
        node=found.node.id,
        name=found.node.name,
        presence=found.presence,
        issued_number=found.issued_number,
        issued_at=found.issued_at,
        obeyed_number=found.obeyed_number,
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/unconfirmed",
        access=READING,
        summary="Các cụm loa chưa xác nhận lịch mới nhất.",
        act=everywhere,
        gives=list[bodies.Unconfirmed],
    ),
    Endpoint(
        method="GET",
        path="/broadcasts/{broadcast_id}/unconfirmed",
        access=READING,
        summary="Các cụm loa chưa xác nhận thay đổi của lượt phát này, ví dụ việc hủy.",
        act=of_broadcast,
        gives=list[bodies.Unconfirmed],
    ),
)
