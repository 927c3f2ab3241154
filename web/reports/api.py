"""A month's figures through the API."""

from web.api.answers import Answer
from web.api.endpoints import Call, Endpoint
from web.reports.pages import Asked, month_figures, month_of
from web.shell.request_context import Context


class NodeMonth(Answer, frozen=True, kw_only=True):
    """One node. asked: broadcasts it was to play; played: in full; cut: in part; lost: not at all."""

    node: str
    name: str
    unit: str
    asked: int
    played: int
    cut: int
    lost: int
    sounded_seconds: float


class ClassMonth(Answer, frozen=True, kw_only=True):
    """One class of announcements, drills not counted. seconds: of all of them together."""

    broadcast_class: str
    aired: int
    seconds: float


class MonthReport(Answer, frozen=True, kw_only=True):
    """A month. broadcasts: how many are in its book."""

    month: str
    unit: str | None
    broadcasts: int
    classes: list[ClassMonth]
    poles: list[NodeMonth]


def show(call: Call) -> MonthReport:
    asked = Asked(month_of(call.path["month"]), call.query.get("unit", ""))
    found = month_figures(Context(call.s, call.by, call.now_at), asked)
    return MonthReport(
        month=f"{asked.first_on:%Y-%m}",
        unit=asked.unit or None,
        broadcasts=len(found.entries),
        classes=[
            ClassMonth(broadcast_class=line.broadcast_class, aired=line.aired, seconds=line.length_ms / 1000)
            for line in found.classes
        ],
        poles=[
            NodeMonth(
                node=line.node.id,
                name=line.node.name,
                unit=line.node.unit_id,
                asked=line.asked,
                played=line.played,
                cut=line.cut,
                lost=line.lost,
                sounded_seconds=line.sounded_ms / 1000,
            )
            for line in found.nodes
        ],
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/reports/{month}",
        summary="Số liệu một tháng (2026-11): từng loại bản tin, từng cụm loa.",
        act=show,
        gives=MonthReport,
        query={"unit": "Mã thôn; bỏ trống là cả xã."},
    ),
)
