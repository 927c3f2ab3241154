"""How a node was, through the API."""

from datetime import timedelta

from broadcaster.station.nodes import health_history, nodes
from web.api.endpoints import Call, Endpoint
from web.api.query import days_asked
from web.nodes import bodies
from web.security.access import READING
from web.shell.services import services

LONGEST_DAYS = 90


def days(call: Call) -> list[bodies.HealthDay]:
    node = nodes.get(call.s, call.path["node"])
    asked = days_asked(call, usual=7, most=LONGEST_DAYS)
    from_at = call.now_at - timedelta(days=asked)
    samples = health_history.since(call.s, node=node, from_at=from_at)
    answer_of = health_history.days(samples, from_at=from_at, now_at=call.now_at, zone=services().timezone)
    return [
        bodies.HealthDay(**{name: getattr(day, name) for name in bodies.HealthDay.__struct_fields__})
        for day in answer_of
    ]


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/nodes/{node}/health",
        access=READING,
        summary="Sức khỏe của một cụm loa từng ngày, mới nhất trước.",
        act=days,
        gives=list[bodies.HealthDay],
        query={"days": "Số ngày gần đây, từ 1 đến 90; mặc định 7."},
    ),
)
