"""Pages: give a paper, wait for a picture to be read, look over its lines, hand it to the form."""

import secrets
from typing import cast

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from broadcaster.errors import Invalid, LoaError
from broadcaster.paper_files import LARGEST_BYTES, can_read_pictures
from broadcaster.station.alerts import papers as alert_papers
from broadcaster.station.announcements import announcements, autosaves
from broadcaster.station.units import units
from web.drafts import composing, levies
from web.papers import review
from web.papers.file_readings import AT_ONCE_SECONDS, FileReadings
from web.papers.review import PaperReview
from web.security.access import asks, over_commune, somewhere
from web.shell.failures import status_of
from web.shell.request_context import Context, changing, reading
from web.shell.services import services
from web.shell.telling import said
from web.translations import languages
from web.translations.languages import gettext as _

blueprint = Blueprint("papers", __name__, url_prefix="/papers")


@blueprint.record_once
def _set_up(state: BlueprintSetupState) -> None:
    """The readings belong to the application that serves the pages."""
    state.app.extensions["loa-papers"] = FileReadings()


def readings() -> FileReadings:
    return cast(FileReadings, current_app.extensions["loa-papers"])


@blueprint.get("/new")
@asks(somewhere("write"))
def new() -> str:
    return _give(draft=request.args.get("draft", ""))


@blueprint.post("")
@asks(somewhere("write"))
def look() -> str | Response:
    """A paper that was just given, or the review after the press of a button."""
    form = request.form
    with changing() as c:
        if "from_form" in form:
            autosaves.keep(c.s, key=_draft(form), content=composing.content_of(form), by=c.by, now_at=c.now_at)
        person_id = c.by.id
    upload = request.files.get("file")
    try:
        if upload and upload.filename:
            ticket = readings().give(upload.read(LARGEST_BYTES + 1), person_id=person_id, draft=_draft(form))
            return _taken(ticket, person_id, wait_seconds=AT_ONCE_SECONDS)
        return _looked_over(_pasted(form))
    except LoaError as error:
        return make_response(_give(error=error, draft=_draft(form), text=_given_text(form)), status_of(error))


@blueprint.post("/warning")
@asks(over_commune("write"))
def prepare() -> str | Response:
    """An order is prepared of a warning of the weather service; people give it."""
    form = request.form
    try:
        with changing() as c:
            shown = review.from_form(form, zones=(), today=services().today)
            pasted_warning = shown.pasted_warning
            if pasted_warning is None:
                raise Invalid("paper.no_warning", field="paper")
            row = alert_papers.take(c.s, pasted_warning, by=c.by, now_at=c.now_at)
            announcement_id, reason = row.announcement_id, row.reason
    except LoaError as error:
        return make_response(_give(error=error, draft=_draft(form), text=_given_text(form)), status_of(error))
    if announcement_id is None:
        flash(said(reason), "warn")
        return _looked_over(form)
    flash(_("Đã soạn sẵn lệnh phát từ bản tin. Chưa có gì được phát."), "good")
    return redirect(url_for("alerts.listing"), 303)


@blueprint.get("/<ticket>")
@asks(somewhere("write"))
def wait(ticket: str) -> str | Response:
    """The paper when it is read, or a page that asks again."""
    with reading() as c:
        person_id = c.by.id
    try:
        return _taken(ticket, person_id)
    except Invalid as error:
        return make_response(_give(error=error), status_of(error))


def _taken(ticket: str, person_id: str, *, wait_seconds: float = 0.0) -> str | Response:
    taken = readings().take(ticket, person_id=person_id, wait_seconds=wait_seconds)
    if taken is None:
        if request.method == "POST":
            return redirect(url_for(".wait", ticket=ticket), 303)
        return render_template("papers/waiting.html")
    file, draft = taken
    return _looked_over(MultiDict({"paper": file.text, "draft": draft, "read_by": file.read_by}))


def _looked_over(form: MultiDict[str, str]) -> str | Response:
    with changing() as c:
        zones = units.zones_for(c.s, by=c.by, permission="write")
        shown = review.from_form(form, zones=zones, today=services().today)
        if "write" in form:
            return redirect(_hand_over(c, shown))
        pasted_warning = shown.pasted_warning
        return render_template(
            "papers/review.html",
            review=shown,
            pasted_warning=pasted_warning,
            proposal=alert_papers.propose(c.s, pasted_warning, by=c.by, now_at=c.now_at) if pasted_warning else None,
            repairs=shown.repairs(languages.chosen()),
            fields=shown.pasted.paper.fields,
            zones=[zone for zone in zones if zone.id in shown.offers.named_zones],
            banks=levies.choices(),
        )


def _hand_over(c: Context, shown: PaperReview) -> str:
    """Keep the paper's text and offers as what is being written, and give the address of the form."""
    key = shown.draft or composing.NEW + secrets.token_hex(6)
    saved = autosaves.find(c.s, key, by=c.by)
    content = dict(saved.content) if saved else {}
    content |= {**shown.offers.content(), "text": [shown.announcement]}
    autosaves.keep(c.s, key=key, content=content, by=c.by, now_at=c.now_at)
    if key.startswith(composing.NEW):
        return url_for("announcements.new", draft=key)
    announcements.get(c.s, key)
    return url_for("announcements.edit", announcement_id=key, draft=1)


def _pasted(form: MultiDict[str, str]) -> MultiDict[str, str]:
    """The form with the text where the review looks for it: the compose form calls it ``text``."""
    if "from_form" not in form:
        return form
    return MultiDict({"paper": form.get("text", ""), "draft": _draft(form)})


def _given_text(form: MultiDict[str, str]) -> str:
    return form.get("text" if "from_form" in form else "paper", "")


def _draft(form: MultiDict[str, str]) -> str:
    return form.get("draft", "")


def _give(*, error: LoaError | None = None, draft: str = "", text: str = "") -> str:
    return render_template(
        "papers/give.html",
        error=error,
        draft=draft,
        text=text,
        pictures=can_read_pictures(),
        most_megabytes=LARGEST_BYTES // 1_000_000,
    )
