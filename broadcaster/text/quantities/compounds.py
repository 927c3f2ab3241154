"""What sticks to a number and is no unit: 1m65, 3tr5, 5G, lớp 3B, 12A1, 4*."""

import re

from broadcaster.text.language.letters import spell
from broadcaster.text.language.lexicon import readings_in, words
from broadcaster.text.language.numbers import cardinal, digits, whole
from broadcaster.text.page.cursor import RuleReading, TextCursor

_STARS = re.compile(r"\*(?![\d*])")
_HEIGHT = re.compile(r"m(?P<rest>\d{1,2})(?![^\W_])")
_COMBINED = re.compile(r"in(?P<rest>\d)(?![^\W_])")
_HALF = re.compile(r"(?P<unit>tr|k|kg|tỷ|tỉ)(?P<rest>\d|(?<=tr|tỷ|tỉ)\d{3})(?![^\W_])")
_AMPERE = re.compile(r"A(?![^\W_])")
_ELECTRIC = words("electric")
_LETTERED = re.compile(r"[A-ZĐa-zđ]{1,2}\d{0,3}(?![^\W_])")
_SMALLER = readings_in("smaller_unit")
_HALVES = readings_in("half_unit")
_FACTORS = frozenset("0123456789(")


def read_glued(cursor: TextCursor, number: str, end: int) -> RuleReading | None:
    """Read what sticks to the ``number`` that ends at ``end`` and is no unit."""
    text = cursor.text
    if text[end : end + 1] in ("x", "X") and text[end + 1 : end + 2] in _FACTORS:
        return None
    if len(number.split()) == 1 and cursor.touching() is False and _STARS.match(text, end):
        return RuleReading(f"{number} sao", end + 1, "unit")
    height = _HEIGHT.match(text, end)
    if height:
        return RuleReading(f"{number} mét {_centimetres(height['rest'])}", height.end(), "unit")
    combined = _COMBINED.match(text, end)
    if combined:
        return RuleReading(f"{number} trong {whole(combined['rest'])}", combined.end(), "code")
    half = _HALF.match(text, end)
    if half:
        return RuleReading(f"{number} {_HALVES[half['unit']]} {_rest_of_amount(half)}", half.end(), "money")
    if _AMPERE.match(text, end) and cursor.said(_ELECTRIC, within=6):
        return RuleReading(f"{number} am pe", end + 1, "unit")
    lettered = _LETTERED.match(text, end)
    if lettered:
        return RuleReading(f"{number} {_letters_and_figures(lettered.group())}", lettered.end(), "code")
    return None


def _centimetres(figures: str) -> str:
    return digits(figures) if figures[0] == "0" else whole(figures)


def _rest_of_amount(half: re.Match[str]) -> str:
    """What follows the million or the billion: 3tr5 "năm", 5tr250 "hai trăm năm mươi nghìn"."""
    said = cardinal(int(half["rest"]))
    return said if len(half["rest"]) == 1 else f"{said} {_SMALLER[half['unit']]}"


def _letters_and_figures(written: str) -> str:
    letters = written.rstrip("0123456789")
    figures = written[len(letters) :]
    return f"{spell(letters)} {whole(figures)}" if figures else spell(letters)
