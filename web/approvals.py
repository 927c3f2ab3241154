"""Duyệt: what waits, and the decisions, each bound to exactly what was seen and heard."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.station import announcements, approvals
from broadcaster.station.roles import require
from broadcaster.station.schema import Announcement, Clip
from broadcaster.station.states import AnnouncementState
from web.desks import Desk, desk, reading
from web.languages import gettext as _

blueprint = Blueprint("approvals", __name__)


@blueprint.get("/approvals")
def queue() -> str:
    with reading() as d:
        require(d.s, d.by, "approve")
        pending = announcements.listing(d.s, state=AnnouncementState.PENDING_APPROVAL)
        sounds = {each.id: d.s.get(Clip, each.clip_sha256) for each in pending.items if each.clip_sha256}
        return render_template("approvals/queue.html", pending=pending.items, sounds=sounds)


@blueprint.post("/announcements/<announcement_id>/submit")
def submit(announcement_id: str) -> Response:
    return _decide(
        announcement_id,
        lambda d, announcement: approvals.submit(d.s, announcement=announcement, by=d.by, now_at=d.now_at),
        _("Đã gửi duyệt."),
    )


@blueprint.post("/announcements/<announcement_id>/approve")
def approve(announcement_id: str) -> Response:
    return _decide(
        announcement_id,
        lambda d, announcement: approvals.approve(
            d.s,
            announcement=announcement,
            content_hash=request.form.get("content_hash", ""),
            by=d.by,
            now_at=d.now_at,
        ),
        _("Đã duyệt. Bản tin có thể phát ngay hoặc đưa vào khung giờ."),
    )


@blueprint.post("/announcements/<announcement_id>/return")
def send_back(announcement_id: str) -> Response:
    return _decide(
        announcement_id,
        lambda d, announcement: approvals.send_back(
            d.s, announcement=announcement, by=d.by, now_at=d.now_at, comment=_comment()
        ),
        _("Đã trả lại cho người soạn."),
    )


@blueprint.post("/announcements/<announcement_id>/reject")
def reject(announcement_id: str) -> Response:
    return _decide(
        announcement_id,
        lambda d, announcement: approvals.reject(
            d.s, announcement=announcement, by=d.by, now_at=d.now_at, comment=_comment()
        ),
        _("Đã từ chối bản tin."),
    )


@blueprint.post("/announcements/<announcement_id>/withdraw")
def withdraw(announcement_id: str) -> Response:
    return _decide(
        announcement_id,
        lambda d, announcement: announcements.withdraw(d.s, announcement=announcement, by=d.by, now_at=d.now_at),
        _("Đã rút bản tin. Nó sẽ không được phát nữa."),
    )


def _comment() -> str:
    return request.form.get("comment", "").strip()


def _decide(announcement_id: str, act: Callable[[Desk, Announcement], object], done: str) -> Response:
    with desk() as d:
        act(d, announcements.get(d.s, announcement_id))
    flash(done, "good")
    return redirect(url_for("announcements.show", announcement_id=announcement_id))
