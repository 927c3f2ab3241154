"""How a node was: plots of the last days, and the same in a table."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, render_template, request

from broadcaster.station.nodes import health_history, nodes
from broadcaster.station.nodes.health_history import LOST, HealthDay, Sample
from web.drawing import plots
from web.security.access import READING, asks
from web.shell.request_context import reading
from web.shell.services import services
from web.translations.languages import gettext as _

blueprint = Blueprint("node_health", __name__, url_prefix="/nodes/<node_id>/health")

SPANS = (1, 7, 30, 90)


@dataclass(frozen=True, slots=True)
class Plot:
    """A line with its words. title, unit: what it shows; scale: units of the reading in one of the unit's."""

    title: str
    unit: str
    line: plots.PlotLine
    scale: float = 1.0
    digits: int = 0

    def written(self, value: float) -> str:
        return f"{value / self.scale:.{self.digits}f} {self.unit}"


@blueprint.get("")
@asks(READING)
def show(node_id: str) -> str:
    asked = request.args.get("days", 7, int)
    span = asked if asked in SPANS else 7
    with reading() as c:
        node = nodes.get(c.s, node_id)
        frame = plots.PlotFrame(c.now_at - timedelta(days=span), c.now_at)
        samples = health_history.since(c.s, node=node, from_at=frame.from_at)
        days = health_history.days(samples, from_at=frame.from_at, now_at=c.now_at, zone=services().timezone)
        return render_template(
            "nodes/health.html",
            node=node,
            span=span,
            spans=SPANS,
            frame=frame,
            days=days,
            ribbon=plots.stretches(health_history.presence(samples, until_at=c.now_at), frame),
            lines=_lines(samples, frame),
            bars=_bars(days, frame),
            marks=_marks(frame),
        )


def _lines(samples: list[Sample], frame: plots.PlotFrame) -> list[Plot]:
    wanted: tuple[tuple[str, str, str, float, int, Any, tuple[float, float] | None], ...] = (
        ("temperature_celsius", _("Nhiệt độ máy"), "°C", 1, 0, max, None),
        ("signal_percent", _("Sóng"), "%", 1, 0, min, (0, 100)),
        ("clock_error_ms", _("Đồng hồ có thể sai"), "ms", 1, 0, max, None),
        ("free_bytes", _("Chỗ trống trên thẻ nhớ"), "GB", 1e9, 1, min, None),
    )
    found = []
    for name, title, unit, scale, digits, pick, edges in wanted:
        readings = [(sample.at, float(value)) for sample in samples if (value := getattr(sample, name)) is not None]
        line = plots.line(readings, frame, gap=LOST, pick=pick, span=edges)
        if line:
            found.append(Plot(title, unit, line, scale, digits))
    return found


def _bars(days: list[HealthDay], frame: plots.PlotFrame) -> list[tuple[float, float, float]]:
    amounts = [(_midnight(day), _midnight(day) + timedelta(days=1), float(day.used_bytes or 0)) for day in days]
    return plots.bars(amounts, frame) if any(day.used_bytes for day in days) else []


def _midnight(day: HealthDay) -> datetime:
    return datetime.combine(day.on, datetime.min.time(), services().timezone)


def _marks(frame: plots.PlotFrame) -> list[tuple[float, str]]:
    """A few instants along the lower edge."""
    length = frame.until_at - frame.from_at
    form = "%H:%M" if length <= timedelta(days=1) else "%d/%m"
    instants = [frame.from_at + length * part / 4 for part in range(5)]
    return [(frame.x(at), at.astimezone(services().timezone).strftime(form)) for at in instants]
