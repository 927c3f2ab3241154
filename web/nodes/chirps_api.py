"""Kêu thử through the API."""

from broadcaster.station.broadcasts import test_tones
from broadcaster.station.nodes import nodes
from web.api.endpoints import Call, Endpoint
from web.broadcasts import bodies as broadcasts_bodies
from web.broadcasts.api import answer_of
from web.nodes import bodies
from web.security.access import Kind, over
from web.shell.services import services


def order(call: Call) -> broadcasts_bodies.Broadcast:
    made = test_tones.chirp(
        call.s,
        node=nodes.get(call.s, call.path["node"]),
        by=call.by,
        now_at=call.now_at,
        anyway=call.body.anyway,
        timing=services().config.schedule,
    )
    return answer_of(call, made)


ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/nodes/{node}/chirp",
        access=over(Kind.NODE, "manage_nodes"),
        summary="Kêu thử một cụm loa ngay; kết quả ở lượt phát trả về.",
        act=order,
        takes=bodies.Chirp,
        gives=broadcasts_bodies.Broadcast,
        status=201,
    ),
)
