"""Nhật ký phát: what really sounded, where, when and how long, from the nodes' own receipts."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, stream_with_context, url_for
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, lazyload

from broadcaster.errors import Invalid
from broadcaster.station.nodes.languages import LANGUAGES
from broadcaster.station.people.roles import require
from broadcaster.station.schema import Broadcast, Delivery, Node
from broadcaster.station.vocabulary.states import BroadcastState
from web.broadcasts.delivery_counts import BARE, tallies
from web.log.tables import MARK, csv_line, harmless
from web.shell import form_values
from web.shell.query_arguments import asked_page, asked_words
from web.shell.request_context import reading
from web.shell.services import services
from web.shell.words import BROADCAST, CLASS, DELIVERY, HEARD, ORIGIN

blueprint = Blueprint("log", __name__)

PAGE = 25
FEW_NODES = 12
"""So many are shown inside the list; of more the broadcast's own page tells."""
ORDERS = {
    "": (Broadcast.start_at.desc(),),
    "oldest": (Broadcast.start_at,),
    "title": (Broadcast.title, Broadcast.start_at.desc()),
    "longest": (Broadcast.duration_ms.desc(), Broadcast.start_at.desc()),
}
COLUMNS = (
    "Lượt phát",
    "Bản tin",
    "Loại",
    "Giờ hẹn",
    "Trạng thái lượt phát",
    "Cụm loa",
    "Kết quả",
    "Bắt đầu",
    "Kết thúc",
    "Giây đã phát",
    "Lý do",
    "Nguồn",
    "Số văn bản",
    "Tiếng",
    "Micrô",
)


@dataclass(frozen=True, slots=True)
class Filter:
    """What the reader asked to see.

    query: words in the title.
    state: of the broadcast; empty for all.
    node: id of a node; empty for all.
    first_on, last_on: local dates, both included.
    order: one of ORDERS; empty for the latest first.
    """

    query: str = ""
    state: str = ""
    node: str = ""
    first_on: date | None = None
    last_on: date | None = None
    order: str = ""

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        if self.query:
            yield Broadcast.title.icontains(self.query, autoescape=True)
        # What is still to come is in the timetable; here only if asked for.
        asked = self.state in BROADCAST
        yield Broadcast.state == BroadcastState(self.state) if asked else Broadcast.state != BroadcastState.SCHEDULED
        if self.node:
            yield Broadcast.deliveries.any(Delivery.node_id == self.node)
        if self.first_on:
            yield Broadcast.start_at >= _midnight(self.first_on)
        if self.last_on:
            yield Broadcast.start_at < _midnight(self.last_on + timedelta(days=1))


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), services().timezone)


def _asked() -> tuple[Filter, Invalid | None]:
    """The filter in the address; a date that is none is left out and said."""
    args = request.args
    plain = Filter(asked_words(), args.get("state", ""), asked_words("node"), order=asked_words("order"))
    try:
        first_on = form_values.day(args.get("from", ""), field="from")
        last_on = form_values.day(args.get("to", ""), field="to")
    except Invalid as error:
        return plain, error
    return replace(plain, first_on=first_on, last_on=last_on), None


@blueprint.get("/log")
def listing() -> str:
    asked, error = _asked()
    page = asked_page()
    with reading() as c:
        require(c.s, c.by, "view_log")
        found = select(Broadcast).where(*asked.conditions())
        total = c.s.scalar(select(func.count()).select_from(found.subquery())) or 0
        ordered = found.order_by(*ORDERS.get(asked.order, ORDERS[""]), Broadcast.id).options(*BARE)
        rows = c.s.scalars(ordered.limit(PAGE).offset((page - 1) * PAGE)).unique().all()
        counted = tallies(c.s, rows)
        return render_template(
            "log/list.html",
            rows=rows,
            tallies=counted,
            deliveries=_deliveries(c.s, [each for each in counted if counted[each].nodes <= FEW_NODES]),
            total=total,
            page=page,
            pages=max(1, -(-total // PAGE)),
            asked=asked,
            nodes=c.s.scalars(select(Node).order_by(Node.name)).all(),
            error=error,
            csv_address=_csv_address(),
        )


def _deliveries(s: Session, broadcasts: list[str]) -> dict[str, list[Delivery]]:
    """Every node of these broadcasts."""
    found: dict[str, list[Delivery]] = {}
    chosen = select(Delivery).where(Delivery.broadcast_id.in_(broadcasts)).options(lazyload(Delivery.broadcast))
    for delivery in s.scalars(chosen.order_by(Delivery.node_id)).unique():
        found.setdefault(delivery.broadcast_id, []).append(delivery)
    return found


def _csv_address() -> str:
    asked = {name: text for name, text in request.args.items() if name != "page"}
    return f"{url_for('.table')}?{urlencode(asked)}"


@blueprint.get("/log.csv")
def table() -> Response:
    asked, _error = _asked()
    with reading() as c:
        require(c.s, c.by, "view_log")
    lines = stream_with_context(_lines(asked))
    name = f"nhat-ky-phat-{services().today:%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(lines, mimetype="text/csv; charset=utf-8", headers=headers)


def _lines(asked: Filter) -> Iterator[str]:
    """One line for each node of each broadcast. The mark at the start tells spreadsheets that this is UTF-8."""
    yield MARK + csv_line(COLUMNS)
    with services().database.reading() as s:
        for broadcast, delivery, node in s.execute(_everything(asked)).yield_per(200):
            yield csv_line(_cells(broadcast, delivery, node))


def _everything(asked: Filter) -> Select[Broadcast, Delivery, Node]:
    query = select(Broadcast, Delivery, Node).join(Delivery, Delivery.broadcast_id == Broadcast.id)
    query = query.join(Node, Node.id == Delivery.node_id).where(*asked.conditions())
    if asked.node:
        query = query.where(Delivery.node_id == asked.node)
    return query.order_by(Broadcast.start_at.desc(), Node.name)


def _cells(broadcast: Broadcast, delivery: Delivery, node: Node) -> list[str]:
    return [
        broadcast.id,
        harmless(broadcast.title),
        str(CLASS[broadcast.broadcast_class]),
        _stamp(broadcast.start_at),
        str(BROADCAST[broadcast.state]),
        harmless(node.name),
        str(DELIVERY[delivery.state]),
        _stamp(delivery.started_at),
        _stamp(delivery.ended_at),
        f"{delivery.played_ms / 1000:.1f}",
        harmless(delivery.reason),
        str(ORIGIN[broadcast.origin]),
        harmless(broadcast.document_number or ""),
        ", ".join(LANGUAGES.get(code, code) for code in delivery.languages),
        str(HEARD.get(str(delivery.heard), "")),
    ]


def _stamp(at: datetime | None) -> str:
    return f"{at.astimezone(services().timezone):%Y-%m-%d %H:%M:%S}" if at else ""
