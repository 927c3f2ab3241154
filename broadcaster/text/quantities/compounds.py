"""What sticks to a number and is no unit: 1m65, 3tr5, 5G, lớp 3B, 12A1, 4*."""

import re

from broadcaster.text.language.letters import spell
from broadcaster.text.language.lexicon import readings_in, words
from broadcaster.text.language.numbers import cardinal, digits, whole
from broadcaster.text.page.cursor import RuleReading, TextCursor

_STARS = re.compile(r"\*(?![\d*])")
_HEIGHT = re.compile(r"m(?P<rest>\d{1,2})(?![^\W_])")
_COMBINED = re.compile(r"in(?P<rest>\d)(?![^\W_])")
_HALF = re.compile(
    r"(?P<unit>tr|k|kg|tỷ|tỉ|ty|t)(?P<rest>\d|(?<=tr|tỷ|tỉ|ty)\d{2,3})"
    r"(?P<thousand>(?:(?<=\d\d)k|(?<=tr\d)k|ngh?|ngh?ìn|ngàn)?)(?![^\W_])"
)
_PEOPLE = re.compile(r"ng(?![^\W_]|[.,]\d)")
_MINUTES = re.compile(r"ph?(?![^\W_])")
_PAID = words("paid")
_COUNTED_PEOPLE = words("about")
NOTHING_GLUED = frozenset(("", " ", ",", ".", ";", ":", ")", "\n"))
"""What stands behind a number to which nothing sticks."""
_SEATS = re.compile(r"c(?![^\W_])")
_VEHICLES = words("vehicle")
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
    people = _PEOPLE.match(text, end)
    if people:
        return _people_or_thousands(cursor, number, people)
    minutes = _MINUTES.match(text, end)
    if minutes:
        return RuleReading(f"{number} phút", minutes.end(), "unit")
    return _read_letter_behind(cursor, number, end)


def _read_letter_behind(cursor: TextCursor, number: str, end: int) -> RuleReading | None:
    text = cursor.text
    if _SEATS.match(text, end) and cursor.last_word() in _VEHICLES:
        return RuleReading(f"{number} chỗ", end + 1, "unit")
    if _AMPERE.match(text, end) and cursor.said(_ELECTRIC, within=6):
        return RuleReading(f"{number} am pe", end + 1, "unit")
    lettered = _LETTERED.match(text, end)
    if lettered:
        return RuleReading(f"{number} {_letters_and_figures(lettered.group())}", lettered.end(), "code")
    return None


def _people_or_thousands(cursor: TextCursor, number: str, found: re.Match[str]) -> RuleReading:
    """40ng are people, "thu 50ng/hộ" is money."""
    if cursor.said(_PAID, within=5) and cursor.last_word() not in _COUNTED_PEOPLE:
        return RuleReading(f"{number} nghìn", found.end(), "money")
    return RuleReading(f"{number} người", found.end(), "unit")


def _centimetres(figures: str) -> str:
    return digits(figures) if figures[0] == "0" else whole(figures)


def _rest_of_amount(half: re.Match[str]) -> str:
    """What follows the million or the billion: 3tr5 "năm", 5tr250 "hai trăm năm mươi nghìn"."""
    if len(half["rest"]) == 1 and not half["thousand"]:
        return cardinal(int(half["rest"]))
    # 3tr25 is 3,25 million; with its own "k" the rest counts thousands.
    tens = len(half["rest"]) == 2 and not half["thousand"]
    return f"{cardinal(int(half['rest']) * (10 if tens else 1))} {_SMALLER[half['unit']]}"


def _letters_and_figures(written: str) -> str:
    letters = written.rstrip("0123456789")
    figures = written[len(letters) :]
    return f"{spell(letters)} {whole(figures)}" if figures else spell(letters)
