"""The form a slot is made in: what was typed, and the values it stands for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from broadcaster.errors import Invalid
from broadcaster.station.programmes.slot_rules import check_rule
from broadcaster.station.programmes.slots import TUNES
from broadcaster.station.schema import Slot
from scheduler import recurrence
from web.forms import parsing
from web.slots import day_fields
from web.slots.day_fields import DayFields


@dataclass(frozen=True, slots=True)
class SlotForm:
    """The form as it stands on the screen.

    name: as typed.
    days: on which days.
    times: as typed, such as ``05:00, 17:00``.
    zones: ids of the ticked zones.
    holidays: play, skip or only.
    first_on, last_on, paused_until_on: ISO dates or empty.
    except_on: dates as typed, one a line or with commas.
    times_on: single dates with times of their own, one a line: ``25/12/2026 07:00, 09:00``.
    cap_minutes: as typed.
    assemble_minutes: chosen; empty is as the station does.
    greeting, closing, greet_when_empty: ticked.
    tunes: ids of the chosen music by the slot's field; empty is none.
    copy_of: id of the slot this is a copy of; empty for none.
    copy_items: ticked: what is in that slot comes along.
    """

    name: str = ""
    days: DayFields = field(default_factory=DayFields)
    times: str = "17:00"
    zones: tuple[str, ...] = ()
    holidays: str = "play"
    first_on: str = ""
    last_on: str = ""
    paused_until_on: str = ""
    except_on: str = ""
    times_on: str = ""
    cap_minutes: str = "45"
    assemble_minutes: str = ""
    greeting: bool = False
    closing: bool = False
    greet_when_empty: bool = False
    tunes: Mapping[str, str] = field(default_factory=dict)
    copy_of: str = ""
    copy_items: bool = False

    def values(self) -> dict[str, Any]:
        """Arguments of ``slots.add_slot`` and ``slots.edit_slot``. Raises Invalid naming the field."""
        return {
            "name": self.name,
            "rule": self.rule(),
            "zones": parsing.ticked_zones(self.zones),
            "cap_minutes": parsing.whole_number(self.cap_minutes, field="cap_minutes"),
            "assemble_minutes": self._assemble_minutes(),
            "greeting": self.greeting,
            "closing": self.closing,
            "greet_when_empty": self.greet_when_empty,
            **{name: self.tunes.get(name) or None for name in TUNES},
        }

    def rule(self) -> dict[str, Any]:
        """As the scheduler reads it. Raises Invalid naming the field."""
        first_on = parsing.day(self.first_on, field="first_on")
        last_on = parsing.day(self.last_on, field="last_on")
        if first_on and last_on and last_on < first_on:
            raise Invalid("slot.last_before_first", field="last_on")
        own = [_own_times(line) for line in self.times_on.splitlines() if line.strip()]
        made = {
            **self.days.rule(),
            "times": [parsing.written_clock(text) for text in parsing.several(self.times)],
            "first_on": first_on.isoformat() if first_on else None,
            "last_on": last_on.isoformat() if last_on else None,
            "except_on": sorted(
                {parsing.written_day(text, field="except_on").isoformat() for text in parsing.several(self.except_on)}
            ),
            "times_on": {day.isoformat(): times for day, times in own},
            "holidays": self.holidays,
        }
        checked = check_rule(made)
        recurrence.parse(checked, timezone="UTC")
        return checked

    def _assemble_minutes(self) -> int | None:
        text = self.assemble_minutes
        return parsing.whole_number(text, field="assemble_minutes") if text else None

    def pause(self) -> date | None:
        """The last day of the pause. Raises Invalid."""
        return parsing.day(self.paused_until_on, field="paused_until_on")


def from_form(form: MultiDict[str, str]) -> SlotForm:
    return SlotForm(
        name=form.get("name", ""),
        days=day_fields.from_form(form),
        times=form.get("times", ""),
        zones=tuple(form.getlist("zones")),
        holidays=form.get("holidays", "play"),
        first_on=form.get("first_on", ""),
        last_on=form.get("last_on", ""),
        paused_until_on=form.get("paused_until_on", ""),
        except_on=form.get("except_on", ""),
        times_on=form.get("times_on", ""),
        cap_minutes=form.get("cap_minutes", "45"),
        assemble_minutes=form.get("assemble_minutes", ""),
        greeting="greeting" in form,
        closing="closing" in form,
        greet_when_empty="greet_when_empty" in form,
        tunes={name: form.get(name, "") for name in TUNES},
        copy_of=form.get("copy_of", ""),
        copy_items="copy_items" in form,
    )


def from_slot(slot: Slot) -> SlotForm:
    rule = slot.rule
    return SlotForm(
        name=slot.name,
        days=day_fields.from_rule(rule),
        times=", ".join(rule.get("times", [])),
        zones=tuple(zone.id for zone in slot.zones),
        holidays=rule.get("holidays") or "play",
        first_on=rule.get("first_on") or "",
        last_on=rule.get("last_on") or "",
        paused_until_on=f"{slot.paused_until_on:%Y-%m-%d}" if slot.paused_until_on else "",
        except_on=", ".join(_shown(each) for each in rule.get("except_on") or []),
        times_on="\n".join(_line(day, times) for day, times in sorted((rule.get("times_on") or {}).items())),
        cap_minutes=str(slot.cap_minutes),
        assemble_minutes=str(slot.assemble_minutes or ""),
        greeting=slot.greeting,
        closing=slot.closing,
        greet_when_empty=slot.greet_when_empty,
        tunes={name: getattr(slot, name) or "" for name in TUNES},
    )


def is_special(slot: Slot) -> bool:
    """Its days are not days of the week."""
    return (slot.rule.get("kind") or "weekly") != "weekly"


def merged(rule: Mapping[str, Any], *, into: Slot) -> dict[str, Any]:
    """The form's rule, with what of the slot's rule no form shows; fields of another kind of recurrence go."""
    kinds = {"weekdays", "days", "nth", "weekday", "day", "month", *rule}
    return {name: value for name, value in into.rule.items() if name not in kinds} | dict(rule)


def _own_times(line: str) -> tuple[date, list[str]]:
    day, *times = parsing.several(line.replace(": ", " "))
    return parsing.written_day(day, field="times_on"), [parsing.written_clock(text) for text in times]


def _line(day: str, times: list[str]) -> str:
    return f"{_shown(day)} {', '.join(times)}"


def _shown(day: str) -> str:
    return f"{date.fromisoformat(day):%d/%m/%Y}"
