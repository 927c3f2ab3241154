"""The conditions in ``data/acronyms.tsv``: what must stand around an acronym for it to have a meaning."""

import re
from collections.abc import Container

from broadcaster.text.language.letters import LOWER, UPPER
from broadcaster.text.language.lexicon import alternation
from broadcaster.text.page.cursor import TextCursor

_A_LITTLE_EARLIER = 8
"""Words."""
_NAME = re.compile(rf" ?[{UPPER}]")
_PROPER_NAME = re.compile(rf" ?([{UPPER}][^\W\d_]*)")
_FOLLOWING = {
    "A": _NAME,
    ".": re.compile(r" ?(?:[,;.)!?\n]|$)"),
    "0": re.compile(r"[ :.]{0,2}\d"),
    "00": re.compile(r"[ :.]{0,2}[1-9]\d\d(?!\d)"),
    "1": re.compile(r"[ :.]{1,2}\d"),
    "8": re.compile(r"[ -]?8(?!\d)"),
    "D": re.compile(r"[ :.]{1,2}[0-3]?\d(?!\d)"),
    "P": re.compile(r"[ :.]{1,2}\d{2} ?-? ?[A-ZĐ]{1,2}\d?[ .-]?\d"),
    "R": re.compile(r"[ .]{1,2}[IVX]{1,5}(?![^\W_])"),
    "w": re.compile(rf" ?[{LOWER}]{{2}}"),
    "Y": re.compile(r"[ :]{0,2}(?:19|20)\d\d(?!\d)"),
    "/": re.compile(r"[ :.]{0,2}\d{1,5}[-/]"),
    ":": re.compile(r" ?:"),
    "§": re.compile(
        r"[ .]{0,2}\d{1,3}[a-zđ]?[ ,;]{1,2}"
        r"(?:[KĐ]\.? ?\d|(?:điều|khoản|điểm|(?:bộ )?luật|nghị|thông tư|quyết)(?![^\W_]))",
        re.IGNORECASE,
    ),
    "ae": re.compile(rf" e (?:{alternation('brothers_after')})(?![^\W_])"),
    "a)": re.compile(r" ?[a-zđ][ ,]{1,2}(?:K\.? ?\d|[Kk]hoản)"),
}


def holds(condition: str, cursor: TextCursor, end: int, acronyms: Container[str]) -> bool:
    """Whether every part of a condition holds for what ends at ``end``.

    ``>A`` a capital follows, ``>N`` a name that is none of ``acronyms``, ``>0`` a figure,
    ``>1`` a figure behind a space, ``>8`` the figure 8, ``>00`` a figure of three digits, ``>.`` the end of a phrase,
    ``>Y`` a year, ``>:`` a colon, ``>/`` the number of a paper, ``>R`` a Roman numeral, ``>D`` a day of the month,
    ``>P`` a number plate, ``>w`` a word in small letters,
    ``>§`` a figure and then a law or another part of it, ``>a)`` a letter and then a part of a law,
    ``>ae`` "e" and a word said to brothers and sisters, ``>xã|tỉnh`` one of these words;
    ``<ngày|thứ`` one of these words was just said, ``<^`` the line begins here, ``<,`` a pause was just made,
    ``<#`` a telephone number stands before and a name follows, ``<@`` a day or an hour stands before and a name
    follows;
    ``~điều|khoản`` one of these words was said a little earlier in the sentence.
    """
    return all(_part_holds(part, cursor, end, acronyms) for part in condition.split())


def _part_holds(part: str, cursor: TextCursor, end: int, acronyms: Container[str]) -> bool:
    side, value = part[0], part[1:]
    if side == "~":
        return cursor.said(frozenset(value.split("|")), within=_A_LITTLE_EARLIER)
    if side == "<":
        return _stands_before(value, cursor, end)
    if value == "N":
        found = _PROPER_NAME.match(cursor.text, end)
        return found is not None and found[1] not in acronyms
    if value in _FOLLOWING:
        return _FOLLOWING[value].match(cursor.text, end) is not None
    return cursor.next_word(end) in value.lower().split("|")


def _stands_before(value: str, cursor: TextCursor, end: int) -> bool:
    if value == "^":
        return cursor.at_line_start()
    if value == ",":
        return cursor.last_kind() in ("mark", "break")
    if value in "#@":
        called = _after_telephone(cursor) if value == "#" else cursor.after_day()
        return called and _NAME.match(cursor.text, end) is not None
    return cursor.last_word() in value.split("|")


def _after_telephone(cursor: TextCursor) -> bool:
    last = cursor.last(2) if cursor.last_kind() == "mark" else cursor.last()
    return last is not None and last.kind == "phone"
