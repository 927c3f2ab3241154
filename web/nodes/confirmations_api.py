"""Through the API: which nodes have not confirmed the newest agenda."""

from datetime import datetime

from broadcaster.station.agendas import confirmations
from broadcaster.station.broadcasts import broadcasts
from web.api.answers import Answer
from web.api.endpoints import Call, Endpoint


class Unconfirmed(Answer, frozen=True, kw_only=True):
    """A node that may still follow an older agenda.

    presence: online, offline, unknown or never; who is not online drops the old agenda when it comes back.
    issued_number, issued_at: of the newest agenda; obeyed_number: of the one the node last named.
    """

    node: str
    name: str
    presence: str
    issued_number: int | None
    issued_at: datetime | None
    obeyed_number: int | None


def everywhere(call: Call) -> list[Unconfirmed]:
    return [_told(each) for each in confirmations.unconfirmed(call.s, now_at=call.now_at)]


def of_broadcast(call: Call) -> list[Unconfirmed]:
    broadcast = broadcasts.get(call.s, call.path["broadcast_id"])
    return [_told(each) for each in confirmations.unconfirmed_of(call.s, broadcast, now_at=call.now_at)]


def _told(found: confirmations.Unconfirmed) -> Unconfirmed:
    return Unconfirmed(
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
        summary="Các cụm loa chưa xác nhận lịch mới nhất.",
        act=everywhere,
        gives=list[Unconfirmed],
    ),
    Endpoint(
        method="GET",
        path="/broadcasts/{broadcast_id}/unconfirmed",
        summary="Các cụm loa chưa xác nhận thay đổi của lượt phát này, ví dụ việc hủy.",
        act=of_broadcast,
        gives=list[Unconfirmed],
    ),
)
