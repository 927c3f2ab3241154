"""Number plates: 97B1-234.56, 29A-123.45, 20C 12345."""

import re

from broadcaster.text.language.letters import CAPITALS, spell
from broadcaster.text.language.numbers import digits
from broadcaster.text.page.cursor import ReadingRule, RuleReading, TextCursor

_PLATE = re.compile(
    r"(?P<province>\d{2})(?: ?- ?)?(?P<series>[A-ZĐ]{1,2}\d?) ?[-. ] ?"
    r"(?P<first>\d{3})\.?(?P<last>\d{1,2})(?![^\W_]|[.,/]\d)"
    r"|(?P<tight_province>\d{2})(?P<tight_series>[A-ZĐ]{1,2})(?P<tight_first>\d{3})\.?(?P<tight_last>\d{1,2})(?![^\W_])"
)


def read_plate(_cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    """Read a plate as people call it out: every figure by its name, with a pause before the number."""
    side = "tight_" if found["tight_province"] else ""
    province, series, first, last = (found[side + part] for part in ("province", "series", "first", "last"))
    number = f"{digits(first)}, {digits(last)}" if len(last) > 1 else digits(first + last)
    return RuleReading(f"{digits(province)} {spell(series)}, {number}", found.end(), "code")


VEHICLE_PLATE = ReadingRule(_PLATE, read_plate, after="-" + CAPITALS, apart="-" + CAPITALS, shortest=2, longest=2)
