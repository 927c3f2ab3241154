"""Duyệt: what waits, and the decisions, each bound to exactly what was seen and heard."""

import hashlib
from collections.abc import Callable, Sequence

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import LoaError
from broadcaster.station.announcements import announcements, approvals, differences
from broadcaster.station.announcements.announcements import pending_count
from broadcaster.station.clips import dictionary, tunes
from broadcaster.station.programmes import wishes
from broadcaster.station.relays import slot_relays
from broadcaster.station.schema import Announcement
from broadcaster.station.units import spoken_words
from web.announcements import pages as announcement_pages
from web.announcements.cards import cards
from web.security.access import SIGNED_IN, Kind, asks, over, somewhere
from web.shell.failures import status_of
from web.shell.logins import current_visitor, local_path
from web.shell.request_context import Context, changing, reading
from web.shell.services import services
from web.shell.telling import said
from web.translations.languages import gettext as _
from web.wishes.form import from_form
from web.wishes.words import outcome_words, wish_words

blueprint = Blueprint("approvals", __name__)


blueprint.add_app_template_filter(differences.until_of, "instant")
blueprint.add_app_template_filter(wish_words)


@blueprint.get("/approvals")
@asks(somewhere("approve"))
def queue() -> str:
    with reading() as c:
        pending = approvals.queue(c.s)
        return render_template(
            "approvals/queue.html",
            cards=cards(c, pending),
            seen=_seen(pending),
            unreleased=len(spoken_words.unreleased(c.s)) + len(dictionary.waiting(c.s)),
            unheard=len(tunes.waiting_for_approval(c.s)),
            relays=[each.slot for each in slot_relays.waiting_for_approval(c.s)],
        )


@blueprint.get("/approvals/waiting")
@asks(SIGNED_IN)
def waiting() -> str:
    """How many wait for this person, for the badges of every open page."""
    return str(waiting_count())


@blueprint.get("/approvals/news")
@asks(somewhere("approve"))
def news() -> str:
    """The part of the queue that says whether it is still what the approver looks at."""
    with reading() as c:
        pending = approvals.queue(c.s)
        return render_template("approvals/news.html", moved=_seen(pending) != request.args.get("seen", ""))


def waiting_count() -> int:
    """How many announcements wait for this person."""
    visitor = current_visitor()
    if visitor is None or not visitor.may("approve"):
        return 0
    with services().database.reading() as s:
        return pending_count(s)


def _seen(pending: Sequence[Announcement]) -> str:
    """What a queue showed, short enough for an address."""
    shown = "".join(f"{each.id}{each.content_hash}" for each in pending)
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


@blueprint.post("/announcements/<announcement_id>/submit")
@asks(over(Kind.ANNOUNCEMENT, "write"))
def submit(announcement_id: str) -> Response:
    """Ask for approval and say when. What cannot be met is told on the page, where everything typed still stands."""
    try:
        wish = from_form(request.form)
        with changing() as c:
            announcement = announcements.get(c.s, announcement_id)
            wishes.submit(c.s, announcement=announcement, wish=wish, by=c.by, now_at=c.now_at)
    except LoaError as error:
        with reading() as c:
            page = announcement_pages.page(c, announcements.get(c.s, announcement_id), error=error)
            return make_response(page, status_of(error))
    flash(_("Đã gửi duyệt: %(when)s.", when=wish_words(wish)) if wish else _("Đã gửi duyệt."), "good")
    return redirect(url_for("announcements.show", announcement_id=announcement_id))


@blueprint.post("/announcements/<announcement_id>/approve")
@asks(over(Kind.ANNOUNCEMENT, "approve"))
def approve(announcement_id: str) -> Response:
    """One press releases it and carries out the time it was sent with."""
    with changing() as c:
        announcement = announcements.get(c.s, announcement_id)
        outcome = wishes.approve(
            c.s,
            announcement=announcement,
            content_hash=request.form.get("content_hash", ""),
            by=c.by,
            now_at=c.now_at,
            timing=services().config.schedule,
        )
        kind = announcement.wish.kind if announcement.wish else None
    if outcome.obstacle is not None:
        flash(_("Đã duyệt, nhưng chưa phát. %(why)s", why=said(outcome.obstacle)), "warn")
    else:
        flash(outcome_words(kind), "good")
    return _back(announcement_id)


@blueprint.post("/announcements/<announcement_id>/return")
@asks(over(Kind.ANNOUNCEMENT, "approve"))
def send_back(announcement_id: str) -> Response:
    return _decide(
        announcement_id,
        lambda c, announcement: approvals.send_back(
            c.s, announcement=announcement, by=c.by, now_at=c.now_at, comment=_comment()
        ),
        _("Đã trả lại cho người soạn."),
    )


@blueprint.post("/announcements/<announcement_id>/reject")
@asks(over(Kind.ANNOUNCEMENT, "approve"))
def reject(announcement_id: str) -> Response:
    return _decide(
        announcement_id,
        lambda c, announcement: approvals.reject(
            c.s, announcement=announcement, by=c.by, now_at=c.now_at, comment=_comment()
        ),
        _("Đã từ chối bản tin."),
    )


@blueprint.post("/announcements/<announcement_id>/withdraw")
@asks(over(Kind.ANNOUNCEMENT, "write"))
def withdraw(announcement_id: str) -> Response:
    return _decide(
        announcement_id,
        lambda c, announcement: announcements.withdraw(c.s, announcement=announcement, by=c.by, now_at=c.now_at),
        _("Đã rút bản tin. Nó sẽ không được phát nữa."),
    )


def _comment() -> str:
    return request.form.get("comment", "").strip()


def _decide(announcement_id: str, act: Callable[[Context, Announcement], object], done: str) -> Response:
    with changing() as c:
        act(c, announcements.get(c.s, announcement_id))
    flash(done, "good")
    return _back(announcement_id)


def _back(announcement_id: str) -> Response:
    back = request.form.get("next")
    return redirect(local_path(back) if back else url_for("announcements.show", announcement_id=announcement_id))
