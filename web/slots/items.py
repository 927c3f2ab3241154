"""What is put into a slot: an announcement comes, goes, and takes its place among the others."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import LoaError
from broadcaster.station.announcements import announcements
from broadcaster.station.people.roles import require
from broadcaster.station.programmes import slot_items, slots
from broadcaster.station.schema import Announcement
from web.drafts import form as drafts
from web.shell.failures import status_of
from web.shell.request_context import Desk, desk, reading
from web.shell.services import house
from web.slots import views as slot_pages
from web.translations.languages import gettext as _

blueprint = Blueprint("slot_items", __name__)


@blueprint.get("/announcements/<announcement_id>/slot")
def choose(announcement_id: str) -> str:
    with reading() as d:
        require(d.s, d.by, "schedule")
        return _choose(d, announcements.get(d.s, announcement_id))


@blueprint.post("/announcements/<announcement_id>/slot", endpoint="put_chosen")
@blueprint.post("/slots/<slot_id>/items")
def put(announcement_id: str = "", slot_id: str = "") -> Response:
    """Put an announcement into a slot, from the page of either."""
    wanted, place = announcement_id or request.form.get("announcement", ""), slot_id or request.form.get("slot", "")
    try:
        with desk() as d:
            slots.put(
                d.s,
                slot=slots.get(d.s, place),
                announcement=announcements.get(d.s, wanted),
                first_on=drafts.day(request.form.get("first_on", ""), field="first_on") or house().today,
                last_on=drafts.day(request.form.get("last_on", ""), field="last_on"),
                by=d.by,
                now_at=d.now_at,
            )
    except LoaError as error:
        return _not_put(error, announcement_id=announcement_id, slot_id=slot_id)
    flash(_("Đã đưa vào khung giờ. Các phiên tới sẽ phát bản tin này."), "good")
    return redirect(url_for("slots.show", slot_id=place))


@blueprint.post("/slots/items/<item_id>/take-out")
def take_out(item_id: str) -> Response:
    with desk() as d:
        item = slots.get_item(d.s, item_id)
        slots.take_out(d.s, item=item, by=d.by, now_at=d.now_at)
    flash(_("Đã lấy bản tin ra khỏi khung giờ."), "good")
    return redirect(url_for("slots.show", slot_id=item.slot_id))


@blueprint.post("/slots/<slot_id>/order")
def reorder(slot_id: str) -> Response:
    """The order as the hidden fields say it, one of them moved if a button said so."""
    order = _moved(request.form.getlist("items"), request.form.get("up"), -1)
    order = _moved(order, request.form.get("down"), 1)
    with desk() as d:
        slot_items.reorder(d.s, slot=slots.get(d.s, slot_id), item_ids=order, by=d.by, now_at=d.now_at)
    return redirect(url_for("slots.show", slot_id=slot_id) + "#items")


def _moved(items: list[str], moving: str | None, by: int) -> list[str]:
    if moving not in items:
        return items
    others = [item for item in items if item != moving]
    place = max(0, items.index(moving) + by)
    return [*others[:place], moving, *others[place:]]


def _not_put(error: LoaError, *, announcement_id: str, slot_id: str) -> Response:
    with reading() as d:
        if slot_id:
            return make_response(slot_pages.page(d, slots.get(d.s, slot_id), error=error), status_of(error))
        return make_response(_choose(d, announcements.get(d.s, announcement_id), error=error), status_of(error))


def _choose(d: Desk, announcement: Announcement, *, error: LoaError | None = None) -> str:
    return render_template(
        "slots/choose.html",
        announcement=announcement,
        slots=slots.listing(d.s),
        today=house().today,
        form=request.form,
        error=error,
    )
