"""Kêu thử through the API."""

from broadcaster.station.broadcasts import test_tones
from broadcaster.station.nodes import nodes
from web.api import answers
from web.api.endpoints import Call, Endpoint
from web.api.requests import Request
from web.broadcasts.api import told
from web.shell.services import services


class Chirp(Request, frozen=True, kw_only=True):
    """anyway: in quiet hours, too."""

    anyway: bool = False


def order(call: Call) -> answers.Broadcast:
    made = test_tones.chirp(
        call.s,
        node=nodes.get(call.s, call.path["node"]),
        by=call.by,
        now_at=call.now_at,
        anyway=call.body.anyway,
        timing=services().config.schedule,
    )
    return told(made)


ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/nodes/{node}/chirp",
        summary="Kêu thử một cụm loa ngay; kết quả ở lượt phát trả về.",
        act=order,
        takes=Chirp,
        gives=answers.Broadcast,
        status=201,
    ),
)
