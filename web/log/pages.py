"""Nhật ký phát: what really sounded, where, when and how long, from the nodes' own receipts."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, stream_with_context, url_for

from broadcaster.errors import Invalid
from broadcaster.station.broadcasts.delivery_counts import tallies
from broadcaster.station.broadcasts.lists import deliveries_of
from broadcaster.station.broadcasts.repetitions import unheard_counts
from broadcaster.station.records import log
from broadcaster.station.records.log import LogFilter
from broadcaster.station.schema import Broadcast, Delivery, Node
from broadcaster.station.vocabulary.states import BroadcastState
from web.forms import parsing
from web.forms.query_arguments import asked_page, asked_words
from web.log.tables import MARK, csv_line, harmless
from web.security.access import READING, asks
from web.shell.request_context import reading
from web.shell.services import services
from web.shell.telling import said
from web.shell.words import BROADCAST, CLASS, DELIVERY, HEARD, ORIGIN
from web.units.languages import language_name

blueprint = Blueprint("log", __name__)

PAGE = 25
FEW_NODES = 12
"""So many are shown inside the list; of more the broadcast's own page tells."""
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
class LogQuery:
    """What the reader asked to see.

    query: words in the title.
    state: of the broadcast; empty for all.
    node: id of a node; empty for all.
    first_on, last_on: local dates, both included.
    order: one of the log's; empty for the latest first.
    """

    query: str = ""
    state: str = ""
    node: str = ""
    first_on: date | None = None
    last_on: date | None = None
    order: str = ""

    def meant(self) -> LogFilter:
        """As the log understands it; a state nobody knows is none."""
        return LogFilter(
            query=self.query,
            state=BroadcastState(self.state) if self.state in BROADCAST else None,
            node_id=self.node,
            from_at=_midnight(self.first_on) if self.first_on else None,
            until_at=_midnight(self.last_on + timedelta(days=1)) if self.last_on else None,
            order=self.order,
        )


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), services().timezone)


def _asked() -> tuple[LogQuery, Invalid | None]:
    """The filter in the address; a date that is none is left out and said."""
    args = request.args
    plain = LogQuery(asked_words(), args.get("state", ""), asked_words("node"), order=asked_words("order"))
    try:
        first_on = parsing.day(args.get("from", ""), field="from")
        last_on = parsing.day(args.get("to", ""), field="to")
    except Invalid as error:
        return plain, error
    return replace(plain, first_on=first_on, last_on=last_on), None


@blueprint.get("/log")
@asks(READING)
def listing() -> str:
    asked, error = _asked()
    with reading() as c:
        found = log.page(c.s, asked.meant(), number=asked_page(), size=PAGE)
        counted = tallies(c.s, found.items)
        return render_template(
            "log/list.html",
            found=found,
            tallies=counted,
            unheard=unheard_counts(c.s, list(counted)),
            deliveries=deliveries_of(c.s, [each for each in counted if counted[each].nodes <= FEW_NODES]),
            asked=asked,
            nodes=log.nodes(c.s),
            error=error,
            csv_address=_csv_address(),
        )


def _csv_address() -> str:
    asked = {name: text for name, text in request.args.items() if name != "page"}
    return f"{url_for('.table')}?{urlencode(asked)}"


@blueprint.get("/log.csv")
@asks(READING)
def table() -> Response:
    asked, _error = _asked()
    lines = stream_with_context(_lines(asked))
    name = f"nhat-ky-phat-{services().today:%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(lines, mimetype="text/csv; charset=utf-8", headers=headers)


def _lines(asked: LogQuery) -> Iterator[str]:
    """One line for each node of each broadcast. The mark at the start tells spreadsheets that this is UTF-8."""
    yield MARK + csv_line(COLUMNS)
    with services().database.reading() as s:
        for broadcast, delivery, node in log.lines(s, asked.meant()):
            yield csv_line(_cells(broadcast, delivery, node))


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
        harmless(said(delivery.reason)),
        str(ORIGIN[broadcast.origin]),
        harmless(broadcast.document_number or ""),
        ", ".join(language_name(code) for code in delivery.languages),
        str(HEARD.get(str(delivery.heard), "")),
    ]


def _stamp(at: datetime | None) -> str:
    return f"{at.astimezone(services().timezone):%Y-%m-%d %H:%M:%S}" if at else ""
