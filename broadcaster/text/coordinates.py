"""Where a storm stands: 21°58'N 106°10'E, 20,1°N-107,5°E, 18.9N."""

import re

from broadcaster.text.numbers import cardinal, decimal
from broadcaster.text.place import Place, Reading, Rule

_DIRECTIONS = {
    "N": "vĩ Bắc",
    "B": "vĩ Bắc",
    "S": "vĩ Nam",
    "E": "kinh Đông",
    "Đ": "kinh Đông",
    "W": "kinh Tây",
    "T": "kinh Tây",
}
_END = r"(?![^\W_])"
_NEXT = r"(?P<next>[ ,;–-]{0,3}(?=\d{1,3}(?:[.,]\d{1,2})? ?[°NEBĐ]))?"
_WITH_MINUTES = re.compile(
    r"(?P<degrees>\d{1,3}) ?°(?: ?(?P<minutes>[0-5]?\d)(?:[.,](?P<tenths>\d))? ?')"
    r"(?: ?(?P<seconds>[0-5]?\d)(?:[.,]\d{1,2})? ?(?:\"|''))?"
    rf"(?: ?(?P<direction>[NBSEĐWT]){_END}{_NEXT})?"
)
_DECIMAL = re.compile(
    rf"(?P<degrees>\d{{1,3}})(?:[.,](?P<tenths>\d{{1,2}}))? ?° ?(?P<direction>[NBSEĐWT]){_END}{_NEXT}"
)
_BARE = re.compile(rf"(?P<degrees>\d{{1,3}})[.,](?P<tenths>\d{{1,2}}) ?(?P<direction>[NE]){_END}{_NEXT}")


def _read_with_minutes(_place: Place, found: re.Match[str]) -> Reading:
    words = f"{cardinal(int(found['degrees']))} độ {_minutes(found)} phút"
    if found["seconds"]:
        words += f" {cardinal(int(found['seconds']))} giây"
    return _towards(words, found)


def _minutes(found: re.Match[str]) -> str:
    return decimal(found["minutes"], found["tenths"]) if found["tenths"] else cardinal(int(found["minutes"]))


def _read_decimal(_place: Place, found: re.Match[str]) -> Reading:
    degrees = decimal(found["degrees"], found["tenths"]) if found["tenths"] else cardinal(int(found["degrees"]))
    return _towards(f"{degrees} độ", found)


def _towards(words: str, found: re.Match[str]) -> Reading:
    if not found["direction"]:
        return Reading(words, found.end(), "unit")
    # A listener who draws the point needs a breath between its two numbers.
    pause = "," if found["next"] else ""
    return Reading(f"{words} {_DIRECTIONS[found['direction']]}{pause}", found.end(), "unit")


RULES = (
    Rule(_WITH_MINUTES, _read_with_minutes),
    Rule(_BARE, _read_decimal),
    Rule(_DECIMAL, _read_decimal),
)
