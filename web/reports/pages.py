"""Báo cáo tháng: the book and the figures of a month, to be read, printed and taken home."""

from dataclasses import dataclass
from datetime import date, datetime, time

from flask import Blueprint, Response, render_template, request, url_for
from sqlalchemy.orm import Session

from broadcaster.errors import Invalid
from broadcaster.protocol.agenda import AuditHead
from broadcaster.station.audit import heads
from broadcaster.station.nodes.search import below
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.records import feedback, reports
from broadcaster.station.records.feedback import FeedbackMonth
from broadcaster.station.records.reports import Month
from broadcaster.station.schema import Unit
from broadcaster.station.units import units
from web.forms.query_arguments import asked_again, asked_words
from web.log import tables
from web.security.access import READING, asks
from web.shell.request_context import Context, reading
from web.shell.services import services
from web.shell.times import local
from web.shell.words import CLASS, PROBLEM, Word, broadcast_word

blueprint = Blueprint("reports", __name__, url_prefix="/reports")

BOOK = (
    "Ngày",
    "Giờ",
    "Bản tin",
    "Loại",
    "Diễn tập",
    "Thời lượng (giây)",
    "Số cụm loa",
    "Phát đủ",
    "Kết quả",
    "Người ra lệnh",
)
NODES = ("Cụm loa", "Thôn", "Được giao", "Phát đủ", "Bị ngắt", "Không phát", "Giây đã phát", "Tỷ lệ đủ (%)")
FEEDBACK = ("Phản ánh của bà con", "Đã nhận", "Đã trả lời", "Chưa trả lời")
NOT_INSTALLED = "chưa lắp đặt"
"""In place of a rate: such a node never spoke to the station."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class ReportQuery:
    """first_on: first day of the month; unit: id of the hamlet, or empty for the whole commune."""

    first_on: date
    unit: str = ""

    @property
    def next_on(self) -> date:
        return date(self.first_on.year + self.first_on.month // 12, self.first_on.month % 12 + 1, 1)

    @property
    def before_on(self) -> date:
        return date(self.first_on.year - (self.first_on.month == 1), (self.first_on.month - 2) % 12 + 1, 1)

    @property
    def name(self) -> str:
        return f"{self.first_on:%Y-%m}" + (f"-{self.unit}" if self.unit else "")


@blueprint.get("")
@asks(READING)
def show() -> str:
    asked, error = _asked()
    with reading() as c:
        tree = units.tree(c.s)
        return render_template(
            "reports/show.html",
            asked=asked,
            found=_month(c, asked, tree),
            tree=tree,
            where=next((unit.name for unit in tree if unit.id == asked.unit), ""),
            error=error,
            made_at=c.now_at,
            feedback=month_feedback(c, asked),
            result_of=_result,
            sealed=sealed_head(c.s),
            csv_addresses=[asked_again(url_for(f".{each}")) for each in ("book", "nodes", "feedback_csv")],
            xlsx_address=asked_again(url_for(".workbook")),
        )


@blueprint.get("/book.csv")
@asks(READING)
def book() -> Response:
    asked, found = _found()
    return _download(tables.csv_table(_book(found)), f"so-phat-thanh-{asked.name}.csv", "text/csv; charset=utf-8")


@blueprint.get("/nodes.csv")
@blueprint.get("/poles.csv")  # its name until version 0.2, in the bookmarks of communes
@asks(READING)
def nodes() -> Response:
    asked, found = _found()
    return _download(tables.csv_table(_nodes(found)), f"cum-loa-{asked.name}.csv", "text/csv; charset=utf-8")


@blueprint.get("/feedback.csv")
@asks(READING)
def feedback_csv() -> Response:
    asked, error = _asked()
    if error:
        raise error
    with reading() as c:
        said = month_feedback(c, asked)
    return _download(tables.csv_table(feedback_table(said)), f"phan-anh-{asked.name}.csv", "text/csv; charset=utf-8")


@blueprint.get("/report.xlsx")
@asks(READING)
def workbook() -> Response:
    asked, found = _found()
    with reading() as c:
        said = month_feedback(c, asked)
    made = tables.workbook(
        [("Sổ phát thanh", _book(found)), ("Cụm loa", _nodes(found)), ("Phản ánh", feedback_table(said))]
    )
    return _download(made, f"bao-cao-{asked.name}.xlsx", XLSX)


def month_of(text: str) -> date:
    """First day of ``2026-11``. Raises Invalid(field="month")."""
    try:
        return datetime.strptime(text, "%Y-%m").date().replace(day=1)  # noqa: DTZ007 - a month has no zone
    except ValueError:
        raise Invalid("report.month_malformed", field="month") from None


def _asked() -> tuple[ReportQuery, Invalid | None]:
    typed = request.args.get("month", "")
    this = services().today.replace(day=1)
    unit = asked_words("unit")
    try:
        return ReportQuery(month_of(typed) if typed else this, unit), None
    except Invalid as error:
        return ReportQuery(this, unit), error


def _found() -> tuple[ReportQuery, Month]:
    asked, error = _asked()
    if error:
        raise error
    with reading() as c:
        return asked, month_figures(c, asked)


def sealed_head(s: Session) -> AuditHead | None:
    """The end of the audit chain now, signed: on paper it outlives whatever is done to the database."""
    config = services().config
    return StationIdentity.load_or_create(config.data_dir.absolute(), config.station.id).sign_head(heads.head(s))


def month_figures(c: Context, asked: ReportQuery) -> Month:
    """The month as the calendar on the commune's wall has it. Raises NotAllowed."""
    return _month(c, asked, units.tree(c.s))


def month_feedback(c: Context, asked: ReportQuery) -> FeedbackMonth:
    """What residents said in it, and how far it is answered."""
    from_at, until_at = _span(asked)
    inside = below(units.tree(c.s), asked.unit) if asked.unit else None
    return feedback.month(c.s, from_at=from_at, until_at=until_at, units=inside)


def _month(c: Context, asked: ReportQuery, tree: list[Unit]) -> Month:
    from_at, until_at = _span(asked)
    return reports.month(c.s, from_at=from_at, until_at=until_at, units=below(tree, asked.unit) if asked.unit else None)


def _span(asked: ReportQuery) -> tuple[datetime, datetime]:
    zone = services().timezone
    return datetime.combine(asked.first_on, time(), zone), datetime.combine(asked.next_on, time(), zone)


def _book(found: Month) -> list[tables.Row]:
    return [BOOK, *(_line(entry) for entry in found.entries)]


def _line(entry: reports.LogEntry) -> tables.Row:
    broadcast = entry.broadcast
    at = local(broadcast.start_at)
    return (
        f"{at:%Y-%m-%d}",
        f"{at:%H:%M:%S}",
        broadcast.title,
        str(CLASS[broadcast.broadcast_class]),
        "x" if broadcast.drill else "",
        round(entry.length_ms / 1000),
        entry.nodes,
        entry.played,
        str(_result(entry)),
        broadcast.ordered_by.full_name if broadcast.ordered_by else "",
    )


def _result(entry: reports.LogEntry) -> Word:
    heard = {"played": entry.played, "interrupted": 1 if entry.sounded_ms else 0, "playing": 1}
    return broadcast_word(entry.broadcast.state, heard)


def _nodes(found: Month) -> list[tables.Row]:
    lines = [
        (
            line.node.name,
            line.node.unit.name,
            line.asked,
            line.played,
            line.cut,
            line.lost,
            round(line.sounded_ms / 1000),
            line.percent if line.installed else NOT_INSTALLED,
        )
        for line in found.nodes
    ]
    return [NODES, *lines]


def feedback_table(said: FeedbackMonth) -> list[tables.Row]:
    """A line for each kind of problem, and the sum."""
    lines = [(str(PROBLEM[each.problem]), each.received, each.answered) for each in said.problems]
    lines.append(("Tất cả", said.received, said.answered))
    return [FEEDBACK, *((name, received, done, received - done) for name, received, done in lines)]


def _download(body: str | bytes, name: str, media: str) -> Response:
    return Response(body, content_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})
