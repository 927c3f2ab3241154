"""Việc cần chú ý: what waits for somebody, and what was dealt with by whom."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.station.matters import matters
from web.forms.query_arguments import asked_page
from web.matters import attention
from web.security.access import READING, Kind, asks, over
from web.shell.logins import local_path
from web.shell.request_context import changing, reading
from web.translations.languages import gettext as _

blueprint = Blueprint("matters", __name__)


@blueprint.get("/matters")
@asks(READING)
def listing() -> str:
    dealt = request.args.get("state") == "dealt"
    with reading() as c:
        page = matters.listing(c.s, dealt=dealt, page=asked_page())
        shown = [attention.recorded(c, each) for each in page.items]
        return render_template("matters/list.html", page=page, shown=shown, dealt=dealt)


@blueprint.post("/matters/<matter_id>/deal")
@asks(over(Kind.MATTER, "broadcast", "manage_nodes"))
def deal(matter_id: str) -> Response:
    with changing() as c:
        matter = matters.get(c.s, matter_id)
        matters.deal(c.s, matter=matter, by=c.by, now_at=c.now_at, note=request.form.get("note", ""))
    flash(_("Đã ghi: việc này bạn đã xử lý."), "good")
    return redirect(local_path(request.form.get("next")) if request.form.get("next") else url_for("home.show"))
