"""The ready texts released in one sitting: heard one after another, approved with one press."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.station.announcements.steps import Step, steps
from broadcaster.station.emergencies import phrasebook, releasing
from broadcaster.station.schema import Clip
from web.security.access import asks, somewhere
from web.shell.request_context import changing, reading
from web.shell.telling import said
from web.translations.languages import gettext as _
from web.translations.languages import ngettext

blueprint = Blueprint("emergency_book", __name__, url_prefix="/emergency/book")
SEAL = "heard-"
"""Before the id in the name of the field that carries the hash of what was heard."""


@blueprint.get("")
@asks(somewhere("emergency"))
def show() -> str:
    with reading() as c:
        waiting = releasing.waiting(c.s)
        return render_template(
            "emergencies/book.html",
            waiting=waiting,
            clips={each.id: c.s.get(Clip, each.clip_sha256) for each in waiting if each.clip_sha256},
            missing=releasing.unreleased_kinds(c.s),
            there=bool(phrasebook.book(c.s)),
            seal=SEAL,
            offered=[each for each in waiting if Step.RELEASE in steps(c.s, each, c.by)],
        )


@blueprint.post("/release")
@asks(somewhere("approve"))
def release() -> Response:
    heard = {name.removeprefix(SEAL): seal for name, seal in request.form.items() if name.startswith(SEAL)}
    with changing() as c:
        sitting = releasing.release(c.s, heard, by=c.by, now_at=c.now_at)
    if sitting.released:
        count = len(sitting.released)
        flash(ngettext("Đã duyệt %(num)d lời cảnh báo.", "Đã duyệt %(num)d lời cảnh báo.", count), "good")
    for title, why in sitting.refused:
        flash(_("Chưa duyệt được “%(title)s”. %(why)s", title=title, why=said(why)), "warn")
    return redirect(url_for(".show" if sitting.refused else "emergencies.show"))
