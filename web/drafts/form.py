"""The form an announcement is written in: what was typed, kept exactly, and the values it stands for."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from broadcaster.errors import Invalid
from broadcaster.station.schema import Announcement
from web.drafts import levies, origins
from web.drafts.levies import LevyForm
from web.drafts.origins import OriginForm

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2999, 12, 1)
"""Days beyond these are slips of the finger."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The form as it stands on the screen.

    title, text: as typed.
    zones: ids of the ticked zones.
    broadcast_class: routine, priority or emergency.
    voice: name of an engine, or auto.
    rate_percent, repeats: as typed; numbers when all is well.
    repeat_key_facts: ticked.
    valid_until_on: last day, ISO date or empty.
    levy: money asked for, as typed.
    source: whose bulletin it is.
    revision: the revision that was on the screen when editing began; empty for a new one.
    """

    title: str = ""
    text: str = ""
    zones: tuple[str, ...] = ()
    broadcast_class: str = "routine"
    voice: str = "auto"
    rate_percent: str = "100"
    repeats: str = "1"
    repeat_key_facts: bool = False
    valid_until_on: str = ""
    levy: LevyForm = field(default_factory=LevyForm)
    source: OriginForm = field(default_factory=OriginForm)
    revision: str = ""

    def values(self, timezone: ZoneInfo) -> dict[str, Any]:
        """Arguments of ``announcements.create`` and ``edit``, but for zones. Raises Invalid naming the field."""
        return {
            "title": self.title,
            "text": self.text,
            "broadcast_class": self.broadcast_class,
            "voice": self.voice,
            "rate_percent": whole_number(self.rate_percent, field="rate_percent", name="Tốc độ đọc"),
            "repeats": whole_number(self.repeats, field="repeats", name="Số lần đọc"),
            "repeat_key_facts": self.repeat_key_facts,
            "valid_until_at": end_of_day(self.valid_until_on, timezone, field="valid_until_on"),
            "levy": self.levy.value(),
            **self.source.values(),
        }


def from_form(form: MultiDict[str, str]) -> Draft:
    return Draft(
        title=form.get("title", ""),
        text=form.get("text", "").replace("\r\n", "\n"),
        zones=tuple(form.getlist("zones")),
        broadcast_class=form.get("class", "routine"),
        voice=form.get("voice", "auto"),
        rate_percent=form.get("rate_percent", "100"),
        repeats=form.get("repeats", "1"),
        repeat_key_facts="repeat_key_facts" in form,
        valid_until_on=form.get("valid_until_on", ""),
        levy=levies.from_form(form),
        source=origins.from_form(form),
        revision=form.get("revision", ""),
    )


def from_announcement(announcement: Announcement, timezone: ZoneInfo) -> Draft:
    until_at = announcement.valid_until_at
    return Draft(
        title=announcement.title,
        text=announcement.text,
        zones=tuple(zone.id for zone in announcement.zones),
        broadcast_class=announcement.broadcast_class,
        voice=announcement.voice,
        rate_percent=str(announcement.rate_percent),
        repeats=str(announcement.repeats),
        repeat_key_facts=announcement.repeat_key_facts,
        valid_until_on=f"{until_at.astimezone(timezone).date():%Y-%m-%d}" if until_at else "",
        levy=levies.from_levy(announcement.levy),
        source=origins.from_announcement(announcement),
        revision=str(announcement.revision),
    )


def whole_number(text: str, *, field: str, name: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise Invalid(f"{name} phải là một số, không phải “{text[:20]}”.", field=field) from None


def day(text: str, *, field: str) -> date | None:
    """An ISO date as browsers send it; None for an empty field."""
    if not text.strip():
        return None
    try:
        on = date.fromisoformat(text.strip())
    except ValueError:
        on = None
    if on is None or not FIRST_DAY <= on <= LAST_DAY:
        raise Invalid(f"Ngày “{text[:20]}” không đúng. Hãy chọn lại ngày trên lịch.", field=field)
    return on


def end_of_day(text: str, timezone: ZoneInfo, *, field: str) -> datetime | None:
    """The last instant of that day in the commune."""
    on = day(text, field=field)
    return datetime.combine(on + timedelta(days=1), time(), timezone) - timedelta(seconds=1) if on else None


def moment(text: str, timezone: ZoneInfo, *, field: str) -> datetime | None:
    """A local date and time as browsers send it (``2026-11-21T17:00``); None for an empty field."""
    if not text.strip():
        return None
    try:
        at = datetime.fromisoformat(text.strip()).replace(tzinfo=timezone)
    except ValueError:
        at = None
    if at is None or not FIRST_DAY <= at.date() <= LAST_DAY:
        raise Invalid(f"Thời điểm “{text[:20]}” không đúng. Hãy chọn lại ngày và giờ.", field=field)
    return at


def ticked(zones: Iterable[str]) -> list[str]:
    """The zones asked for. Raises Invalid when none is ticked."""
    chosen = list(zones)
    if not chosen:
        raise Invalid("Chưa chọn nơi phát. Hãy đánh dấu ít nhất một thôn, hoặc “toàn xã”.", field="zones")
    return chosen
