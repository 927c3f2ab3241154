"""Trang chủ: what sounds now, what comes next, which nodes are ready, what needs somebody."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, send_from_directory, session, url_for
from werkzeug.wrappers import Response

from broadcaster.station.announcements import approvals
from broadcaster.station.announcements.announcements import pending_count, written_by
from broadcaster.station.broadcasts import lists
from broadcaster.station.broadcasts.delivery_counts import tallies
from broadcaster.station.live import sessions
from broadcaster.station.matters import readiness
from broadcaster.station.nodes import nodes
from broadcaster.station.people import approvers
from broadcaster.station.people.roles import may_somewhere
from broadcaster.station.programmes import mine
from broadcaster.station.rows import settings
from broadcaster.station.rules import stop_all
from broadcaster.station.vocabulary.states import AnnouncementState
from web.announcements.cards import Card, cards
from web.home import zone_rows
from web.matters import attention
from web.matters.orders import names_of, unconfirmed
from web.security.access import ANYBODY, SIGNED_IN, asks
from web.shell.logins import local_path
from web.shell.request_context import Context, reading
from web.shell.services import services
from web.slots import date_addresses
from web.timetable import entries
from web.translations.languages import LANGUAGES

blueprint = Blueprint("home", __name__)

AHEAD = timedelta(hours=48)
AT_HOME = 2
"""So many of what waits for an approver are released from the home page; the others stand in the queue."""
WHOLE = "home/show.html"
SOON = 6


@blueprint.get("/")
@asks(SIGNED_IN)
def show() -> str | Response:
    with reading() as c:
        if settings.read(c.s, "level") == "province":
            return redirect(url_for("province_overview.matrix"))
    return _page(WHOLE)


@blueprint.get("/now")
@asks(SIGNED_IN)
def now() -> str:
    """The part of the page that moves."""
    return _page("home/now.html")


@blueprint.get("/waiting-orders")
@asks(SIGNED_IN)
def orders() -> str:
    """The emergency orders that wait for this person's word, above all else."""
    with reading() as c:
        waiting = unconfirmed(c)
        return render_template("emergencies/unconfirmed.html", unconfirmed=waiting, names=names_of(c, waiting))


def _page(template: str) -> str:
    with reading() as c:
        board = nodes.board(c.s, now_at=c.now_at)
        return render_template(
            template,
            awaiting=approvers.waiting(c.s),
            board=board,
            ready=[view for view in board if view.presence == "online" and not view.reasons],
            matters=attention.matters(c),
            soon=readiness.soon(c.s, now_at=c.now_at),
            pending=pending_count(c.s),
            cards=_waiting(c) if template == WHOLE else [],
            stop=stop_all.in_force(c.s),
            unconfirmed=(waiting := unconfirmed(c)),
            names=names_of(c, waiting),
            **_mine(c),
            now_at=c.now_at,
            **_coming(c),
        )


def _waiting(c: Context) -> list[Card]:
    """What this person can release with one press, what was sent first before the others."""
    if not may_somewhere(c.by, "approve"):
        return []
    return [each for each in cards(c, approvals.queue(c.s, most=20)) if "approve" in each.allowed][:AT_HOME]


def _mine(c: Context) -> dict[str, object]:
    """What this person has begun and is not finished with."""
    today = services().today
    plans = may_somewhere(c.by, "schedule")
    return {
        "drafts": written_by(c.s, c.by, state=AnnouncementState.DRAFT, most=4),
        "returned": written_by(c.s, c.by, state=AnnouncementState.RETURNED, most=4),
        "unaired": mine.unaired(c.s, c.by, today=today, now_at=c.now_at, most=4),
        "silent_sessions": mine.empty_sessions(c.s, today + timedelta(days=1), timezone=services().timezone)
        if plans
        else [],
        "date_address": date_addresses.of,
    }


def _coming(c: Context) -> dict[str, object]:
    on_air = lists.on_air(c.s, now_at=c.now_at, most=20)
    coming = entries.between(c, c.now_at, c.now_at + AHEAD)
    return {
        "on_air": on_air,
        "coming": coming[:SOON],
        "zone_rows": zone_rows.rows(c.s, on_air, coming),
        "tallies": tallies(c.s, on_air),
        "silent": {each.broadcast_id for each in sessions.silent(c.s)},
    }


@blueprint.post("/language")
@asks(ANYBODY)
def language() -> Response:
    choice = request.form.get("language", "")
    if choice in LANGUAGES:
        session["language"] = choice
    return redirect(local_path(request.form.get("next")))


@blueprint.get("/favicon.ico")
@asks(ANYBODY)
def favicon() -> Response:
    return send_from_directory("shell/static", "horn.svg", mimetype="image/svg+xml", max_age=86_400)
