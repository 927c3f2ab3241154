"""Acronyms and abbreviations: UBND, GD&ĐT, đ/c, TP., v/v; which meaning, by what stands around them."""

import re
from functools import lru_cache

from broadcaster.text.language.letters import UPPER, spell
from broadcaster.text.language.lexicon import alternation, readings, table, words
from broadcaster.text.language.syllables import is_syllable
from broadcaster.text.page.cursor import RuleReading, TextCursor
from broadcaster.text.words.conditions import holds

_CHUNK = re.compile(r"[^\W\d_]+(?:(?: ?& ?|[-/.'])[^\W\d_]+){0,6}\.?")
_INITIALS = re.compile(rf"[{UPPER}](?:\.[{UPPER}]){{1,4}}(?![^\W_])(?:\.(?! ?\n| [{UPPER}]|$))?")
_JOINT = re.compile(r" ?& ?|[-/.']")
_WORD_NEXT = re.compile(r" ([^\W\d_]{2,20})")
_TIGHT = re.compile(r"\d")
_GLUED = re.compile(r"-?\d")
_VARIETY = re.compile(rf" \d{{2,3}}(?![\w/.,]| (?:{alternation('no_variety_after')}))")
_FIGURED = re.compile(r">[08]")


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
_SENTENCE = 60
"""Words; no sentence is longer."""
_REPEATED = words("written_out")
_DOCUMENT_MARKS = readings("documents")
_COMMITTEES = words("committee")


def read_acronym(cursor: TextCursor) -> RuleReading | None:
    """Read the longest known acronym or abbreviation under the finger."""
    found = _CHUNK.match(cursor.text, cursor.at, cursor.limit)
    if not found:
        return None
    if found.group().isupper() and (cursor.before[-2:] == ["soạn", "tin"] or _joined_to_unknown(cursor)):
        return RuleReading(spell(found.group()), found.end(), "code")
    initials = _INITIALS.match(cursor.text, cursor.at, cursor.limit)
    if initials and initials.group() not in KNOWN and initials.group().rstrip(".") not in KNOWN:
        return RuleReading(spell(initials.group()), initials.end(), "word")
    for written, end in _candidates(found):
        reading = _meaning(cursor, written, end)
        if reading:
            return RuleReading(once(cursor, reading), end, "word")
        if len(written) > 1 and not written.isalpha() and written.lower() in FOREIGN:
            return RuleReading(like(written, FOREIGN[written.lower()]), end, "word")
    return None


def _meaning(cursor: TextCursor, written: str, end: int) -> str:
    """What a known acronym that ends at ``end`` means here, or ""."""
    digits_follow = _GLUED if len(written) <= 3 else _TIGHT
    glued = written.isupper() and bool(digits_follow.match(cursor.text, end))
    named = glued or (len(written) == 2 and written not in _DOCUMENT_MARKS and _VARIETY.match(cursor.text, end))
    if written not in KNOWN or (named and cursor.said(_SEEDS, within=_SENTENCE)):
        return ""
    shouted = is_syllable(written.lower()) and among_capitals(cursor, end)
    for reading, condition in KNOWN[written]:
        # "BC15" is a rice; "BĐ2" is what the entry with ">0" says.
        if (glued and not _FIGURED.search(condition)) or (shouted and not condition):
            continue
        if holds(condition, cursor, end, KNOWN):
            return reading
    return ""


def _joined_to_unknown(cursor: TextCursor) -> bool:
    """Whether a dash ties the word to an acronym nobody explained: the TB of MDR-TB is no "thương binh"."""
    dash, before = cursor.last(), cursor.last(2)
    if dash is None or before is None or dash.words or not cursor.touching() or cursor.text[cursor.at - 1] != "-":
        return False
    written = cursor.text[before.start : before.end]
    return before.kind == "word" and written.isupper() and len(written) > 1 and written not in KNOWN


def once(cursor: TextCursor, reading: str) -> str:
    """The reading without what was just written out: "Ban BTC" is no "ban ban tổ chức"."""
    if cursor.last_kind() != "word":
        return reading
    said = reading.lower().split()
    for count in (3, 2, 1):
        if len(said) > count and cursor.before[-count:] == said[:count] and (count > 1 or _repeated(said)):
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


def among_capitals(cursor: TextCursor, end: int) -> bool:
    """Whether words in capitals stand around: "THỨ BA", "TƯ VẤN" are shouted words, no acronyms."""
    if cursor.capitals:
        return True
    last, after = cursor.last(), _WORD_NEXT.match(cursor.text, end)
    around = [cursor.text[last.start : last.end] if last else "", after[1] if after else ""]
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
