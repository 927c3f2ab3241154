"""The form a slot is made in: what was typed, and the values it stands for."""

import re
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from broadcaster.station.schema import Slot
from web import drafts


@dataclass(frozen=True, slots=True)
class SlotForm:
    """The form as it stands on the screen.

    name: as typed.
    weekdays: ticked days, "0" is Monday.
    times: as typed, such as ``05:00, 17:00``.
    zones: ids of the ticked zones.
    first_on, last_on, paused_until_on: ISO dates or empty.
    except_on: ISO dates, one a line or with commas.
    cap_minutes: as typed.
    """

    name: str = ""
    weekdays: tuple[str, ...] = ("0", "1", "2", "3", "4", "5", "6")
    times: str = "17:00"
    zones: tuple[str, ...] = ()
    first_on: str = ""
    last_on: str = ""
    paused_until_on: str = ""
    except_on: str = ""
    cap_minutes: str = "45"

    def values(self) -> dict[str, Any]:
        """Arguments of ``slots.add_slot`` and ``slots.edit_slot``. Raises Invalid naming the field."""
        return {
            "name": self.name,
            "rule": self.rule(),
            "zones": drafts.ticked(self.zones),
            "cap_minutes": drafts.whole_number(self.cap_minutes, field="cap_minutes", name="Số phút"),
        }

    def rule(self) -> dict[str, Any]:
        first_on = drafts.day(self.first_on, field="first_on")
        last_on = drafts.day(self.last_on, field="last_on")
        except_on = [drafts.day(text, field="except_on") for text in _words(self.except_on)]
        return {
            "weekdays": sorted(int(day) for day in self.weekdays if day.isdecimal()),
            "times": [_full(text) for text in _words(self.times)],
            "first_on": first_on.isoformat() if first_on else None,
            "last_on": last_on.isoformat() if last_on else None,
            "except_on": [on.isoformat() for on in except_on if on],
        }


def from_form(form: MultiDict[str, str]) -> SlotForm:
    return SlotForm(
        name=form.get("name", ""),
        weekdays=tuple(form.getlist("weekdays")),
        times=form.get("times", ""),
        zones=tuple(form.getlist("zones")),
        first_on=form.get("first_on", ""),
        last_on=form.get("last_on", ""),
        paused_until_on=form.get("paused_until_on", ""),
        except_on=form.get("except_on", ""),
        cap_minutes=form.get("cap_minutes", "45"),
    )


def from_slot(slot: Slot) -> SlotForm:
    return SlotForm(
        name=slot.name,
        weekdays=tuple(str(day) for day in slot.rule.get("weekdays") or range(7)),
        times=", ".join(slot.rule.get("times", [])),
        zones=tuple(zone.id for zone in slot.zones),
        first_on=slot.rule.get("first_on") or "",
        last_on=slot.rule.get("last_on") or "",
        paused_until_on=f"{slot.paused_until_on:%Y-%m-%d}" if slot.paused_until_on else "",
        except_on=", ".join(slot.rule.get("except_on") or []),
        cap_minutes=str(slot.cap_minutes),
    )


def is_special(slot: Slot) -> bool:
    """Its days are not days of the week, and this form cannot choose them."""
    return (slot.rule.get("kind") or "weekly") != "weekly"


def merged(values: dict[str, Any], *, into: Slot) -> dict[str, Any]:
    """The form's values without losing what of the slot's rule the form does not show."""
    rule = {**into.rule, **values["rule"]}
    if is_special(into):
        rule.pop("weekdays")
    return values | {"rule": rule}


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s,;]+", text.strip()) if word]


def _full(text: str) -> str:
    """``5h``, ``5h30`` and ``5:30`` as ``05:30``; anything else as it is, for the station to refuse."""
    found = re.fullmatch(r"(\d{1,2})(?:[hg:](\d{2})?)?", text.lower())
    return f"{int(found.group(1)):02d}:{found.group(2) or '00'}" if found else text
