"""Where a storm stands: 21°58'N 106°10'E, 20,1°N-107,5°E, 18.9N."""

import re

from broadcaster.text.language.lexicon import readings_in
from broadcaster.text.language.numbers import cardinal, decimal
from broadcaster.text.page.cursor import ReadingRule, RuleReading, TextCursor

_DIRECTIONS = readings_in("direction")
_END = r"(?![^\W_])"
_NEXT = r"(?P<next>[ ,;–-]{0,3}(?=(?P<onward>\d{1,3}(?:[.,]\d{1,2})? ?°? ?[NEBĐSWT]|\d{1,3}(?:[.,]\d{1,2})? ?°)))?"
_WITH_MINUTES = re.compile(
    r"(?P<degrees>\d{1,3}) ?°(?: ?(?P<minutes>[0-5]?\d)(?:[.,](?P<tenths>\d))? ?')"
    r"(?: ?(?P<seconds>[0-5]?\d)(?:[.,]\d{1,2})? ?(?:\"|''))?"
    rf"(?: ?(?P<direction>[NBSEĐWT]){_END}{_NEXT})?"
)
_DECIMAL = re.compile(
    rf"(?P<degrees>\d{{1,3}})(?:[.,](?P<tenths>\d{{1,2}}))? ?° ?(?P<direction>[NBSEĐWT]){_END}{_NEXT}"
)
_BARE = re.compile(rf"(?P<degrees>\d{{1,3}})[.,](?P<tenths>\d{{1,2}}) ?(?P<direction>[NE]){_END}{_NEXT}")


def _read_with_minutes(_cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    words = f"{cardinal(int(found['degrees']))} độ {_minutes(found)} phút"
    if found["seconds"]:
        words += f" {cardinal(int(found['seconds']))} giây"
    return _towards(words, found)


def _minutes(found: re.Match[str]) -> str:
    return decimal(found["minutes"], found["tenths"]) if found["tenths"] else cardinal(int(found["minutes"]))


def _read_decimal(_cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    degrees = decimal(found["degrees"], found["tenths"]) if found["tenths"] else cardinal(int(found["degrees"]))
    return _towards(f"{degrees} độ", found)


def _towards(words: str, found: re.Match[str]) -> RuleReading:
    if not found["direction"]:
        return RuleReading(words, found.end(), "unit")
    # A listener who draws the point needs a breath between its two numbers.
    separator = found["next"] or ""
    if "-" in separator and found["onward"] and found["onward"][-1] == found["direction"]:
        return RuleReading(f"{words} {_DIRECTIONS[found['direction']]} đến", found.end(), "unit")
    pause = "," if separator else ""
    return RuleReading(f"{words} {_DIRECTIONS[found['direction']]}{pause}", found.end(), "unit")


DEGREES_AND_MINUTES = ReadingRule(_WITH_MINUTES, _read_with_minutes, after="°", apart="°", longest=3)
BARE_DEGREES = ReadingRule(_BARE, _read_decimal, after=".,", longest=3)
DECIMAL_DEGREES = ReadingRule(_DECIMAL, _read_decimal, after=".,°", apart="°", longest=3)
