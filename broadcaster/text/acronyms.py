"""Acronyms and abbreviations: UBND, GD&ĐT, đ/c, TP., v/v; which meaning, by what stands around them."""

import re
from collections.abc import Callable
from functools import lru_cache

from broadcaster.text.letters import LOWER, UPPER, spell
from broadcaster.text.lexicon import readings, table, words
from broadcaster.text.place import Place, Reading
from broadcaster.text.syllables import is_syllable

_CHUNK = re.compile(r"[^\W\d_]+(?:(?: ?& ?|[-/.'])[^\W\d_]+){0,6}\.?")
_INITIALS = re.compile(rf"[{UPPER}](?:\.[{UPPER}]){{1,4}}(?![^\W_])(?:\.(?! ?\n| [{UPPER}]|$))?")
_JOINT = re.compile(r" ?& ?|[-/.']")
_WORD_NEXT = re.compile(r" ([^\W\d_]{2,20})")
_FIGURE_NEXT = re.compile(r"[ :.]{0,2}\d")
_NAME_NEXT = re.compile(rf" ?[{UPPER}]")
_PROPER_NAME_NEXT = re.compile(rf" ?([{UPPER}][^\W\d_]*)")
_AUGUST_NEXT = re.compile(r"[ -]?8(?!\d)")
_ROMAN_NEXT = re.compile(r"[ .]{1,2}[IVX]{1,5}(?![^\W_])")
_SMALL_WORD_NEXT = re.compile(rf" ?[{LOWER}]{{2}}")
_DAY_NEXT = re.compile(r"[ :.]{1,2}[0-3]?\d(?!\d)")
_PLATE_NEXT = re.compile(r"[ :.]{1,2}\d{2} ?-? ?[A-ZĐ]{1,2}\d?[ .-]?\d")
_TIGHT = re.compile(r"\d")
_GLUED = re.compile(r"-?\d")
_YEAR_NEXT = re.compile(r"[ :]{0,2}(?:19|20)\d\d(?!\d)")
_NUMBER_OF_PAPER_NEXT = re.compile(r"[ :.]{0,2}\d{1,5}[-/]")
_COLON_NEXT = re.compile(r" ?:")
_LAW_NEXT = re.compile(
    r"[ .]{0,2}\d{1,3}[a-zđ]?[ ,;]{1,2}(?:[KĐ]\.? ?\d|(?:điều|khoản|điểm|(?:bộ )?luật|nghị|thông tư|quyết)(?![^\W_]))",
    re.IGNORECASE,
)
_POINT_NEXT = re.compile(r" ?[a-zđ][ ,]{1,2}(?:K\.? ?\d|[Kk]hoản)")


def _entries() -> dict[str, list[tuple[str, str]]]:
    known: dict[str, list[tuple[str, str]]] = {}
    for row in table("acronyms"):
        for written in row[0].split("|"):
            known.setdefault(written, []).append((row[1], row[2] if len(row) > 2 else ""))
    for written, reading in readings("documents").items():
        if len(written) > 2:
            known.setdefault(written, [(reading, "")])
    # What is said only in some surroundings is tried before what is said everywhere.
    return {written: sorted(entries, key=lambda entry: not entry[1]) for written, entries in known.items()}


FOREIGN = {written.lower(): reading for written, reading in readings("foreign").items()}
"""Foreign words and names in lower case -> how they are said."""
KNOWN = _entries()
"""Written form -> (reading, condition) in the order in which they are tried."""


_SEEDS = words("seed")
"""DT66 is a bean among seeds; elsewhere the letters are an area or a road."""
_A_LITTLE_EARLIER = 8
"""Words."""
_SENTENCE = 60
"""Words; no sentence is longer."""
_REPEATED = words("written_out")
_DOCUMENT_MARKS = readings("documents")
_COMMITTEES = frozenset(("TU", "ĐU", "HU", "TW", "ĐB", "ND"))


def read_acronym(place: Place) -> Reading | None:
    """Read the longest known acronym or abbreviation under the finger."""
    found = _CHUNK.match(place.text, place.at, place.limit)
    if not found:
        return None
    if place.before[-2:] in (["soạn", "tin"], ["soạn", "tin,"]) and found.group().isupper():
        return Reading(spell(found.group()), found.end(), "code")
    initials = _INITIALS.match(place.text, place.at, place.limit)
    if initials and initials.group() not in KNOWN and initials.group().rstrip(".") not in KNOWN:
        return Reading(spell(initials.group()), initials.end(), "word")
    for written, end in _candidates(found):
        digits_follow = _GLUED if len(written) <= 3 else _TIGHT
        glued = written.isupper() and bool(digits_follow.match(place.text, end))
        if glued and place.said(_SEEDS, within=_SENTENCE):
            continue
        shouted = is_syllable(written.lower()) and _among_capitals(place, end)
        for reading, condition in KNOWN.get(written, ()):
            if shouted and not condition:
                continue
            # "BC15" is a rice; "BĐ2" is what the entry with ">0" says.
            if (
                (condition or not glued)
                and (not glued or ">0" in condition or ">8" in condition)
                and _holds(condition, place, end)
            ):
                return Reading(once(place, reading), end, "word")
        if len(written) > 1 and not written.isalpha() and written.lower() in FOREIGN:
            return Reading(like(written, FOREIGN[written.lower()]), end, "word")
    return None


def once(place: Place, reading: str) -> str:
    """The reading without what was just written out: "Ban BTC" is no "ban ban tổ chức"."""
    if place.last_kind() != "word":
        return reading
    said = reading.lower().split()
    for count in (3, 2, 1):
        if len(said) > count and place.before[-count:] == said[:count] and (count > 1 or _repeated(said)):
            return " ".join(reading.split()[count:])
    return reading


def _repeated(said: list[str]) -> bool:
    return said[0] in _REPEATED and said[:2] != ["hội", "đồng"]


@lru_cache(maxsize=2000)
def compounded(written: str) -> str:
    """Two known acronyms written as one, or "": BTGTU is "ban tuyên giáo" and "tỉnh ủy"."""
    for cut in range(len(written) - 2, 2, -1):
        parts = (always(written[:cut]), always(written[cut:]))
        if all(parts) and (len(written) - cut > 2 or written[cut:] in _COMMITTEES):
            return " ".join(parts)
    return ""


def always(written: str) -> str:
    """What an acronym means wherever it stands, or ""."""
    known = next((reading for reading, condition in KNOWN.get(written, ()) if not condition), "")
    return known or _DOCUMENT_MARKS.get(written, "")


def _among_capitals(place: Place, end: int) -> bool:
    """Whether words in capitals stand around: "THỨ BA", "TƯ VẤN" are shouted words, no acronyms."""
    if place.capitals:
        return True
    last, after = place.last(), _WORD_NEXT.match(place.text, end)
    around = [place.text[last.start : last.end] if last else "", after[1] if after else ""]
    return any(len(word) > 1 and word.isupper() and word not in KNOWN for word in around)


def like(written: str, reading: str) -> str:
    """A name keeps its capital, for whoever reads the script."""
    return reading[0].upper() + reading[1:] if written[0].isupper() and reading[1:2] not in ("", " ") else reading


def _candidates(found: re.Match[str]) -> list[tuple[str, int]]:
    """The chunk and its shorter beginnings, longest first, with the spaces around "&" left out."""
    whole, start = found.group(), found.start()
    ends = [len(whole), *(joint.start() for joint in reversed(list(_JOINT.finditer(whole))))]
    ends += [joint.end() for joint in _JOINT.finditer(whole) if joint.group() == "."]
    unique = sorted(set(ends), reverse=True)
    return [(whole[:end].replace(" ", ""), start + end) for end in unique if end]


def _holds(condition: str, place: Place, end: int) -> bool:
    """Whether every part of a condition holds.

    ``>A`` a capital follows, ``>N`` a name and no acronym, ``>0`` a figure, ``>8`` the figure 8, ``>Y`` a year,
    ``>:`` a colon, ``>/`` the number of a paper, ``>R`` a Roman numeral, ``>D`` a day of the month,
    ``>P`` a number plate, ``>w`` a word in small letters,
    ``>§`` a figure and then a law or another part of it, ``>a)`` a letter and then a part of a law,
    ``>xã|tỉnh`` one of these words;
    ``<ngày|thứ`` one of these words was just said, ``<^`` the line begins here, ``<#`` a telephone number
    stands before and a name follows, ``<@`` a day or an hour stands before and a name follows;
    ``~điều|khoản`` one of these words was said a little earlier in the sentence.
    """
    return all(_part_holds(part, place, end) for part in condition.split())


def _names(place: Place, end: int) -> bool:
    found = _PROPER_NAME_NEXT.match(place.text, end)
    return found is not None and found[1] not in KNOWN


def _after_telephone(place: Place) -> bool:
    last = place.last(2) if place.last_kind() == "mark" else place.last()
    return last is not None and last.kind == "phone"


def _stands_before(value: str, place: Place, end: int) -> bool:
    if value == "^":
        return place.at_line_start()
    if value in "#@":
        called = _after_telephone(place) if value == "#" else place.after_day()
        return called and bool(_NAME_NEXT.match(place.text, end))
    return place.last_word() in value.split("|")


def _part_holds(part: str, place: Place, end: int) -> bool:
    side, value = part[0], part[1:]
    if side == "~":
        return place.said(frozenset(value.split("|")), within=_A_LITTLE_EARLIER)
    if side == "<":
        return _stands_before(value, place, end)
    special: dict[str, Callable[[], bool]] = {
        "A": lambda: bool(_NAME_NEXT.match(place.text, end)),
        "0": lambda: bool(_FIGURE_NEXT.match(place.text, end)),
        "8": lambda: bool(_AUGUST_NEXT.match(place.text, end)),
        "D": lambda: bool(_DAY_NEXT.match(place.text, end)),
        "P": lambda: bool(_PLATE_NEXT.match(place.text, end)),
        "R": lambda: bool(_ROMAN_NEXT.match(place.text, end)),
        "w": lambda: bool(_SMALL_WORD_NEXT.match(place.text, end)),
        "N": lambda: _names(place, end),
        "Y": lambda: bool(_YEAR_NEXT.match(place.text, end)),
        "/": lambda: bool(_NUMBER_OF_PAPER_NEXT.match(place.text, end)),
        ":": lambda: bool(_COLON_NEXT.match(place.text, end)),
        "§": lambda: bool(_LAW_NEXT.match(place.text, end)),
        "a)": lambda: bool(_POINT_NEXT.match(place.text, end)),
    }
    if value in special:
        return special[value]()
    return place.next_word(end) in value.lower().split("|")
