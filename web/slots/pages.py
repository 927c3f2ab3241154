"""Khung giờ: recurring places in the week, made, changed, copied, paused and removed."""

from dataclasses import replace

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import LoaError
from broadcaster.station.programmes import slots
from broadcaster.station.programmes.steps import SlotStep, require_step
from broadcaster.station.rules import commune_rules
from broadcaster.station.schema import Slot
from broadcaster.station.vocabulary.states import AnnouncementState
from scheduler import conflicts
from scheduler.rule_words import days_in_words
from web.forms import parsing
from web.security.access import READING, Kind, asks, over, over_named, somewhere
from web.shell.failures import status_of
from web.shell.request_context import Context, changing, reading
from web.shell.services import services
from web.slots import form as slot_forms
from web.slots import views
from web.slots.form import SlotForm
from web.translations.languages import gettext as _

blueprint = Blueprint("slots", __name__)
blueprint.add_app_template_filter(days_in_words)

RESOLUTIONS = {"override": conflicts.override, "after": conflicts.put_behind}
GONE = (AnnouncementState.REJECTED, AnnouncementState.WITHDRAWN)


@blueprint.get("/slots/new")
@asks(somewhere("schedule"))
def new() -> str:
    with reading() as c:
        return views.form_page(c, _blank(c, request.args.get("copy", "")))


@blueprint.post("/slots")
@asks(over_named("schedule"))
def add() -> Response:
    form = slot_forms.from_form(request.form)
    try:
        with changing() as c:
            timezone = services().config.station.timezone
            slot = slots.add_slot(c.s, by=c.by, now_at=c.now_at, timezone=timezone, **form.values())
            _bring_along(c, slot, form)
            _resolve(c, slot, request.form.get("resolve", ""))
    except LoaError as error:
        with reading() as c:
            return make_response(views.form_page(c, form, error=error), status_of(error))
    flash(_("Đã thêm khung giờ."), "good")
    return redirect(url_for(".show", slot_id=slot.id))


@blueprint.post("/slots/preview")
@asks(somewhere("schedule"))
def preview() -> str:
    """What would come of the form: the part of it that moves, or without JavaScript the whole form with it."""
    form, slot_id = slot_forms.from_form(request.form), request.form.get("slot", "")
    with reading() as c:
        if request.headers.get("X-Fragment"):
            return render_template("slots/outlook.html", look=views.outlook(c, form, slot_id=slot_id))
        return views.form_page(c, form, slot=slots.get(c.s, slot_id) if slot_id else None)


@blueprint.get("/slots/<slot_id>")
@asks(READING)
def show(slot_id: str) -> str:
    with reading() as c:
        return views.page(c, slots.get(c.s, slot_id))


@blueprint.get("/slots/<slot_id>/edit")
@asks(over(Kind.SLOT, "schedule"))
def edit(slot_id: str) -> str:
    with reading() as c:
        slot = slots.get(c.s, slot_id)
        require_step(c.s, SlotStep.EDIT, slot, c.by)
        return views.form_page(c, slot_forms.from_slot(slot), slot=slot)


@blueprint.post("/slots/<slot_id>/edit")
@asks(over(Kind.SLOT, "schedule"))
def save(slot_id: str) -> Response:
    form = slot_forms.from_form(request.form)
    try:
        with changing() as c:
            slot = slots.get(c.s, slot_id)
            values = form.values() | {"paused_until_on": form.pause()}
            values["rule"] = slot_forms.merged(values["rule"], into=slot)
            slots.edit_slot(c.s, slot=slot, by=c.by, now_at=c.now_at, **values)
            _resolve(c, slot, request.form.get("resolve", ""))
    except LoaError as error:
        with reading() as c:
            page = views.form_page(c, form, slot=slots.get(c.s, slot_id), error=error)
            return make_response(page, status_of(error))
    flash(_("Đã lưu khung giờ. Lịch của cụm loa được cập nhật theo."), "good")
    return redirect(url_for(".show", slot_id=slot_id))


@blueprint.post("/slots/<slot_id>/pause")
@asks(over(Kind.SLOT, "schedule"))
def pause(slot_id: str) -> Response:
    """Pause to the end of a day; without a day, play again."""
    until_on = parsing.day(request.form.get("paused_until_on", ""), field="paused_until_on")
    with changing() as c:
        slots.edit_slot(c.s, slot=slots.get(c.s, slot_id), by=c.by, now_at=c.now_at, paused_until_on=until_on)
    flash(_("Khung giờ tạm nghỉ.") if until_on else _("Khung giờ phát lại như thường."), "good")
    return redirect(url_for(".show", slot_id=slot_id))


@blueprint.post("/slots/<slot_id>/conflicts")
@asks(over(Kind.SLOT, "schedule"))
def resolve(slot_id: str) -> Response:
    """*Ghi đè* or *Xếp sau*, for a slot as it is kept."""
    with changing() as c:
        _resolve(c, slots.get(c.s, slot_id), request.form.get("resolve", ""))
    flash(_("Đã gỡ trùng. Lịch của cụm loa được cập nhật theo."), "good")
    return redirect(url_for(".show", slot_id=slot_id))


@blueprint.post("/slots/<slot_id>/remove")
@asks(over(Kind.SLOT, "schedule"))
def remove(slot_id: str) -> Response:
    with changing() as c:
        slots.remove_slot(c.s, slot=slots.get(c.s, slot_id), by=c.by, now_at=c.now_at)
    flash(_("Đã bỏ khung giờ."), "good")
    return redirect(url_for("timetable.week"))


def _blank(c: Context, copy_of: str) -> SlotForm:
    """An empty form, or one that begins as a copy: nothing it said about single dates comes along."""
    if not copy_of:
        return SlotForm(cap_minutes=str(commune_rules.read(c.s).default_cap_minutes))
    slot = slots.get(c.s, copy_of)
    require_step(c.s, SlotStep.COPY, slot, c.by)
    name = _("%(name)s (bản sao)", name=slot.name)
    copy = replace(slot_forms.from_slot(slot), name=name, copy_of=slot.id, copy_items=True)
    return replace(copy, except_on="", times_on="", paused_until_on="")


def _bring_along(c: Context, slot: Slot, form: SlotForm) -> None:
    """What the copied slot holds, if it was asked for."""
    if not form.copy_of or not form.copy_items:
        return
    for item in slots.items(c.s, slots.get(c.s, form.copy_of)):
        over = item.last_on is not None and item.last_on < services().today
        if over or item.announcement.state in GONE:
            continue
        slots.put(
            c.s,
            slot=slot,
            announcement=item.announcement,
            first_on=item.first_on,
            last_on=item.last_on,
            weekdays=item.weekdays,
            by=c.by,
            now_at=c.now_at,
        )


def _resolve(c: Context, slot: Slot, chosen: str) -> None:
    """``override:ID`` or ``after:ID``; ID is the other slot's."""
    resolution, _colon, other = chosen.partition(":")
    if resolution in RESOLUTIONS:
        RESOLUTIONS[resolution](c.s, slot=slot, other=slots.get(c.s, other), by=c.by, now_at=c.now_at)
