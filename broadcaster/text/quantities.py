"""Numbers and what they count: 25kg, 2,34 triệu đồng, 50.000đ, 38,5oC, 1.024 khẩu, thứ 4."""

import re

from broadcaster.text.letters import spell
from broadcaster.text.lexicon import table, words
from broadcaster.text.numbers import cardinal, decimal, digits, ordinal, whole
from broadcaster.text.place import Place, Reading, Rule

_UNITS = {written: row[1] for row in table("units") for written in row[0].split("|")}
_UNIT_KINDS = {written: row[2] for row in table("units") for written in row[0].split("|")}
_KIND = {"money": "money", "measure": "unit", "time": "unit"}
_VERSION_BEFORE = words("version_before")
_TIGHT = words("tight_unit")
"""Units that stand for something else when a space comes before them."""
_NUMBER = (
    r"(?P<thousands>(?!0)\d{1,3}(?:\.\d{3}){1,4})(?![\d]|\.\d)(?:,(?P<tail>\d{1,6})(?!\d))?"
    r"|(?P<commas>(?!0)\d{1,3}(?:,\d{3}){2,4})(?![\d,])"
    r"|(?P<whole>\d{1,40})(?:(?P<point>[,.])(?P<fraction>\d{1,8})(?![\d]|[.,]\d))?"
    r"|(?P<run>\d+)"
)
_QUANTITY = re.compile(_NUMBER)
_UNIT = re.compile(
    r" ?(?:(?P<money>tr\.?đ(?:ồng)?|[Tt]r ?đ|t[ỷỉ]\.?đ|ng\.?đ|ngh?ìnđ|ngànđ)|(?P<sign>US\$|° ?[CFNEBĐ]|[o0] ?C"
    r"|[%‰°$€£¥₫'\"])"
    r"|(?P<letters>[A-Za-zđĐµ]{1,5}[23]?))(?![^\W_])"
)
_HEIGHT = re.compile(r"m(?P<rest>\d{1,2})(?![^\W_])")
_HALF = re.compile(r"(?P<unit>tr|k|kg|tỷ|tỉ)(?P<rest>\d)(?![^\W_])")
_LETTERED = re.compile(r"[A-ZĐa-zđ]{1,2}\d{0,3}(?![^\W_])")
_HALVES = {"tr": "triệu", "k": "nghìn", "kg": "ki lô", "tỷ": "tỷ", "tỉ": "tỷ"}


def read_number(place: Place, found: re.Match[str]) -> str:
    """The number alone, by how it is written."""
    if found["thousands"]:
        value = whole(found["thousands"].replace(".", ""))
        return decimal(found["thousands"].replace(".", ""), found["tail"]) if found["tail"] else value
    if found["commas"]:
        return whole(found["commas"].replace(",", ""))
    if found["run"]:
        return digits(found["run"])
    if found["fraction"]:
        section = found["point"] == "." and place.said(_VERSION_BEFORE, within=1)
        return decimal(found["whole"], found["fraction"], point="chấm" if section else "phẩy")
    return whole(found["whole"])


def read_quantity(place: Place, found: re.Match[str]) -> Reading:
    """Read a number with the unit glued to it or written after it."""
    end = found.end()
    unit = unit_at(place.text, end)
    if unit is not None:
        name, kind, stop = unit
        if kind == "money" and found["fraction"] and len(found["fraction"]) == 3 and name == "đồng":
            return _english_thousands(found, stop)
        return Reading(f"{read_number(place, found)} {name}", stop, _KIND[kind])
    if place.last_word() == "thứ" and found["whole"] and not found["fraction"]:
        return Reading(
            ordinal(int(found["whole"])) if len(found["whole"]) < 9 else whole(found["whole"]), end, "number"
        )
    return _glued(place, found) or Reading(read_number(place, found), end, "number")


def unit_at(text: str, at: int) -> tuple[str, str, int] | None:
    """The unit written at ``at``: its reading, its kind and where it ends, or None."""
    found = _UNIT.match(text, at)
    if not found:
        return None
    written = found.group().strip().replace("° ", "°")
    known = written if written in _UNITS else written.replace(" ", "")
    if known not in _UNITS or (known in _TIGHT and text[at] == " "):
        return None
    if known in ("$", "US$"):
        return "đô la", "money", found.end()
    return _UNITS[known], _UNIT_KINDS[known], found.end()


def _english_thousands(found: re.Match[str], stop: int) -> Reading:
    amount = whole(found["whole"] + found["fraction"])
    reason = f"“{found.group()}” có thể là số thập phân hoặc hàng nghìn; hãy viết lại bằng dấu chấm hàng nghìn."
    return Reading(f"{amount} đồng", stop, "money", "low_confidence", reason)


def _glued(place: Place, found: re.Match[str]) -> Reading | None:
    """What sticks to the number and is no unit: 1m65, 3tr5, 5G, lớp 3B, 12A1."""
    text, end, number = place.text, found.end(), read_number(place, found)
    height = _HEIGHT.match(text, end)
    if height:
        return Reading(f"{number} mét {whole(height['rest'])}", height.end(), "unit")
    half = _HALF.match(text, end)
    if half:
        return Reading(f"{number} {_HALVES[half['unit']]} {cardinal(int(half['rest']))}", half.end(), "money")
    lettered = _LETTERED.match(text, end)
    if lettered:
        return Reading(f"{number} {_letters_and_figures(lettered.group())}", lettered.end(), "code")
    return None


def _letters_and_figures(written: str) -> str:
    letters = written.rstrip("0123456789")
    figures = written[len(letters) :]
    return f"{spell(letters)} {whole(figures)}" if figures else spell(letters)


RULES = (Rule(_QUANTITY, read_quantity),)
