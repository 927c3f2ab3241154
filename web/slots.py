"""Khung giờ: recurring places in the week, and what is put into them."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from broadcaster.errors import LoaError
from broadcaster.station import announcements, slots, units
from broadcaster.station.roles import require
from broadcaster.station.schema import Announcement, Slot
from broadcaster.station.states import AnnouncementState
from scheduler.rule_words import days_in_words
from web import drafts, slot_forms
from web.desks import Desk, desk, reading
from web.failures import status_of
from web.house import house
from web.languages import gettext as _
from web.slot_forms import SlotForm

blueprint = Blueprint("slots", __name__)


@blueprint.get("/slots/new")
def new() -> str:
    with reading() as d:
        require(d.s, d.by, "schedule")
        return _form(d, SlotForm())


@blueprint.post("/slots")
def add() -> Response:
    form = slot_forms.from_form(request.form)
    try:
        with desk() as d:
            slot = slots.add_slot(
                d.s, by=d.by, now_at=d.now_at, timezone=house().config.station.timezone, **form.values()
            )
    except LoaError as error:
        with reading() as d:
            return make_response(_form(d, form, error=error), status_of(error))
    flash(_("Đã thêm khung giờ."), "good")
    return redirect(url_for(".show", slot_id=slot.id))


blueprint.add_app_template_filter(days_in_words)


@blueprint.get("/slots/<slot_id>")
def show(slot_id: str) -> str:
    with reading() as d:
        return _page(d, slots.get(d.s, slot_id))


@blueprint.get("/slots/<slot_id>/edit")
def edit(slot_id: str) -> str:
    with reading() as d:
        require(d.s, d.by, "schedule")
        slot = slots.get(d.s, slot_id)
        return _form(d, slot_forms.from_slot(slot), slot=slot)


@blueprint.post("/slots/<slot_id>/edit")
def save(slot_id: str) -> Response:
    form = slot_forms.from_form(request.form)
    try:
        with desk() as d:
            slots.edit_slot(
                d.s,
                slot=slots.get(d.s, slot_id),
                by=d.by,
                now_at=d.now_at,
                paused_until_on=drafts.day(form.paused_until_on, field="paused_until_on"),
                **slot_forms.merged(form.values(), into=slots.get(d.s, slot_id)),
            )
    except LoaError as error:
        with reading() as d:
            return make_response(_form(d, form, slot=slots.get(d.s, slot_id), error=error), status_of(error))
    flash(_("Đã lưu khung giờ. Lịch của cụm loa được cập nhật theo."), "good")
    return redirect(url_for(".show", slot_id=slot_id))


@blueprint.post("/slots/<slot_id>/remove")
def remove(slot_id: str) -> Response:
    with desk() as d:
        slots.remove_slot(d.s, slot=slots.get(d.s, slot_id), by=d.by, now_at=d.now_at)
    flash(_("Đã bỏ khung giờ."), "good")
    return redirect(url_for("timetable.week"))


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
    return redirect(url_for(".show", slot_id=place))


def _not_put(error: LoaError, *, announcement_id: str, slot_id: str) -> Response:
    with reading() as d:
        if slot_id:
            return make_response(_page(d, slots.get(d.s, slot_id), error=error), status_of(error))
        return make_response(_choose(d, announcements.get(d.s, announcement_id), error=error), status_of(error))


@blueprint.post("/slots/items/<item_id>/take-out")
def take_out(item_id: str) -> Response:
    with desk() as d:
        item = slots.get_item(d.s, item_id)
        slots.take_out(d.s, item=item, by=d.by, now_at=d.now_at)
    flash(_("Đã lấy bản tin ra khỏi khung giờ."), "good")
    return redirect(url_for(".show", slot_id=item.slot_id))


def _form(d: Desk, form: SlotForm, *, slot: Slot | None = None, error: LoaError | None = None) -> str:
    return render_template("slots/form.html", form=form, slot=slot, zones=units.zones(d.s), error=error)


def _page(d: Desk, slot: Slot, *, error: LoaError | None = None) -> str:
    return render_template(
        "slots/show.html",
        slot=slot,
        items=slots.items(d.s, slot),
        ready=_approved(d),
        today=house().today,
        form=request.form,
        error=error,
    )


def _choose(d: Desk, announcement: Announcement, *, error: LoaError | None = None) -> str:
    return render_template(
        "slots/choose.html",
        announcement=announcement,
        slots=slots.listing(d.s),
        today=house().today,
        form=request.form,
        error=error,
    )


def _approved(d: Desk) -> list[Announcement]:
    approved = select(Announcement).where(Announcement.state == AnnouncementState.APPROVED)
    return list(d.s.scalars(approved.order_by(Announcement.updated_at.desc()).limit(100)).unique())
