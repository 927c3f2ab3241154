"""The lines of a form that say when it shall be quiet: two times each, and an empty line for one more."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from broadcaster.station.rules import quiet_hours
from web.forms import parsing

_ENDS = ("quiet_from", "quiet_to")


@dataclass(frozen=True, slots=True)
class QuietHourRows:
    """pairs: of times as ``HH:MM``, one line of the form each; an empty one for the next comes last."""

    pairs: Sequence[tuple[str, str]] = field(default_factory=tuple)


def fields(hours: quiet_hours.Hours) -> list[tuple[str, str]]:
    """The names of the fields, each with what stands in it; the end of the day is 00:00."""
    return [(name, quiet_hours.clock(minute)) for pair in hours for name, minute in zip(_ENDS, pair, strict=True)]


def shown(form: MultiDict[str, str]) -> QuietHourRows:
    """Every line that has something in it, and one more."""
    pairs = [pair for pair in zip(*(form.getlist(name) for name in _ENDS), strict=False) if any(pair)]
    return QuietHourRows([*pairs, ("", "")])


def typed(form: MultiDict[str, str]) -> quiet_hours.Hours:
    """Raises Invalid(field="quiet_hours") for a line with one end, or a time that is none."""
    return tuple((_minute(begin), _minute(end)) for begin, end in shown(form).pairs if begin or end)


def _minute(text: str) -> int:
    return parsing.minute_of_day(text, field="quiet_hours")
