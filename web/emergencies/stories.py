"""An alarm that goes on: who heard it how often, its all-clear in one tap, and how it is ended."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.station.emergencies import order_records, stories
from broadcaster.station.vocabulary.states import BroadcastState
from web.security.access import READING, Kind, asks, over
from web.shell.request_context import changing, reading
from web.shell.services import services
from web.translations.languages import gettext as _

blueprint = Blueprint("emergency_stories", __name__, url_prefix="/emergency/orders/<order_id>")
_SILENT = (BroadcastState.SCHEDULED, BroadcastState.CANCELLED)


@blueprint.get("/story")
@asks(READING)
def show(order_id: str) -> str:
    return _page("emergencies/story.html", order_id)


@blueprint.get("/story/now")
@asks(READING)
def now(order_id: str) -> str:
    """The part of the page that moves."""
    return _page("emergencies/rounds.html", order_id)


@blueprint.post("/all-clear")
@asks(over(Kind.EMERGENCY_ORDER, "emergency"))
def all_clear(order_id: str) -> Response:
    with changing() as c:
        made = stories.all_clear(
            c.s,
            order=order_records.get(c.s, order_id),
            by=c.by,
            now_at=c.now_at,
            key=request.form.get("key") or None,
            timing=services().config.schedule,
        )
        aired = made.broadcast_id is not None
    if aired:
        flash(_("Đã phát tin báo an toàn. Báo động không lặp lại nữa."), "good")
    else:
        flash(_("Tin báo an toàn đang chờ người thứ hai xác nhận. Hãy báo ngay cho người đó."), "warn")
    return redirect(url_for("emergencies.show"))


@blueprint.post("/end")
@asks(over(Kind.EMERGENCY_ORDER, "emergency"))
def end(order_id: str) -> Response:
    with changing() as c:
        stories.end(c.s, order=order_records.get(c.s, order_id), by=c.by, now_at=c.now_at)
    flash(_("Đã dừng lặp lại. Các cụm loa đang kết nối im lặng ngay."), "good")
    return redirect(url_for(".show", order_id=order_id))


def _page(template: str, order_id: str) -> str:
    with reading() as c:
        story = stories.story(c.s, order_records.get(c.s, order_id))
        next_at = story.next_at(c.now_at)
        return render_template(
            template,
            story=story,
            hearings=story.hearings(),
            correction=stories.correction(c.s, story.order),
            next_at=next_at,
            rounds=[each for each in story.rounds if each.state not in _SILENT or each.start_at == next_at],
        )
