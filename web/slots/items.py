"""What is put into a slot: an announcement comes, goes, and takes its place among the others."""

from datetime import date

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import LoaError
from broadcaster.station.announcements import announcements
from broadcaster.station.programmes import slots
from broadcaster.station.schema import Announcement
from broadcaster.text.papers.fields.last_days import last_day
from web.forms import parsing
from web.security.access import Kind, asks, over, over_named, somewhere
from web.shell.failures import status_of
from web.shell.request_context import Context, changing, reading
from web.shell.services import services
from web.shell.times import day
from web.slots import views
from web.translations.languages import gettext as _

blueprint = Blueprint("slot_items", __name__)


@blueprint.get("/announcements/<announcement_id>/slot")
@asks(somewhere("schedule"))
def choose(announcement_id: str) -> str:
    with reading() as c:
        return _choose(c, announcements.get(c.s, announcement_id))


@blueprint.post("/announcements/<announcement_id>/slot", endpoint="put_chosen")
@blueprint.post("/slots/<slot_id>/items")
@asks(over_named("schedule"))
def put(announcement_id: str = "", slot_id: str = "") -> Response:
    """Put an announcement into a slot, from the page of either."""
    wanted, place = announcement_id or request.form.get("announcement", ""), slot_id or request.form.get("slot", "")
    try:
        with changing() as c:
            announcement = announcements.get(c.s, wanted)
            first_on = parsing.day(request.form.get("first_on", ""), field="first_on") or services().today
            item = slots.put(
                c.s,
                slot=slots.get(c.s, place),
                announcement=announcement,
                first_on=first_on,
                last_on=_last_on(announcement, first_on),
                by=c.by,
                now_at=c.now_at,
            )
    except LoaError as error:
        return _not_put(error, announcement_id=announcement_id, slot_id=slot_id)
    until = _(" Phát đến hết %(day)s.", day=day(item.last_on)) if item.last_on else ""
    flash(_("Đã đưa vào khung giờ. Các phiên tới sẽ phát bản tin này.") + until, "good")
    return redirect(url_for("slots.show", slot_id=place))


def _last_on(announcement: Announcement, first_on: date) -> date | None:
    """The day typed; else the last one the text names, unless it was ticked that it goes on."""
    typed = parsing.day(request.form.get("last_on", ""), field="last_on")
    if typed is not None or "open" in request.form:
        return typed
    return last_day(announcement.text, today=first_on)


@blueprint.post("/slots/items/<item_id>/take-out")
@asks(over(Kind.SLOT_ITEM, "schedule"))
def take_out(item_id: str) -> Response:
    with changing() as c:
        item = slots.get_item(c.s, item_id)
        slots.take_out(c.s, item=item, by=c.by, now_at=c.now_at)
    flash(_("Đã lấy bản tin ra khỏi khung giờ."), "good")
    return redirect(url_for("slots.show", slot_id=item.slot_id))


@blueprint.post("/slots/<slot_id>/order")
@asks(over(Kind.SLOT, "schedule"))
def reorder(slot_id: str) -> Response:
    """The order as the hidden fields say it, one of them moved if a button said so."""
    order = _moved(request.form.getlist("items"), request.form.get("up"), -1)
    order = _moved(order, request.form.get("down"), 1)
    with changing() as c:
        slots.reorder(c.s, slot=slots.get(c.s, slot_id), item_ids=order, by=c.by, now_at=c.now_at)
    return redirect(url_for("slots.show", slot_id=slot_id) + "#items")


def _moved(items: list[str], moving: str | None, by: int) -> list[str]:
    if moving not in items:
        return items
    others = [item for item in items if item != moving]
    place = max(0, items.index(moving) + by)
    return [*others[:place], moving, *others[place:]]


def _not_put(error: LoaError, *, announcement_id: str, slot_id: str) -> Response:
    with reading() as c:
        if slot_id:
            return make_response(views.page(c, slots.get(c.s, slot_id), error=error), status_of(error))
        return make_response(_choose(c, announcements.get(c.s, announcement_id), error=error), status_of(error))


def _choose(c: Context, announcement: Announcement, *, error: LoaError | None = None) -> str:
    return render_template(
        "slots/choose.html",
        announcement=announcement,
        slots=slots.listing(c.s),
        today=services().today,
        dated=last_day(announcement.text, today=services().today),
        form=request.form,
        error=error,
    )
