"""Một phiên phát: one date of a slot, seen, left out, moved or put back; what dragging does, as a form."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import Invalid, LoaError
from broadcaster.station.broadcasts import lists
from broadcaster.station.broadcasts.delivery_counts import tallies
from broadcaster.station.programmes import occurrences, slots
from broadcaster.station.programmes.programmes import programme_of
from broadcaster.station.schema import Slot
from scheduler import conflicts, single_dates
from scheduler.occurrences import recurrence_of
from web.forms import parsing
from web.security.access import READING, Kind, asks, over
from web.shell.failures import status_of
from web.shell.request_context import Context, changing, reading
from web.shell.services import services
from web.slots import date_addresses, views
from web.translations.languages import gettext as _

blueprint = Blueprint("slot_dates", __name__)


@blueprint.get("/slots/<slot_id>/dates/<at>")
@asks(READING)
def show(slot_id: str, at: str) -> str:
    """The page of one date; for the calendar's own dialog only the form that moves it."""
    with reading() as c:
        slot = slots.get(c.s, slot_id)
        return _page(c, slot, date_addresses.start_of(slot, at), to=request.args.get("to", ""))


@blueprint.post("/slots/<slot_id>/dates/<at>/move")
@asks(over(Kind.SLOT, "schedule"))
def move(slot_id: str, at: str) -> Response:
    try:
        with changing() as c:
            slot = slots.get(c.s, slot_id)
            to_at = _to_at(slot)
            every = request.form.get("scope") == "every"
            start_at = date_addresses.start_of(slot, at)
            single_dates.move(c.s, slot=slot, start_at=start_at, to_at=to_at, by=c.by, now_at=c.now_at, every=every)
            warnings = _in_the_way(c, slot, to_at)
    except LoaError as error:
        with reading() as c:
            slot = slots.get(c.s, slot_id)
            return make_response(_page(c, slot, date_addresses.start_of(slot, at), error=error), status_of(error))
    flash(_("Đã chuyển phiên phát. Lịch của cụm loa được cập nhật theo."), "good")
    for warning in warnings:
        flash(warning, "warn")
    return redirect(url_for("slots.show", slot_id=slot_id) if warnings else _week_of(to_at))


@blueprint.post("/slots/<slot_id>/dates/<at>/leave-out")
@asks(over(Kind.SLOT, "schedule"))
def leave_out(slot_id: str, at: str) -> Response:
    with changing() as c:
        slot = slots.get(c.s, slot_id)
        start_at = date_addresses.start_of(slot, at)
        single_dates.leave_out(c.s, slot=slot, start_at=start_at, by=c.by, now_at=c.now_at)
    flash(_("Khung giờ nghỉ phiên này. Các phiên khác vẫn phát."), "good")
    return redirect(_week_of(start_at))


@blueprint.post("/slots/<slot_id>/dates/<at>/restore")
@asks(over(Kind.SLOT, "schedule"))
def restore(slot_id: str, at: str) -> Response:
    with changing() as c:
        slot = slots.get(c.s, slot_id)
        start_at = date_addresses.start_of(slot, at)
        day = start_at.astimezone(ZoneInfo(slot.timezone)).date()
        single_dates.restore(c.s, slot=slot, day=day, by=c.by, now_at=c.now_at)
    flash(_("Ngày này phát lại như lịch chung."), "good")
    return redirect(_week_of(start_at))


def _to_at(slot: Slot) -> datetime:
    day, clock = request.form.get("to_day", "").strip(), request.form.get("to_time", "").strip()
    to_at = parsing.moment(f"{day}T{clock}", ZoneInfo(slot.timezone), field="to_at") if day and clock else None
    if to_at is None:
        raise Invalid("occurrence.no_new_time", field="to_at")
    return to_at


def _in_the_way(c: Context, slot: Slot, to_at: datetime) -> list[str]:
    """What the new time runs into: other slots, whose remedies the slot's page has, and quiet hours."""
    c.s.flush()
    found = views.hushed(c, [to_at], timedelta(minutes=slot.cap_minutes))
    for each in conflicts.conflicts(c.s, conflicts.draft_of(slot), now_at=c.now_at):
        if any(clash.mine.start_at == to_at for clash in each.clashes):
            found.append(_("Giờ mới trùng với “%(name)s”. Chọn Ghi đè hoặc Xếp sau ở dưới.", name=each.other.name))
    return found


def _page(c: Context, slot: Slot, start_at: datetime, *, to: str = "", error: LoaError | None = None) -> str:
    local = start_at.astimezone(ZoneInfo(slot.timezone))
    due = slot.removed_at is None and local.time() in recurrence_of(slot).times_of(local.date())
    occurrence = occurrences.starting(c.s, slot, start_at)
    aired = lists.of_occurrence(c.s, occurrence) if occurrence else []
    open_still = due and start_at > c.now_at
    return render_template(
        "slots/date_move.html" if request.headers.get("X-Fragment") else "slots/date.html",
        slot=slot,
        start_at=start_at,
        at=f"{local:%Y-%m-%dT%H:%M}",
        to=_target(to, local),
        due=due,
        to_come=start_at > c.now_at,
        own=_is_own(slot, local.date()),
        occurrence=occurrence,
        broadcasts=aired,
        tallies=tallies(c.s, aired),
        programme=programme_of(c.s, slot, start_at=start_at) if open_still else None,
        weekly=(slot.rule.get("kind") or "weekly") == "weekly",
        form=request.form,
        error=error,
    )


def _target(to: str, local: datetime) -> tuple[date, time]:
    """Where it was dropped: a day and perhaps an hour (``2026-11-25T18``); its own minutes stay."""
    day, _t, hour = to.partition("T")
    try:
        there = date.fromisoformat(day)
    except ValueError:
        return local.date(), local.time()
    if hour.isdecimal() and int(hour) < 24 and int(hour) != local.hour:
        return there, time(int(hour), local.minute)
    return there, local.time()


def _is_own(slot: Slot, day: date) -> bool:
    """Whether something was said about this date alone."""
    named = day.isoformat()
    return named in (slot.rule.get("except_on") or []) or named in (slot.rule.get("times_on") or {})


def _week_of(at: datetime) -> str:
    """The calendar at this date; today's week begins today."""
    day = at.astimezone(services().timezone).date()
    near = 0 <= (day - services().today).days < 7
    return url_for("timetable.week") if near else url_for("timetable.week") + f"?from={day.isoformat()}"
