"""The pages of a slot: the form with what would come of it, and the slot with what is in it."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request

from broadcaster.errors import Invalid, LoaError
from broadcaster.protocol.values import BroadcastClass
from broadcaster.refusals.reasons import Reason
from broadcaster.station.announcements.announcements import approved_titles
from broadcaster.station.programmes import slots
from broadcaster.station.programmes.programmes import Programme, programme_of
from broadcaster.station.rules import quiet_hours
from broadcaster.station.schema import Slot, Zone
from broadcaster.station.units import units
from scheduler import conflicts, recurrence
from scheduler.conflicts import SlotConflict
from scheduler.occurrences import recurrence_of
from scheduler.recurrence import Recurrence
from web.shell.request_context import Context
from web.shell.services import services
from web.slots import date_addresses, day_fields, tune_fields
from web.slots.form import SlotForm
from web.translations.languages import gettext as _
from web.translations.languages import ngettext

SOON = 5
MOST_READY = 100
"""Approved announcements to choose from at once; the others are found by searching."""
FAR = timedelta(days=6 * 366)
"""Far enough for a 29 February."""


@dataclass(frozen=True, slots=True)
class SlotForecast:
    """What would come of a slot as it stands in the form.

    coming: the next times it begins.
    warnings: sentences on times that fall into quiet hours.
    conflicts: other slots in the way.
    left_out: what is in the slot and would not play the next time, and why.
    problem: why nothing can be said yet.
    """

    coming: list[datetime] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    conflicts: list[SlotConflict] = field(default_factory=list)
    left_out: list[Reason] = field(default_factory=list)
    problem: LoaError | None = None


def outlook(c: Context, form: SlotForm, *, slot_id: str | None = None) -> SlotForecast:
    """Writes nothing. What is missing in the form is told, not raised."""
    timezone = slots.get(c.s, slot_id).timezone if slot_id else services().config.station.timezone
    try:
        rule = form.rule()
        read = recurrence.parse(rule, timezone=timezone, paused_until_on=form.pause())
        cap = min(720, max(1, int(form.cap_minutes))) if form.cap_minutes.isdecimal() else 45
        draft = conflicts.ProposedSlot(
            rule=rule, zones=_zones(c, form), timezone=timezone, cap_minutes=cap, slot_id=slot_id or None
        )
        met = conflicts.conflicts(c.s, draft, now_at=c.now_at) if draft.zones else []
    except LoaError as error:
        return SlotForecast(problem=error)
    coming = upcoming(read, c.now_at)
    return SlotForecast(coming, hushed(c, coming, timedelta(minutes=cap)), met, _left_out(c, slot_id, coming, cap))


def _left_out(c: Context, slot_id: str | None, coming: list[datetime], cap_minutes: int) -> list[Reason]:
    if not slot_id or not coming:
        return []
    slot = slots.get(c.s, slot_id)
    return programme_of(c.s, slot, start_at=coming[0], cap_minutes=cap_minutes).left_out


def upcoming(read: Recurrence, now_at: datetime) -> list[datetime]:
    """The next times it begins."""
    return list(islice(read.starts(from_at=now_at, until_at=now_at + FAR), SOON))


def hushed(c: Context, starts: list[datetime], length: timedelta) -> list[str]:
    """Sentences on the times of day that quiet hours forbid, or reach into, each once."""
    zone = ZoneInfo(quiet_hours.timezone(c.s))
    times = {f"{at.astimezone(zone):%H:%M}": at for at in reversed(starts)}
    return [said for time, at in sorted(times.items()) if (said := _hush(c, time, at, length))]


def _hush(c: Context, time: str, at: datetime, length: timedelta) -> str:
    kind = BroadcastClass.ROUTINE
    hours = quiet_hours.hushed(c.s, kind, at, at + timedelta(seconds=1), drill=False)
    if hours:
        return _(
            "%(time)s nằm trong giờ yên lặng %(hours)s: loa sẽ không phát. Hãy chọn giờ khác.", time=time, hours=hours
        )
    hours = quiet_hours.hushed(c.s, kind, at, at + length, drill=False)
    if hours:
        return _(
            "Phiên %(time)s có thể kéo tới giờ yên lặng %(hours)s: bản tin nào chạm giờ đó sẽ bị bỏ lại.",
            time=time,
            hours=hours,
        )
    return ""


def _zones(c: Context, form: SlotForm) -> tuple[Zone, ...]:
    return tuple(units.find_zones(c.s, form.zones)) if form.zones else ()


def form_page(c: Context, form: SlotForm, *, slot: Slot | None = None, error: LoaError | None = None) -> str:
    return render_template(
        "slots/form.html",
        form=form,
        slot=slot,
        zones=units.zones(c.s),
        error=error,
        days_of=day_fields,
        assembled=_assembled(form),
        music=tune_fields.fields(c),
        look=outlook(c, form, slot_id=slot.id if slot else None),
    )


def _assembled(form: SlotForm) -> list[tuple[str, Any]]:
    """The choices; a number of minutes that only a program would choose is one of them."""
    hours = services().config.schedule.freeze_hours
    usual = ngettext("Như cả đài (%(num)d giờ trước)", "Như cả đài (%(num)d giờ trước)", hours)
    own = form.assemble_minutes
    odd = [(own, _("%(minutes)s phút trước", minutes=own))] if own and own not in day_fields.ASSEMBLED else []
    return [("", usual), *day_fields.ASSEMBLED.items(), *odd]


def page(c: Context, slot: Slot, *, error: LoaError | None = None) -> str:
    starts, wanted = _starts(slot, c.now_at), request.args.get("q", "").strip()
    return render_template(
        "slots/show.html",
        slot=slot,
        items=slots.items(c.s, slot),
        coming=starts,
        date_address=date_addresses.of,
        warnings=hushed(c, starts, timedelta(minutes=slot.cap_minutes)),
        programme=_programme(c, slot, starts),
        assembled_at=_assembled_at(slot, starts),
        conflicts=_conflicts(c, slot),
        own_days=_own_days(slot),
        ready=approved_titles(c.s, most=MOST_READY, query=wanted),
        wanted=wanted,
        most_ready=MOST_READY,
        now_at=c.now_at,
        today=services().today,
        form=request.form,
        error=error,
    )


def _starts(slot: Slot, now_at: datetime) -> list[datetime]:
    try:
        return [] if slot.removed_at else upcoming(recurrence_of(slot), now_at)
    except Invalid:
        return []  # the page says that the rule cannot be read


def _programme(c: Context, slot: Slot, starts: list[datetime]) -> Programme | None:
    """What the next date would play, piece by piece, and what does not fit."""
    return programme_of(c.s, slot, start_at=starts[0]) if starts else None


def _assembled_at(slot: Slot, starts: list[datetime]) -> datetime | None:
    """When the next date is put together."""
    minutes = slot.assemble_minutes or services().config.schedule.freeze_hours * 60
    return starts[0] - timedelta(minutes=minutes) if starts else None


def _own_days(slot: Slot) -> list[tuple[date, str, str]]:
    """The days ahead on which it is left out or has times of its own: the day, its times, its page."""
    rule, zone = slot.rule, ZoneInfo(slot.timezone)
    off: dict[str, list[str]] = {day: [] for day in rule.get("except_on") or []}
    found = []
    for named, times in sorted((off | (rule.get("times_on") or {})).items()):
        day, begins = date.fromisoformat(named), time.fromisoformat((times or rule["times"])[0])
        if day >= services().today:
            found.append((day, ", ".join(times), date_addresses.of(slot, datetime.combine(day, begins, zone))))
    return found


def _conflicts(c: Context, slot: Slot) -> list[SlotConflict]:
    try:
        return [] if slot.removed_at else conflicts.conflicts(c.s, conflicts.draft_of(slot), now_at=c.now_at)
    except Invalid:
        return []
