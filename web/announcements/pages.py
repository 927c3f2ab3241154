"""Bản tin: write, preview, listen, send on."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import Conflict, LoaError
from broadcaster.station.announcements import announcements, approvals, autosaves, differences, origins, steps
from broadcaster.station.announcements.steps import Step
from broadcaster.station.broadcasts import lists
from broadcaster.station.schema import Announcement
from broadcaster.station.schema.announcement_fields import fields_of
from broadcaster.station.vocabulary.states import AnnouncementState
from web.announcements import recordings, versions
from web.drafts import composing, corrections, pastes
from web.drafts.form import AnnouncementForm, from_announcement, from_form
from web.drawing import qr_codes
from web.forms import parsing
from web.forms.query_arguments import asked_page, asked_words
from web.security.access import READING, Kind, asks, over, over_named, somewhere
from web.shell.failures import status_of
from web.shell.request_context import Context, changing, reading
from web.shell.services import services
from web.shell.words import ANNOUNCEMENT
from web.translations.languages import gettext as _
from web.wishes import showing
from web.wishes.choices import choices

blueprint = Blueprint("announcements", __name__, url_prefix="/announcements")


@blueprint.get("")
@asks(READING)
def listing() -> str:
    state = request.args.get("state", "")
    query = asked_words()
    with reading() as c:
        page = announcements.listing(
            c.s,
            state=AnnouncementState(state) if state in ANNOUNCEMENT else None,
            query=query,
            page=asked_page(),
        )
        return render_template("announcements/list.html", page=page, state=state, query=query)


@blueprint.get("/new")
@asks(somewhere("write"))
def new() -> str:
    with reading() as c:
        key = request.args.get("draft", "")
        saved = composing.saved(c, key) if key else None
        return composing.page(c, saved or AnnouncementForm(), key=key if saved else "")


@blueprint.post("")
@asks(over_named("write"))
def create() -> str | Response:
    draft = from_form(request.form)
    if looked_at := _looked_at(draft):
        return looked_at
    try:
        with changing() as c:
            written = draft.fields(services().timezone)
            origins.require_typed(written.origin, None)
            announcement = announcements.create(c.s, written, by=c.by, now_at=c.now_at)
            autosaves.drop(c.s, request.form.get("draft", ""), by=c.by)
    except LoaError as error:
        with reading() as c:
            return make_response(composing.page(c, draft, error=error), status_of(error))
    flash(_("Đã lưu. Tệp phát đang được tạo; nghe thử ngay khi xong."), "good")
    return redirect(url_for(".show", announcement_id=announcement.id))


@blueprint.get("/<announcement_id>")
@asks(READING)
def show(announcement_id: str) -> str:
    with reading() as c:
        return page(c, announcements.get(c.s, announcement_id))


def page(c: Context, announcement: Announcement, *, error: LoaError | None = None) -> str:
    """One announcement; ``error`` is why it was not sent for approval as asked."""
    allowed = steps.steps(c.s, announcement, c.by)
    return render_template(
        "announcements/show.html",
        announcement=announcement,
        steps=allowed,
        history=approvals.history(c.s, announcement),
        change=differences.since_last_decision(c.s, announcement),
        broadcasts=lists.of_announcement(c.s, announcement, most=20),
        levy_code=qr_codes.inline(qr_codes.of_levy(announcement.levy)) if announcement.levy else "",
        offered=choices(c, announcement) if Step.SUBMIT in allowed else None,
        wish=showing.shown(c, announcement),
        today=services().today,
        form=request.form,
        error=error,
        **recordings.of(c, announcement),
        **versions.of(c, announcement),
    )


@blueprint.get("/<announcement_id>/edit")
@asks(over(Kind.ANNOUNCEMENT, "write"))
def edit(announcement_id: str) -> str:
    with reading() as c:
        announcement = announcements.get(c.s, announcement_id)
        steps.require_step(c.s, Step.EDIT, announcement, c.by)
        saved = composing.saved(c, announcement_id) if "draft" in request.args else None
        draft = saved or from_announcement(announcement, services().timezone)
        return composing.page(c, draft, announcement=announcement)


@blueprint.post("/<announcement_id>/edit")
@asks(over(Kind.ANNOUNCEMENT, "write"))
def save(announcement_id: str) -> str | Response:
    draft = from_form(request.form)
    if looked_at := _looked_at(draft, announcement_id):
        return looked_at
    try:
        with changing() as c:
            announcement = announcements.get(c.s, announcement_id)
            written = draft.fields(services().timezone, before=fields_of(announcement))
            origins.require_typed(written.origin, announcement)
            revision = parsing.seen_revision(draft.revision)
            announcements.edit(c.s, announcement, written, revision=revision, by=c.by, now_at=c.now_at)
            autosaves.drop(c.s, announcement_id, by=c.by)
    except LoaError as error:
        return _not_saved(announcement_id, draft, error)
    flash(_("Đã lưu bản sửa."), "good")
    return redirect(url_for(".show", announcement_id=announcement_id))


def _looked_at(draft: AnnouncementForm, announcement_id: str | None = None) -> str:
    """The form again, when only a preview or a repair was asked for, or letters were repaired just now; else empty."""
    if not (request.form.keys() & {"preview", "fix", "undo_paste", "with_marks"} or pastes.must_be_seen(draft)):
        return ""
    refused = corrections.take(request.form) if "fix" in request.form else None
    with reading() as c:
        announcement = announcements.get(c.s, announcement_id) if announcement_id else None
        return composing.page(c, draft, announcement=announcement, refused=refused)


def _not_saved(announcement_id: str, draft: AnnouncementForm, error: LoaError) -> Response:
    with reading() as c:
        announcement = announcements.get(c.s, announcement_id)
        theirs = announcement if isinstance(error, Conflict) else None
        page = composing.page(c, draft, announcement=announcement, error=error, theirs=theirs)
    return make_response(page, status_of(error))
