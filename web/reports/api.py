"""A month's figures through the API."""

from web.api.endpoints import Call, Endpoint
from web.reports import bodies
from web.reports.pages import ReportQuery, month_feedback, month_figures, month_of, sealed_head
from web.security.access import READING
from web.shell.request_context import Context


def show(call: Call) -> bodies.MonthReport:
    asked = ReportQuery(month_of(call.path["month"]), call.query.get("unit", ""))
    head = sealed_head(call.s)
    context = Context(call.s, call.by, call.now_at)
    found, feedback = month_figures(context, asked), month_feedback(context, asked)
    return bodies.MonthReport(
        month=f"{asked.first_on:%Y-%m}",
        unit=asked.unit or None,
        broadcasts=len(found.entries),
        audit_head=bodies.AuditHead(entry=head.entry, hash=head.hash, signature=head.signature) if head else None,
        classes=[
            bodies.ClassMonth(broadcast_class=line.broadcast_class, aired=line.aired, seconds=line.length_ms / 1000)
            for line in found.classes
        ],
        feedback=bodies.FeedbackMonth(
            received=feedback.received,
            answered=feedback.answered,
            answer_seconds=feedback.answer_time.total_seconds() if feedback.answer_time is not None else None,
            problems=[
                bodies.ProblemMonth(problem=line.problem.value, received=line.received, answered=line.answered)
                for line in feedback.problems
            ],
        ),
        nodes=[
            bodies.NodeMonth(
                node=line.node.id,
                name=line.node.name,
                unit=line.node.unit_id,
                asked=line.asked,
                played=line.played,
                cut=line.cut,
                lost=line.lost,
                sounded_seconds=line.sounded_ms / 1000,
                installed=line.installed,
            )
            for line in found.nodes
        ],
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/reports/{month}",
        access=READING,
        summary="Số liệu một tháng (2026-11): từng loại bản tin, từng cụm loa.",
        act=show,
        gives=bodies.MonthReport,
        query={"unit": "Mã thôn; bỏ trống là cả xã."},
    ),
)
