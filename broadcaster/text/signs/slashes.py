"""A slash between two readings: "một" of a price (50.000đ/hộ), "trên" of a measure (60km/h), "cho" of what is given."""

import re

from broadcaster.text.language.lexicon import table, words
from broadcaster.text.page.cursor import ReadingRule, RuleReading, SpokenPiece, TextCursor
from broadcaster.text.quantities.amounts import unit_at

_RATED = frozenset(("unit", "money", "rate", "time"))
_SLASH = re.compile(r" ?/ ?")
_PHYSICAL_WORDS = words("physical_unit")
_EVERYDAY = tuple(words("everyday_unit"))
_FREQUENCY = re.compile(r"\d{1,3} ?(?:Hz|HZ|hz|A|W)(?![^\W_])")
_GIVEN = words("given")
_LONE_ONE = re.compile(r"1(?![\d.,])")
_SHARED = re.compile(r" ?/ ?\d")
_COUNTED = re.compile(r"[\d.,]+ ?(?P<noun>[^\W\d_]{1,20})")
_YEAR = re.compile(r" ?/ ?(?:19|20)\d\d(?!\d)")
_DAY_AND_MONTH = re.compile(r"\d{1,2}[/-]\d{1,2}(?!\d)")
_GRADE = re.compile(r" ?/ ?[IVX]{1,5}(?![^\W_])")
_MINUTE = re.compile(r"p(?![^\W_])")
_LETTER = re.compile(r"[a-z](?![^\W_])")
_SORTS = words("sort")
_EACH = words("rate_noun")
_PERSONS = frozenset(("người",))
_SUMS = words("sum_word")
_PRICED = tuple((row[0], row[1], row[2].split("|")) for row in table("rates"))


def _read_slash(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    if cursor.last_kind() == "roman" and _YEAR.match(cursor.text, cursor.at):
        return RuleReading("năm", found.end(), "word")
    if cursor.last_kind() == "roman" and _GRADE.match(cursor.text, cursor.at):
        return RuleReading("trên", found.end(), "word")
    last = cursor.last()
    if last is None or last.kind == "mark":
        per = last is not None and _counts_in_brackets(cursor, last, found.end())
        return RuleReading("một", found.end(), "rate") if per else RuleReading(",", found.end(), "mark")
    if last.words.endswith("vôn") and _FREQUENCY.match(cursor.text, found.end()):
        return RuleReading(",", found.end(), "mark")
    if last.kind == "time" and _DAY_AND_MONTH.match(cursor.text, found.end()):
        return RuleReading("ngày", found.end(), "word")
    next_letter = cursor.text[found.end() : found.end() + 1]
    per_word = last.kind == "number" and next_letter.isalpha() and not next_letter.isupper()
    if last.kind in _RATED or per_word or _is_each(cursor, found.end()):
        return _rate(cursor, last.kind, found.end())
    if last.kind in ("number", "code") and cursor.text[found.end() : found.end() + 1].isdecimal():
        return RuleReading("trên", found.end(), "word")
    return RuleReading(",", found.end(), "mark")


def _is_each(cursor: TextCursor, end: int) -> bool:
    """Whether what was counted is given to each of what follows; "1 cơn bão/áp thấp nhiệt đới" are one or the other."""
    last = cursor.last()
    if last is None or last.kind != "word":
        return False
    # In front of a figure the noun may be longer: "2.000 con gà giống/15 hộ".
    reach = 6 if _SHARED.match(cursor.text, cursor.at) else 4
    kinds = {piece.kind for piece in map(cursor.last, range(2, reach)) if piece}
    if last.words in _SUMS or not kinds.isdisjoint(("money", "rate", "unit")):
        return "number" in kinds or bool(kinds.intersection(("money", "rate", "unit")))
    word = cursor.next_word(end)
    return "number" in kinds and (not word or word in _EACH or unit_at(cursor.text, end) is not None)


def _counts_in_brackets(cursor: TextCursor, last: SpokenPiece, end: int) -> bool:
    """NPK (5:10:3)/hố: what stands in the brackets is given to each."""
    inside = cursor.last(2)
    counted = inside is not None and inside.kind in ("number", "unit", "money")
    return counted and cursor.text[last.start] == ")" and cursor.text[end : end + 1].isalpha()


def _rate(cursor: TextCursor, kind: str, end: int) -> RuleReading:
    priced = _priced(cursor, kind, end)
    if priced:
        return RuleReading(f"một {priced}", end + 1, "rate")
    last, unit = cursor.last(), unit_at(cursor.text, end)
    physical = kind == "unit" and last is not None and not last.words.endswith(_EVERYDAY)
    measured = unit or cursor.text[end : end + 1].isdecimal() or cursor.next_word(end) in _PHYSICAL_WORDS
    connective = "trên" if physical and measured and not (unit and unit[0] in _PERSONS) else "một"
    if unit is not None:
        return RuleReading(f"{connective} {unit[0]}", unit[2], "rate")
    if cursor.text[end : end + 1].isdecimal():
        one = _LONE_ONE.match(cursor.text, end)
        return RuleReading("" if one and connective == "một" else _over_a_figure(cursor, kind, end), end, "rate")
    if _MINUTE.match(cursor.text, end):
        return RuleReading(f"{connective} phút", end + 1, "rate")
    return RuleReading(connective, end, "rate")


def _priced(cursor: TextCursor, kind: str, end: int) -> str:
    """What a single letter behind a price stands for: 18k/c of chicks is "một con", of eggs "một quả"."""
    if kind != "money" or not _LETTER.match(cursor.text, end):
        return ""
    named = {word: row[1] for row in _PRICED if row[0] == cursor.text[end] for word in row[2]}
    said = _since_last_price(cursor)
    for at in range(len(said) - 1, -1, -1):
        if said[at] in named:
            # The noun stands before what tells its kind: trứng vịt, cây bưởi.
            return named.get(said[at - 1] if at else said[at], named[said[at]])
    return named.get("", "")


def _since_last_price(cursor: TextCursor) -> list[str]:
    """The words of this sentence behind the last price; all of them when another sort is priced: "loại 2 15k/c"."""
    if cursor.said(_SORTS, within=5):
        return cursor.before
    said: list[str] = []
    for piece in reversed(cursor.latest(20)):
        if piece.kind in ("rate", "break"):
            break
        said[:0] = piece.words.lower().split() if piece.kind == "word" else ["-"]
    return said


def _over_a_figure(cursor: TextCursor, kind: str, end: int) -> str:
    """Things handed out are "cho": cấp 2.000 con gà giống/15 hộ; a part of the same things is "trên"."""
    counted = _COUNTED.match(cursor.text, end)
    if kind != "word" or counted is None or counted["noun"].lower() in cursor.before[-4:]:
        return "trên"
    return "trên" if _GIVEN.isdisjoint(cursor.before[-10:]) else "cho"


SLASH = ReadingRule(_SLASH, _read_slash, lead=" /")
