"""The month at every commune, by the columns a province asks for, as a page and as a workbook."""

from datetime import date, datetime, time

from flask import Blueprint, Response, render_template, url_for

from broadcaster.errors import Invalid
from broadcaster.station.province import figures
from broadcaster.station.province.figures import MonthRow
from web.forms.query_arguments import asked_words
from web.log import tables
from web.security.access import READING, asks
from web.shell.request_context import reading
from web.shell.services import services

blueprint = Blueprint("province_months", __name__, url_prefix="/province/months")
COLUMNS = ("station", "total", "play_successful", "urgent", "play_time", "request_duration", "ratio")
"""The names of the province's columns, in its order; programs read them."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("")
@asks(READING)
def show() -> str:
    error = None
    try:
        first_on = _asked()
    except Invalid as refused:
        first_on, error = services().today.replace(day=1), refused
    return render_template(
        "province/months.html",
        first_on=first_on,
        before_on=_shifted(first_on, -1),
        rows=_rows(first_on),
        workbook=url_for(".workbook", month=f"{first_on:%Y-%m}"),
        error=error,
    )


@blueprint.get("/month.xlsx")
@asks(READING)
def workbook() -> Response:
    first_on = _asked()
    lines = [COLUMNS, *(_line(each) for each in _rows(first_on))]
    made = Response(tables.workbook([(f"{first_on:%Y-%m}", lines)]), mimetype=XLSX)
    made.headers["Content-Disposition"] = f'attachment; filename="thang-{first_on:%Y-%m}.xlsx"'
    return made


def _line(row: MonthRow) -> tables.Row:
    return [getattr(row, each) for each in COLUMNS]


def _rows(first_on: date) -> list[MonthRow]:
    zone = services().timezone
    from_at, until_at = (datetime.combine(each, time(), zone) for each in (first_on, _shifted(first_on, 1)))
    with reading() as c:
        return figures.month(c.s, from_at=from_at, until_at=until_at)


def _asked() -> date:
    """First day of the month that is asked for; this one where none is. Raises Invalid."""
    text = asked_words("month")
    if not text:
        return services().today.replace(day=1)
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Invalid("report.month_malformed", field="month") from None


def _shifted(first_on: date, months: int) -> date:
    count = first_on.year * 12 + first_on.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
