"""Mẫu: texts with blanks for what is announced again and again."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import Invalid, LoaError
from broadcaster.station.announcements import announcements
from broadcaster.station.announcements.patterns import blanks, patterns
from broadcaster.station.announcements.patterns.patterns import Pattern
from web.drafts import composing
from web.drafts.form import AnnouncementForm
from web.security.access import asks, over_commune, somewhere
from web.shell.failures import status_of
from web.shell.request_context import changing, reading
from web.translations.languages import gettext as _

blueprint = Blueprint("patterns", __name__, url_prefix="/patterns")


@blueprint.get("")
@asks(somewhere("write"))
def listing() -> str:
    with reading() as c:
        return render_template("patterns/list.html", patterns=patterns.listing(c.s))


@blueprint.get("/<pattern_id>")
@asks(somewhere("write"))
def show(pattern_id: str) -> str:
    with reading() as c:
        return _form(patterns.get(c.s, pattern_id))


@blueprint.post("/<pattern_id>")
@asks(somewhere("write"))
def fill(pattern_id: str) -> str | Response:
    """The form of an announcement with the text filled in; nothing is saved yet."""
    with reading() as c:
        pattern = patterns.get(c.s, pattern_id)
        try:
            title, text = patterns.fill(pattern, _answers(pattern))
        except Invalid as error:
            return make_response(_form(pattern, error), status_of(error))
        return composing.page(c, AnnouncementForm(title=title, text=text, broadcast_class=pattern.broadcast_class))


@blueprint.get("/new")
@asks(over_commune("write"))
def new() -> str:
    with reading() as c:
        source = request.args.get("announcement")
        known = announcements.get(c.s, source) if source else None
        return render_template(
            "patterns/new.html",
            title=blanks.suggested(known.title) if known else "",
            text=blanks.suggested(known.text) if known else "",
            broadcast_class=known.broadcast_class if known else "routine",
        )


@blueprint.post("")
@asks(over_commune("write"))
def add() -> str | Response:
    form = request.form
    title, text, kind = form.get("title", ""), form.get("text", "").replace("\r\n", "\n"), form.get("class", "")
    try:
        with changing() as c:
            made = patterns.add(c.s, title=title, text=text, broadcast_class=kind, by=c.by, now_at=c.now_at)
    except LoaError as error:
        page = render_template("patterns/new.html", title=title, text=text, broadcast_class=kind, error=error)
        return make_response(page, status_of(error))
    flash(_("Đã lưu mẫu. Lần sau chỉ cần điền chỗ trống."), "good")
    return redirect(url_for(".show", pattern_id=made.id))


@blueprint.post("/<pattern_id>/remove")
@asks(over_commune("write"))
def remove(pattern_id: str) -> Response:
    with changing() as c:
        patterns.remove(c.s, pattern_id=pattern_id, by=c.by, now_at=c.now_at)
    flash(_("Đã bỏ mẫu."), "good")
    return redirect(url_for(".listing"))


def _answers(pattern: Pattern) -> dict[str, str]:
    return {blank.name: request.form.get(f"blank-{number}", "") for number, blank in enumerate(pattern.blanks, 1)}


def _form(pattern: Pattern, error: Invalid | None = None) -> str:
    return render_template("patterns/show.html", pattern=pattern, answers=_answers(pattern), error=error)
