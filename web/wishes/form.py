"""The wish as the form says it."""

from datetime import date, datetime, time

from werkzeug.datastructures import MultiDict

from broadcaster.errors import Invalid
from broadcaster.station.vocabulary.wishes import Wish, WishKind
from web.forms import parsing
from web.shell.services import services

ONCE, OPEN = "once", "open"
"""For the last day: the first one alone, and "until taken out"."""


def from_form(form: MultiDict[str, str]) -> Wish | None:
    """What the pressed button means; None for "no time yet". Raises Invalid naming the field."""
    pressed = form.get("when", "")
    if pressed == "now":
        return Wish(kind=WishKind.NOW)
    if pressed == "at":
        return Wish(kind=WishKind.AT, at=_instant(form))
    if pressed == "suggested":
        return _in_slot(form, prefix="suggested_")
    return _in_slot(form) if pressed == "slot" else None


def _instant(form: MultiDict[str, str]) -> datetime:
    day = parsing.day(form.get("at_on", ""), field="at_on") or services().today
    text = parsing.written_clock(form.get("at_time", "").strip())
    try:
        clock = time.fromisoformat(text)
    except ValueError:
        raise Invalid("slot.time_malformed", field="at_time") from None
    return datetime.combine(day, clock.replace(tzinfo=None), services().timezone)


def _in_slot(form: MultiDict[str, str], prefix: str = "") -> Wish:
    first_on = parsing.day(form.get(f"{prefix}first_on", ""), field="first_on") or services().today
    weekdays = tuple(
        sorted(parsing.chosen_number(each, field="weekdays") for each in form.getlist(f"{prefix}weekdays"))
    )
    return Wish(
        kind=WishKind.SLOT,
        slot_id=form.get(f"{prefix}slot", "") or None,
        first_on=first_on,
        last_on=_last(form.get(f"{prefix}last_on", ""), first_on),
        weekdays=weekdays,
    )


def _last(text: str, first_on: date) -> date | None:
    if text == OPEN:
        return None
    return first_on if text in ("", ONCE) else parsing.day(text, field="last_on")
