"""The form an announcement is written in: what was typed, kept exactly, and the values it stands for."""

from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from broadcaster.station.schema import Announcement
from broadcaster.station.schema.announcement_fields import AnnouncementFields
from web.drafts import levies, origins
from web.drafts.levies import LevyForm
from web.drafts.origins import OriginForm
from web.forms import parsing


@dataclass(frozen=True, slots=True)
class AnnouncementForm:
    """The form as it stands on the screen.

    title, text: as typed.
    zones: ids of the ticked zones.
    broadcast_class: routine, priority or emergency.
    voice: name of an engine, or auto.
    rate_percent, repeats: as typed; numbers when all is well.
    repeat_key_facts: ticked.
    valid_until_on: last day, ISO date or empty.
    board_text: what boards show, as typed.
    levy: money asked for, as typed.
    source: whose announcement it is.
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
    board_text: str = ""
    levy: LevyForm = field(default_factory=LevyForm)
    source: OriginForm = field(default_factory=OriginForm)
    revision: str = ""

    def fields(self, timezone: ZoneInfo, *, before: AnnouncementFields | None = None) -> AnnouncementFields:
        """What was written; what the form does not ask for stays as it was ``before``. Raises Invalid."""
        typed: dict[str, Any] = {
            "title": self.title,
            "text": self.text,
            "zones": parsing.ticked_zones(self.zones),
            "broadcast_class": self.broadcast_class,
            "voice": self.voice,
            "rate_percent": parsing.whole_number(self.rate_percent, field="rate_percent"),
            "repeats": parsing.whole_number(self.repeats, field="repeats"),
            "repeat_key_facts": self.repeat_key_facts,
            "valid_until_at": parsing.end_of_day(self.valid_until_on, timezone, field="valid_until_on"),
            "board_text": self.board_text,
            "levy": self.levy.value(),
            **self.source.values(),
        }
        return replace(before, **typed) if before is not None else AnnouncementFields(**typed)


def from_form(form: MultiDict[str, str]) -> AnnouncementForm:
    return AnnouncementForm(
        title=form.get("title", ""),
        text=form.get("text", "").replace("\r\n", "\n"),
        zones=tuple(form.getlist("zones")),
        broadcast_class=form.get("class", "routine"),
        voice=form.get("voice", "auto"),
        rate_percent=form.get("rate_percent", "100"),
        repeats=form.get("repeats", "1"),
        repeat_key_facts="repeat_key_facts" in form,
        valid_until_on=form.get("valid_until_on", ""),
        board_text=form.get("board_text", ""),
        levy=levies.from_form(form),
        source=origins.from_form(form),
        revision=form.get("revision", ""),
    )


def from_announcement(announcement: Announcement, timezone: ZoneInfo) -> AnnouncementForm:
    until_at = announcement.valid_until_at
    return AnnouncementForm(
        title=announcement.title,
        text=announcement.text,
        zones=tuple(zone.id for zone in announcement.zones),
        broadcast_class=announcement.broadcast_class,
        voice=announcement.voice,
        rate_percent=str(announcement.rate_percent),
        repeats=str(announcement.repeats),
        repeat_key_facts=announcement.repeat_key_facts,
        valid_until_on=f"{until_at.astimezone(timezone).date():%Y-%m-%d}" if until_at else "",
        board_text=announcement.board_text,
        levy=levies.from_levy(announcement.levy),
        source=origins.from_announcement(announcement),
        revision=str(announcement.revision),
    )
