"""Acronyms and abbreviations: UBND, GD&ĐT, đ/c, TP., v/v; which meaning, by what stands around them."""

import re

from broadcaster.text.language.letters import UPPER, spell
from broadcaster.text.language.lexicon import alternation, words
from broadcaster.text.language.syllables import is_bare_syllable, is_syllable
from broadcaster.text.page.cursor import RuleReading, TextCursor
from broadcaster.text.page.doubts import LOW_CONFIDENCE, guessed
from broadcaster.text.words.meanings import DOCUMENT_MARKS, FOREIGN, KNOWN, PHONE, Meaning

_CHUNK = re.compile(r"[^\W\d_]+(?:(?: ?& ?|[-/.'])[^\W\d_]+){0,6}\.?")
_INITIALS = re.compile(rf"[{UPPER}](?:\.[{UPPER}]){{1,4}}(?![^\W_])(?:\.(?! ?\n| [{UPPER}]|$))?")
_SEPARATOR = re.compile(r" ?& ?|[-/.']")
_WORD_NEXT = re.compile(r" ([^\W\d_]{2,20})")
_TIGHT = re.compile(r"\d")
_GLUED = re.compile(r"-?\d")
_VARIETY = re.compile(rf" \d{{2,3}}(?![\w/.,]| (?:{alternation('no_variety_after')}))")


_SEEDS = words("seed")
"""DT66 is a bean among seeds; elsewhere the letters are an area or a road."""
_SENTENCE = 60
"""Words; no sentence is longer."""
_REPEATED = words("written_out")
_ONE_WORD = words("one_word")
_WHOLE_WORDS = words("whole_word")
"""Words of two syllables that only end like the beginning of an acronym: giao ban BTV."""


def read_acronym(cursor: TextCursor) -> RuleReading | None:
    """Read the longest known acronym or abbreviation under the finger."""
    found = _CHUNK.match(cursor.text, cursor.at, cursor.limit)
    if not found:
        return None
    chunk = found.group()
    if chunk.isupper():
        if cursor.before[-2:] == ["soạn", "tin"] or _joined_to_unknown(cursor):
            return RuleReading(spell(chunk), found.end(), "code")
        if _is_variety(cursor, chunk):
            return RuleReading(spell(chunk), found.end(), "word")
    initials = _INITIALS.match(cursor.text, cursor.at, cursor.limit) if "." in chunk else None
    if initials and initials.group() not in KNOWN and initials.group().rstrip(".") not in KNOWN:
        return RuleReading(spell(initials.group()), initials.end(), "word")
    for written, end in _candidates(found):
        meaning = _meaning(cursor, written, end) or _shortened(cursor, written, end)
        if meaning:
            return _as_reading(cursor, meaning, end)
        if len(written) > 1 and not written.isalpha() and written.lower() in FOREIGN:
            return RuleReading(like(written, FOREIGN[written.lower()]), end, "word")
    return None


def read_guess(cursor: TextCursor, word: str, end: int) -> RuleReading | None:
    """What a word shortened on a telephone probably means when nothing around it tells; always doubtful."""
    if cursor.capitals and len(word) == 1:
        return None
    if cursor.text[end : end + 1].isdecimal():
        return None
    for meaning in PHONE.get(_as_typed(cursor, word), ()):
        if meaning.doubtful and (meaning.holds is None or meaning.holds(cursor, end)):
            return _as_reading(cursor, meaning, end)
    return None


def _as_reading(cursor: TextCursor, meaning: Meaning, end: int) -> RuleReading:
    words = once(cursor, meaning.reading)
    if not meaning.doubtful:
        return RuleReading(words, end, "word")
    return RuleReading(words, end, "word", LOW_CONFIDENCE, guessed(cursor.text[cursor.at : end], words))


def _meaning(cursor: TextCursor, written: str, end: int) -> Meaning | None:
    """What a known acronym that ends at ``end`` means here, or None."""
    meanings = KNOWN.get(written)
    if not meanings:
        return None
    digits_follow = _GLUED if len(written) <= 3 else _TIGHT
    glued = written.isupper() and bool(digits_follow.match(cursor.text, end))
    named = glued or (len(written) == 2 and written not in DOCUMENT_MARKS and _VARIETY.match(cursor.text, end))
    if named and cursor.said(_SEEDS, within=_SENTENCE):
        return None
    shouted = is_syllable(written.lower()) and among_capitals(cursor, end)
    for meaning in meanings:
        # "BC15" is a rice; "BĐ2" is what the entry with ">0" says.
        if (glued and not meaning.figured) or (shouted and meaning.holds is None):
            continue
        if meaning.holds is None or meaning.holds(cursor, end):
            return meaning
    return None


def _shortened(cursor: TextCursor, written: str, end: int) -> Meaning | None:
    """What a word shortened on a telephone means here when its surroundings tell, or None."""
    low = _as_typed(cursor, written)
    if not low or (cursor.capitals and len(low) == 1 and low != "k"):
        return None
    glued = cursor.text[end : end + 1].isdecimal()
    for meaning in PHONE.get(low, ()):
        if glued and meaning.holds is not None and not meaning.figured:
            continue
        if not meaning.doubtful and (meaning.holds is None or meaning.holds(cursor, end)):
            return meaning
    if len(low) > 2 and low.isalpha() and low not in FOREIGN and written != written.upper() and not _sayable(low):
        # "phhs", "nvqs": what everybody writes in capitals.
        return _meaning(cursor, written.upper(), end)
    return None


def _sayable(low: str) -> bool:
    return is_syllable(low) or is_bare_syllable(low)


def _as_typed(cursor: TextCursor, written: str) -> str:
    """The writing in lower case, or "" when its capitals tell that it is an acronym or a name."""
    low = written.lower()
    if written == low or cursor.capitals:
        return low
    if written[1:] != low[1:] and not written.isupper():
        return low
    begins = written[1:] == low[1:] and (len(low) > 1 or cursor.last_kind() in ("mark", "break"))
    return low if begins else ""


def _is_variety(cursor: TextCursor, written: str) -> bool:
    """Whether capitals name a variety: "lúa OM 18", "giống ST 25"."""
    if not (2 <= len(written) <= 4 and written.isalpha()):
        return False
    after = _VARIETY.match(cursor.text, cursor.at + len(written))
    return after is not None and cursor.said(_SEEDS, within=_SENTENCE)


def _joined_to_unknown(cursor: TextCursor) -> bool:
    """Whether a dash ties the word to an acronym nobody explained: the TB of MDR-TB is no "thương binh"."""
    if not cursor.touching() or cursor.text[cursor.at - 1] != "-":
        return False
    dash, before = cursor.last(), cursor.last(2)
    if dash is None or before is None or dash.words:
        return False
    written = cursor.text[before.start : before.end]
    return before.kind == "word" and written.isupper() and len(written) > 1 and written not in KNOWN


def once(cursor: TextCursor, reading: str) -> str:
    """The reading without what was just written out: "Ban BTC" is no "ban ban tổ chức"."""
    if cursor.last_kind() != "word":
        return reading
    said = reading.lower().split()
    if " ".join(cursor.before[-2:]) in _WHOLE_WORDS:
        return reading
    for count in (3, 2, 1):
        if len(said) > count and cursor.before[-count:] == said[:count] and (count > 1 or _repeated(said)):
            return " ".join(reading.split()[count:])
    return reading


def _repeated(said: list[str]) -> bool:
    return said[0] in _REPEATED and " ".join(said[:2]) not in _ONE_WORD


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
    if whole.isalpha():
        return [(whole, found.end())]
    ends = [len(whole), *(separator.start() for separator in reversed(list(_SEPARATOR.finditer(whole))))]
    ends += [separator.end() for separator in _SEPARATOR.finditer(whole) if separator.group() == "."]
    unique = sorted(set(ends), reverse=True)
    return [(whole[:end].replace(" ", ""), start + end) for end in unique if end]
