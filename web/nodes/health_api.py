"""How a node was, through the API."""

from datetime import date, timedelta

from broadcaster.station.nodes import health_history, nodes
from web.api.answers import Answer
from web.api.endpoints import Call, Endpoint
from web.api.query import days_asked
from web.shell.services import services

LONGEST_DAYS = 90


class HealthDay(Answer, frozen=True, kw_only=True):
    """One local day; null where nothing was measured.

    online_percent: of the time of that day that has passed.
    hottest_celsius, least_free_bytes, weakest_signal_percent, worst_clock_ms: the extremes.
    used_bytes: over the link.
    """

    on: date
    online_percent: int
    hottest_celsius: float | None
    least_free_bytes: int | None
    weakest_signal_percent: int | None
    worst_clock_ms: int | None
    used_bytes: int | None


def days(call: Call) -> list[HealthDay]:
    node = nodes.get(call.s, call.path["node"])
    asked = days_asked(call, usual=7, most=LONGEST_DAYS)
    from_at = call.now_at - timedelta(days=asked)
    samples = health_history.since(call.s, node=node, from_at=from_at)
    told = health_history.days(samples, from_at=from_at, now_at=call.now_at, zone=services().timezone)
    return [HealthDay(**{name: getattr(day, name) for name in HealthDay.__struct_fields__}) for day in told]


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/nodes/{node}/health",
        summary="Sức khỏe của một cụm loa từng ngày, mới nhất trước.",
        act=days,
        gives=list[HealthDay],
        query={"days": "Số ngày gần đây, từ 1 đến 90; mặc định 7."},
    ),
)
