"""Lượt phát: order one, watch it reach every node, call it off."""

import secrets
from datetime import datetime

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import Conflict, Invalid, LoaError
from broadcaster.station.agendas import confirmations
from broadcaster.station.announcements import announcements
from broadcaster.station.broadcasts import broadcasts, lists, receipts, replays
from broadcaster.station.emergencies import order_records
from broadcaster.station.hearings import hearings
from broadcaster.station.matters import foresight
from broadcaster.station.schema import Announcement, Broadcast, Clip
from broadcaster.station.units import units
from broadcaster.station.vocabulary.states import BroadcastState
from web.forms import parsing
from web.security.access import READING, Kind, asks, over
from web.shell.failures import status_of
from web.shell.request_context import Context, changing, reading
from web.shell.services import services
from web.shell.times import clock_seconds
from web.translations.languages import gettext as _

blueprint = Blueprint("broadcasts", __name__)

RUNNING = ("scheduled", "on_air")


@blueprint.get("/announcements/<announcement_id>/broadcast")
@asks(over(Kind.ANNOUNCEMENT, "broadcast"))
def confirm(announcement_id: str) -> str:
    return _confirm(announcement_id, key=secrets.token_urlsafe(16))


@blueprint.post("/announcements/<announcement_id>/broadcast")
@asks(over(Kind.ANNOUNCEMENT, "broadcast"))
def order(announcement_id: str) -> str | Response:
    key = request.form.get("key", "")
    try:
        with changing() as c:
            announcement = announcements.get(c.s, announcement_id)
            _ask_about_the_same(c, announcement, key)
            broadcast = broadcasts.broadcast_now(
                c.s,
                announcement=announcement,
                by=c.by,
                now_at=c.now_at,
                start_at=_start_at(),
                key=key or None,
                timing=services().config.schedule,
            )
            repeated = broadcast.created_at != c.now_at
    except LoaError as error:
        return make_response(_confirm(announcement_id, key=key, error=error), status_of(error))
    if repeated:
        flash(
            _("Lệnh này đã được ra lúc %(at)s; không phát thêm lần nữa.", at=clock_seconds(broadcast.created_at)),
            "info",
        )
    else:
        flash(_("Đã ra lệnh phát."), "good")
    return redirect(url_for(".show", broadcast_id=broadcast.id))


def _ask_about_the_same(c: Context, announcement: Announcement, key: str) -> None:
    """Raises Conflict for an order of what was ordered a moment ago, unless that is meant."""
    if "again" in request.form or request.form.get("when") == "later":
        return
    before = lists.ordered_lately(c.s, announcement, after_at=c.now_at - foresight.AGAIN)
    if before is not None and before.requested_key != key:
        raise Conflict("broadcast.ordered_lately", field="again", at=before.created_at)


def _start_at() -> datetime | None:
    """The chosen time; None for now. Raises Invalid, also when "later" was chosen without a time."""
    if request.form.get("when") != "later":
        return None
    start_at = parsing.moment(request.form.get("start_at", ""), services().timezone, field="start_at")
    if start_at is None:
        raise Invalid("broadcast.no_time_chosen", field="start_at")
    return start_at


def _confirm(announcement_id: str, *, key: str, error: LoaError | None = None) -> str:
    with reading() as c:
        announcement = announcements.get(c.s, announcement_id)
        ahead = foresight.foresee(c.s, announcement, now_at=c.now_at)
        return render_template(
            "broadcasts/confirm.html",
            ahead=ahead,
            hindrances=foresight.hindrances(ahead),
            announcement=announcement,
            clip=c.s.get(Clip, announcement.clip_sha256) if announcement.clip_sha256 else None,
            nodes=units.nodes_of(c.s, announcement.zones),
            key=key,
            form=request.form,
            error=error,
        )


@blueprint.get("/broadcasts/<broadcast_id>")
@asks(READING)
def show(broadcast_id: str) -> str:
    with reading() as c:
        return _page("broadcasts/show.html", c, broadcasts.get(c.s, broadcast_id))


@blueprint.get("/broadcasts/<broadcast_id>/deliveries")
@asks(READING)
def deliveries(broadcast_id: str) -> str:
    """The part of the page that moves while the nodes report."""
    with reading() as c:
        return _page("broadcasts/deliveries.html", c, broadcasts.get(c.s, broadcast_id))


def _page(template: str, c: Context, broadcast: Broadcast) -> str:
    counts: dict[str, int] = {}
    for delivery in broadcast.deliveries:
        counts[delivery.state] = counts.get(delivery.state, 0) + 1
    called_off = broadcast.state is BroadcastState.CANCELLED
    return render_template(
        template,
        broadcast=broadcast,
        transcripts=hearings.transcripts(c.s, [part.sha256 for part in broadcast.parts]),
        counts=counts,
        running=broadcast.state in RUNNING,
        unconfirmed=confirmations.unconfirmed_of(c.s, broadcast, now_at=c.now_at) if called_off else [],
        order=order_records.order_of(c.s, broadcast),
        stored=receipts.stored_at(c.s, broadcast),
        unheard=replays.unheard(broadcast),
        key=f"again-{broadcast.id}-{len(replays.unheard(broadcast))}",
    )


@blueprint.post("/broadcasts/<broadcast_id>/again")
@asks(over(Kind.BROADCAST, "broadcast"))
def again(broadcast_id: str) -> Response:
    """Once more, only where it was not heard whole."""
    with changing() as c:
        made = replays.air_again(
            c.s,
            broadcast=broadcasts.get(c.s, broadcast_id),
            by=c.by,
            now_at=c.now_at,
            key=request.form.get("key") or None,
            timing=services().config.schedule,
        )
    flash(_("Đã ra lệnh phát lại ở những cụm loa chưa phát đủ."), "good")
    return redirect(url_for(".show", broadcast_id=made.id))


@blueprint.post("/broadcasts/<broadcast_id>/cancel")
@asks(over(Kind.BROADCAST, "broadcast"))
def cancel(broadcast_id: str) -> Response:
    with changing() as c:
        broadcasts.cancel(c.s, broadcast=broadcasts.get(c.s, broadcast_id), by=c.by, now_at=c.now_at)
    flash(_("Đã hủy lượt phát. Các cụm loa đang kết nối sẽ dừng ngay."), "good")
    return redirect(url_for(".show", broadcast_id=broadcast_id))
