"""Numbers and what they count: 25kg, 2,34 triệu đồng, 50.000đ, 38,5oC, 1.024 khẩu, thứ 4."""

import re
from functools import lru_cache

from broadcaster.refusals.reasons import Reason
from broadcaster.text.language.letters import LETTERS
from broadcaster.text.language.lexicon import alternation, table, words
from broadcaster.text.language.numbers import cardinal, decimal, digits, ordinal, whole, with_breaths
from broadcaster.text.page.cursor import ReadingRule, RuleReading, TextCursor
from broadcaster.text.page.doubts import LOW_CONFIDENCE, guessed
from broadcaster.text.quantities.compounds import NOTHING_GLUED, read_glued
from broadcaster.text.quantities.one_letter_units import in_its_field, may_be_an_age

_UNITS = {written: row[1] for row in table("units") for written in row[0].split("|")}
_UNIT_KINDS = {written: row[2] for row in table("units") for written in row[0].split("|")}
_KIND = {"money": "money", "measure": "unit", "time": "unit"}
_VERSION_BEFORE = words("version_before")
_NUMBERED = words("numbered_paper")
_QUOTED = 200
"""Characters of the longest quotation."""
_CLASS_BEFORE = words("class_before")
_BARE = words("bare_unit")
_TIGHT = words("tight_unit")
"""Units that stand for something else when a space comes before them."""
_NUMBER = (
    r"(?P<spaced>[1-9]\d{0,2}(?: \d{3}){1,4})"
    rf"(?= ?(?:{alternation('grouped_count')})(?![^\W_]))"
    r"|(?P<zeros>[1-9]\d{0,2}(?: 000){1,4})(?! ?\d)"
    r"|(?P<thousands>(?!0)\d{1,3}(?:\.\d{3}){1,4})(?![\d]|\.\d)(?:,(?P<tail>\d{1,6})(?!\d))?"
    r"|(?P<commas>(?!0)\d{1,3}(?:,\d{3}){2,4})(?![\d,])"
    r"|(?P<whole>\d{1,40})(?:(?P<point>[,.])(?P<fraction>\d{1,8})(?![\d]|[.,]\d))?"
    r"|(?P<run>\d+)"
)
_QUANTITY = re.compile(_NUMBER)
_UNIT = re.compile(
    r" ?(?:(?P<speed>[KMGkm]b/s)"
    r"|(?P<money>tr\.?đ(?:ồng)?|[Tt]r ?đ|t[ỷỉ]\.?đ|ng\.?đ|ngh?ìnđ|ngànđ)|(?P<sign>US\$|° ?[CFNEBĐ]|[o0] ?C"
    r"|%o|[%‰°$€£¥₫'\"])"
    r"|(?P<letters>[A-Za-zđĐµ]{1,5}[23]?))(?![^\W_])"
)
_UNIT_BEGINS = frozenset(LETTERS + "µ°%‰$€£¥₫'\"0")
"""What a unit can begin with; most of what follows a number is told apart by that."""
_COMRADE = re.compile(r" [đĐ]/[cC](?![^\W_])|đ/c (?=[A-ZĐ])")
"""02 đ/c are two comrades and no money."""
_SAID_AGAIN = re.compile(r" đồng(?![^\W_])")
_FEVER = re.compile(r"(?P<degrees>[1-4]\d)0 ?C(?![^\W_])")
_LIST = re.compile(
    r"[1-9]\d?(?:(?P<separator>[,+])[1-9]\d?)(?:(?P=separator)[1-9]\d?){0,11}(?![\d%]|[.,/+-]\d|[^\W\d_])"
)
_LISTED = words("listed")
_SECTION = re.compile(r"\d{1,3}\.\d{1,2}(?:\.\d{1,3}){1,3}(?![.,]?\d)")
_DECIMAL = re.compile(r"[,.\d]\d[NE]|\d[NE]")
_IN_A_CODE = re.compile(r"[^\W\d_][/-]?\d{1,3}$")
"""C26E, AA/26E: no degree."""
_SCALES = words("scale")
_POWER = re.compile(r"(?:(?P<head>\d{1,9}(?:,\d{1,4})?) ?[.x*] ?)?10\^(?P<power>\d{1,2})(?![\d^])")


def read_number(cursor: TextCursor, found: re.Match[str]) -> str:
    """The number alone, by how it is written."""
    if found["whole"] and not found["fraction"]:
        return whole(found["whole"])
    if found["thousands"]:
        value = whole(found["thousands"].replace(".", ""))
        return decimal(found["thousands"].replace(".", ""), found["tail"]) if found["tail"] else value
    if found["spaced"] or found["zeros"]:
        return whole((found["spaced"] or found["zeros"]).replace(" ", ""))
    if found["commas"]:
        return whole(found["commas"].replace(",", ""))
    if found["run"]:
        return digits(found["run"])
    if found["point"] == "." and re.match(r"0\d{2}", found["whole"]):
        return f"{digits(found['whole'])}, {digits(found['fraction'])}"
    section = found["point"] == "." and cursor.said(_VERSION_BEFORE, within=1)
    return decimal(found["whole"], found["fraction"], point="chấm" if section else "phẩy")


def read_quantity(cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    """Read a number with the unit glued to it or written after it."""
    end = found.end()
    unit = unit_at(cursor.text, end)
    if unit is not None and not _is_class(cursor, end, unit[2]):
        name, kind, stop = unit
        name, kind = in_its_field(cursor, unit)
        again = _SAID_AGAIN.match(cursor.text, stop) if name == "đồng" else None
        stop = again.end() if again else stop
        if kind == "money" and found["fraction"] and len(found["fraction"]) == 3 and name == "đồng":
            return _english_thousands(found, stop)
        return _counted(cursor, found, (name, kind, stop))
    figures = found["whole"] if found["whole"] and not found["fraction"] else ""
    if figures and _is_ordinal(cursor, figures):
        return RuleReading(ordinal(int(figures)), end, "number")
    if len(figures) == 2 and figures[0] == "0" and _is_numbered(cursor):
        return RuleReading(digits(figures), end, "number")
    number = read_number(cursor, found)
    glued = None if cursor.text[end : end + 1] in NOTHING_GLUED else read_glued(cursor, number, end)
    return glued or RuleReading(number, end, "number")


def _counted(cursor: TextCursor, found: re.Match[str], unit: tuple[str, str, int]) -> RuleReading:
    """The number with its unit: 25kg, 1.350k, 12t."""
    name, kind, stop = unit
    thousands = (found["thousands"] or found["whole"] or "").replace(".", "")
    if name == "nghìn" and not found["tail"] and not found["fraction"] and 3 < len(thousands) <= 9:
        return RuleReading(with_breaths(whole(thousands + "000")), stop, "money")
    number = read_number(cursor, found)
    words = f"{with_breaths(number) if kind == 'money' else number} {name}"
    if name == "tấn" and cursor.text[stop - 1] == "t" and may_be_an_age(cursor, stop):
        return RuleReading(words, stop, _KIND[kind], LOW_CONFIDENCE, guessed(cursor.text[cursor.at : stop], words))
    return RuleReading(words, stop, _KIND[kind])


def _is_numbered(cursor: TextCursor) -> bool:
    """Whether papers are counted here with their zero: Nghị định 06, Đề án 06; "thi hành án 02 người" counts people."""
    if cursor.last_kind() == "mark":
        return False
    return cursor.said(_NUMBERED, within=1) or cursor.before[-2:] == ["đề", "án"]


def _is_ordinal(cursor: TextCursor, figures: str) -> bool:
    """After "thứ", and in a list that goes on from it: "thứ 2, 4, 6"; "tháng 4" is "tháng tư" as well."""
    if len(figures) > 4:
        return False
    if cursor.last_word() == "thứ":
        return True
    listed = cursor.last_kind() == "mark" and "thứ" in cursor.before[-3:-1]
    return int(figures) == 4 and (listed or cursor.last_word() == "tháng")


def unit_at(text: str, at: int) -> tuple[str, str, int] | None:
    """The unit written at ``at``: its reading, its kind and where it ends, or None."""
    begins = text[at : at + 1]
    if (text[at + 1 : at + 2] if begins == " " else begins) not in _UNIT_BEGINS:
        return None
    found = _UNIT.match(text, at)
    if not found:
        return None
    known = _as_listed(found.group())
    if not known or (known in _TIGHT and text[at] == " ") or _COMRADE.match(text, at):
        return None
    if known == '"' and _closes_a_quote(text, at):
        return None
    if known in ("N", "E") and (
        not _DECIMAL.match(text, max(0, at - 2)) or _IN_A_CODE.search(text, max(0, at - 5), at)
    ):
        return None
    if known == "K" and not (at > 1 and text[at - 2].isdecimal()):
        return None
    if known in ("$", "US$"):
        return "đô la", "money", found.end()
    return _UNITS[known], _UNIT_KINDS[known], found.end()


@lru_cache(maxsize=4000)
def _as_listed(written: str) -> str:
    """A unit as the table has it, or ""."""
    known = written.strip().replace("° ", "°")
    known = known if known in _UNITS else known.replace(" ", "")
    return known if known in _UNITS else ""


def _closes_a_quote(text: str, at: int) -> bool:
    """Whether the sign of an inch ends what was quoted: “Lỗi 404”."""
    line = text[max(0, at - _QUOTED) : at].rpartition("\n")[2]
    return line.count('"') % 2 == 1


def _is_class(cursor: TextCursor, end: int, stop: int) -> bool:
    """Whether the letter behind the number is a part of a name: "lớp 5T", "nhà 3A"."""
    return stop == end + 1 and cursor.text[end].isupper() and cursor.last_word() in _CLASS_BEFORE


def read_bare_unit(cursor: TextCursor) -> RuleReading | None:
    """Read a unit that stands without a figure: "3,5 triệu m3", "đơn vị: mg/l"."""
    unit = unit_at(cursor.text, cursor.at)
    if unit is not None and _closes_a_size(cursor):
        return RuleReading(unit[0], unit[2], _KIND[unit[1]])
    if unit is None or (cursor.text[cursor.at : unit[2]] not in _BARE and cursor.last_word() not in _SCALES):
        return None
    return RuleReading(unit[0], unit[2], _KIND[unit[1]])


def _closes_a_size(cursor: TextCursor) -> bool:
    """Whether the unit of a size stands behind its bracket: "cống hộp 2x(3x3)m"."""
    inside = cursor.last(2)
    return cursor.touching() and cursor.text[cursor.at - 1] == ")" and inside is not None and inside.kind == "number"


def _english_thousands(found: re.Match[str], stop: int) -> RuleReading:
    amount = whole(found["whole"] + found["fraction"])
    reason = Reason("doubt.decimal_or_thousands", written=found.group())
    return RuleReading(f"{amount} đồng", stop, "money", LOW_CONFIDENCE, reason)


def _read_fever(_cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    """The raised ring was lost in pasting: 380C is 38 °C."""
    reason = Reason("doubt.degrees", written=found.group(), degrees=found["degrees"])
    words = f"{cardinal(int(found['degrees']))} độ xê"
    return RuleReading(words, found.end(), "unit", LOW_CONFIDENCE, reason)


def _read_list(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    """Small numbers with commas and no spaces: thôn 1,3,5; thứ 2,4,6; two of them may be a decimal."""
    parts = found.group().split(found["separator"])
    added = found["separator"] == "+"
    if (len(parts) == 2 or added) and not cursor.said(_LISTED, within=1):
        return None
    if added and cursor.last_kind() == "mark":
        return None
    say = ordinal if cursor.last_word() == "thứ" else cardinal
    return RuleReading(", ".join(say(int(part)) for part in parts), found.end(), "number")


def _read_section(_cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    return RuleReading(" chấm ".join(whole(part) for part in found.group().split(".")), found.end(), "number")


def _read_power(_cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    """1,8.10^6 and 10^3: a power of ten."""
    head = found["head"]
    first = "" if head is None else decimal(*head.split(",")) if "," in head else whole(head)
    words = f"{first} nhân mười mũ {whole(found['power'])}" if first else f"mười mũ {whole(found['power'])}"
    return RuleReading(words, found.end(), "number")


FEVER = ReadingRule(_FEVER, _read_fever, after="C", apart="C", shortest=3, longest=3)
SECTION_NUMBER = ReadingRule(_SECTION, _read_section, after=".", longest=3)
LISTED_NUMBERS = ReadingRule(_LIST, _read_list, after=",+", longest=2)
POWER_OF_TEN = ReadingRule(_POWER, _read_power, after=",.x*^", apart=".x*")
QUANTITY = ReadingRule(_QUANTITY, read_quantity)
