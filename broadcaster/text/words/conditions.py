"""The conditions in ``data/acronyms.tsv`` and ``data/phone.tsv``: what must stand around a writing for a meaning."""

import re
from collections.abc import Callable

from broadcaster.text.language.letters import LOWER, UPPER
from broadcaster.text.language.lexicon import alternation, words
from broadcaster.text.page.cursor import TextCursor

Condition = Callable[[TextCursor, int], bool]
"""Whether a condition holds for a writing under the cursor that ends at the given character."""

DOUBTFUL = "?"
"""The part of a condition that marks a meaning as a guess."""
_A_LITTLE_EARLIER = 8
"""Words."""
_COUNTED = frozenset(("number", "unit", "money"))
_LABELLED = words("numbered_place") | words("listed") | words("day_before") | words("labelled")
_NAME = re.compile(rf" ?[{UPPER}]")
_PROPER_NAME = re.compile(rf" ?([{UPPER}][^\W\d_]*)")
_PERSON = re.compile(rf" ?[{UPPER}][{LOWER}]")
_SPELLED = f"(?:{alternation('spelled')})"
_FOLLOWING = {
    "A": _NAME,
    "P.": _PERSON,
    ".": re.compile(r" ?(?:[,;.)!?\n]|$)"),
    "$": re.compile(r" ?(?:[.)!?\n]|$)"),
    "0": re.compile(r"[ :.]{0,2}\d"),
    "00": re.compile(r"[ :.]{0,2}[1-9]\d\d(?!\d)"),
    "1": re.compile(r"[ :.]{1,2}\d"),
    "8": re.compile(r"[ -]?8(?!\d)"),
    "D": re.compile(r"[ :.]{1,2}[0-3]?\d(?!\d)"),
    "d": re.compile(r"[ :.]{1,3}\d{1,2}([/.-])\d{1,2}\1(?:19|20)\d\d(?!\d)"),
    "P": re.compile(r"[ :.]{1,2}\d{2} ?-? ?[A-ZĐ]{1,2}\d?[ .-]?\d"),
    "R": re.compile(r"[ .]{1,2}[IVX]{1,5}(?![^\W_])"),
    "s": re.compile(rf" {_SPELLED}(?= ?(?:[,.;:!?\n]|$)| {_SPELLED}(?![^\W_]))"),
    "w": re.compile(rf" ?[{LOWER}]{{2}}"),
    "W": re.compile(r"[ ,;:|(\t]{1,3}(?:cấp|giật|\d{1,3}(?: ?- ?\d{1,3})? ?km/h)"),
    "Y": re.compile(r"[ :]{0,2}(?:19|20)\d\d(?!\d)"),
    "/": re.compile(r"[ :.]{0,2}\d{1,5}[-/]"),
    ":": re.compile(r" ?:"),
    "§": re.compile(
        r"[ .]{0,2}\d{1,3}[a-zđ]?[ ,;]{1,2}"
        rf"(?:[KĐ]\.? ?\d|(?:{alternation('cited_part')})(?![^\W_]))",
        re.IGNORECASE,
    ),
    "ae": re.compile(rf" e (?:{alternation('brothers_after')})(?![^\W_])"),
    "a)": re.compile(r" ?[a-zđ][ ,]{1,2}(?:K\.? ?\d|[Kk]hoản)"),
}


def compiled(condition: str, *, acronyms: Callable[[str], bool]) -> Condition | None:
    """The test a condition stands for, or None when it always holds; ``acronyms`` tells whether a word is one.

    Its parts are parted by spaces and must all hold; ``!`` before a part turns it round, ``?`` alone marks a guess.
    ``>A`` a capital follows, ``>P.`` a person's name, ``>N`` a name that is none of ``acronyms``, ``>0`` a figure,
    ``>1`` a figure behind a space, ``>8`` the figure 8, ``>00`` a figure of three digits, ``>.`` the end of a phrase,
    ``>$`` the end of a sentence, ``>Y`` a year, ``>:`` a colon, ``>/`` the number of a paper, ``>R`` a Roman numeral,
    ``>D`` a day of the month, ``>d`` a day with its month and year, ``>P`` a number plate, ``>w`` a word in small
    letters, ``>s`` the name of a letter or a figure that stands alone or in a row, ``>W`` the force of a wind,
    ``>§`` a figure and then a law or another part of it, ``>a)`` a letter and then a part of a law,
    ``>ae`` "e" and a word said to brothers and sisters, ``>xã|tỉnh`` one of these words;
    ``<ngày|thứ`` one of these words was just said, ``<^`` the line begins here, ``<,`` a pause was just made,
    ``<9`` a number that counts or an amount was just said, ``<t`` a time or a date, ``<r`` the "một" of a rate,
    ``<n`` a name in capital letters, ``<#`` a telephone number stands before and a name follows, ``<@`` a day or an
    hour stands before and a name follows;
    ``~điều|khoản`` one of these words was said a little earlier in the sentence.
    ``=group`` in place of the words means a group of ``data/triggers.tsv``.
    """
    tests = [_part(part, acronyms) for part in condition.split() if part != DOUBTFUL]
    if not tests:
        return None
    if len(tests) == 1:
        return tests[0]
    first, *others = tests
    return lambda cursor, end: first(cursor, end) and all(test(cursor, end) for test in others)


def _part(part: str, acronyms: Callable[[str], bool]) -> Condition:
    if part[0] == "!":
        test = _part(part[1:], acronyms)
        return lambda cursor, end: not test(cursor, end)
    side, value = part[0], part[1:]
    if side == ">" and value == "N":
        return lambda cursor, end: _is_name(cursor, end, acronyms)
    if side == ">" and value in _FOLLOWING:
        matches = _FOLLOWING[value].match
        return lambda cursor, end: matches(cursor.text, end) is not None
    if side == "<" and value in _STANDING:
        return _STANDING[value]
    return _words(side, value)


def _words(side: str, value: str) -> Condition:
    wanted = words(value[1:]) if value.startswith("=") else frozenset(value.split("|"))
    if side == ">":
        small = frozenset(word.lower() for word in wanted)
        return lambda cursor, end: cursor.next_word(end) in small
    if side == "<":
        return lambda cursor, _end: cursor.last_word() in wanted
    return lambda cursor, _end: cursor.said(wanted, within=_A_LITTLE_EARLIER)


def _is_name(cursor: TextCursor, end: int, acronyms: Callable[[str], bool]) -> bool:
    found = _PROPER_NAME.match(cursor.text, end)
    return found is not None and not acronyms(found[1])


def _after_telephone(cursor: TextCursor, end: int) -> bool:
    last = cursor.last(2) if cursor.last_kind() == "mark" else cursor.last()
    return last is not None and last.kind == "phone" and _NAME.match(cursor.text, end) is not None


def _after_count(cursor: TextCursor, _end: int) -> bool:
    """Whether a number just counted something: "300 k", but not "xóm 2 k có điện"."""
    kind, named = cursor.last_kind(), cursor.last(2)
    labelled = kind == "number" and named is not None and named.words.lower() in _LABELLED
    return kind in _COUNTED and not labelled


def _after_name(cursor: TextCursor, _end: int) -> bool:
    last = cursor.last()
    return last is not None and last.kind == "word" and cursor.text[last.start].isupper()


_STANDING: dict[str, Condition] = {
    "^": lambda cursor, _end: cursor.at_line_start(),
    ",": lambda cursor, _end: cursor.last_kind() in ("mark", "break"),
    "9": _after_count,
    "t": lambda cursor, _end: cursor.last_kind() in ("time", "date"),
    "r": lambda cursor, _end: cursor.last_kind() == "rate",
    "n": _after_name,
    "#": _after_telephone,
    "@": lambda cursor, end: cursor.after_day() and _NAME.match(cursor.text, end) is not None,
}
