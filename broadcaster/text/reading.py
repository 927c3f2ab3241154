"""A written text read from its first character to its last, in one pass."""

import hashlib
import re
from collections.abc import Iterator
from functools import cache, lru_cache

from broadcaster.text import (
    broken_words,
    codes,
    coordinates,
    dates,
    documents,
    fractions,
    headings,
    joints,
    loose_dates,
    marks,
    phones,
    quantities,
    roman,
    slashes,
    times,
    vehicle_plates,
    web_addresses,
)
from broadcaster.text.acronyms import FOREIGN, KNOWN, among_capitals, read_acronym
from broadcaster.text.cleaning import clean
from broadcaster.text.dictionary import EMPTY, ReadingDictionary
from broadcaster.text.doubts import MISSING_MARKS, UNKNOWN_ACRONYM, reason, shouted, with_missing_marks
from broadcaster.text.facts import with_repeats
from broadcaster.text.letters import LOWER
from broadcaster.text.lexicon import tables_hash
from broadcaster.text.place import Place, Reading, Rule, first_reading
from broadcaster.text.respelling import alone
from broadcaster.text.script import Doubt, Script
from broadcaster.text.sentences import Page
from broadcaster.text.spelling import plain, say
from broadcaster.text.syllables import is_bare_syllable, is_syllable

CODE_VERSION = "4"
"""Raised when the rules change what is said, so that old clips are rendered anew."""

_WORD = re.compile(r"[^\W\d_]+")
_STICKY = frozenset(".&/-'@_0123456789")
_MULTIPLIED = frozenset(("number", "unit", "word", "rate", "money"))
_SHORT_SYLLABLE = re.compile(r"[BCDĐGHKLMNPRSTX]'(?=[^\W\d_])")
_SHORT_CAPITALS = re.compile(r"[A-Z]{2,4}")
_FACTOR = re.compile(r" ?\(?\d| (?:dài|rộng|cao|sâu)")
_AFTER_INITIAL = re.compile(rf"\.(?=[,;:)]| [{LOWER}\d(])")
_AFTER_FIGURES = frozenset(["nghìn", "triệu", "tỷ", "tỉ", "ngàn"])
_AFTER_DEGREES = {
    "C": "xê",
    "F": "ép",
    "N": "vĩ Bắc",
    "B": "vĩ Bắc",
    "E": "kinh Đông",
    "Đ": "kinh Đông",
}
_DIGIT_RULES: tuple[Rule, ...] = (
    *marks.LABEL_RULES,
    *web_addresses.RULES,
    *times.RULES[:1],
    *coordinates.RULES,
    *codes.DOSSIER_RULES,
    *vehicle_plates.RULES,
    *documents.RULES,
    *fractions.FIRST_RULES,
    *dates.RULES[:3],
    *phones.RULES,
    *times.RULES[1:],
    *fractions.RULES[:1],
    *dates.RULES[3:],
    *loose_dates.RULES,
    *fractions.RULES[1:],
    *quantities.RULES,
)
_LETTER_RULES: tuple[Rule, ...] = (
    *web_addresses.RULES,
    *codes.ROAD_AND_DAY_RULES,
    *roman.RULES,
    *marks.LABEL_RULES,
)
_SIGN_RULES: dict[str, tuple[Rule, ...]] = {
    "-": (*marks.ARROW_RULES, *joints.RULES_OF_DASH),
    "~": joints.RULES_OF_TILDE,
    "/": slashes.RULES,
    "(": (*phones.RULES[1:2], *marks.RULES),
    "+": (*phones.RULES[1:2], *marks.RULES),
}


def normalize(text: str, *, dictionary: ReadingDictionary = EMPTY, repeat_key_facts: bool = False) -> Script:
    """Read a text: the words to be said, sentence by sentence.

    ``dictionary`` is the commune's own; it goes before every rule. ``repeat_key_facts`` says telephone and account
    numbers, amounts and hours once more after their sentence ("xin nhắc lại").
    """
    cleaned = clean(text)
    place = Place(cleaned.text)
    doubts: list[Doubt] = []
    for start, reading in _readings(place, dictionary):
        if reading.doubt:
            span = cleaned.source(start, reading.end)
            written = text[span.start : span.end]
            doubts.append(Doubt(span, written, reading.words, reading.doubt, reading.reason))
    page = Page(cleaned)
    for piece in with_repeats(place.pieces) if repeat_key_facts else place.pieces:
        page.add(piece)
    page.finish()
    doubts = with_missing_marks(text, page.sentences, doubts)
    return Script(page.text, tuple(page.sentences), tuple(page.spans), tuple(doubts))


def _readings(place: Place, dictionary: ReadingDictionary) -> Iterator[tuple[int, Reading]]:
    """Read on to the end of the page: where each reading began, and the reading."""
    own = dictionary.find(place.text)
    length = len(place.text)
    starts = iter([*own, length])
    place.limit = next(starts)
    _start_line(place)
    while place.at < length:
        while place.limit < place.at or (place.limit == place.at and place.at not in own):
            place.limit = next(starts)
        if place.text[place.at] == " ":
            place.at += 1
            continue
        start = place.at
        reading = Reading(_own_words(own[start].reading), own[start].end) if start in own else _read_next(place)
        place.put(reading)
        if reading.kind == "break" and place.text[place.at - 1] == "\n":
            _start_line(place)
        if start == place.limit:
            place.limit = next(starts)
        yield place.pieces[-1].start, reading


@lru_cache(maxsize=4000)
def _own_words(reading: str) -> str:
    """A commune's reading as any voice can say it, its small first letter kept."""
    words = spoken(reading).rstrip(".!?;:, ")
    return words[:1].lower() + words[1:] if reading[:1].islower() else words


def _read_next(place: Place) -> Reading:
    letter = place.text[place.at]
    if letter.isalpha() and not (letter in marks.DIAMETERS and not place.text[place.at + 1 : place.at + 2].isalpha()):
        return _read_word(place)
    if letter.isdecimal():
        return first_reading(place, _DIGIT_RULES) or marks.read_sign(place)
    rules = _SIGN_RULES.get(letter, marks.RULES)
    return first_reading(place, rules) or marks.read_sign(place)


def _read_word(place: Place) -> Reading:
    found = _WORD.match(place.text, place.at, place.limit)
    if found is None:
        return marks.read_sign(place)
    word, end = found.group(), found.end()
    if word.lower() in headings.FIRST_SYLLABLES:
        pause = headings.pause_before(place)
        if pause:
            # The finger stays: the heading itself is read next.
            return Reading(pause, place.at, "mark")
    if len(word) == 1 and word != "I" and place.after_capitals() and is_syllable(word.lower()):
        return Reading(word.lower(), end)
    after = place.text[end : end + 1]
    if after not in _STICKY and plain(word) and word != "a" and not (place.at_line_start() and after == ")"):
        return Reading(word, end)
    if word in ("x", "X") and place.last_kind() in _MULTIPLIED and _FACTOR.match(place.text, end):
        return Reading("nhân", end)
    return (
        first_reading(place, _LETTER_RULES)
        or read_acronym(place)
        or quantities.read_bare_unit(place)
        or first_reading(place, codes.RULES)
        or _say(place, word, end)
    )


def _say(place: Place, word: str, end: int) -> Reading:
    if word == "đ" and place.last_word() in _AFTER_FIGURES:
        return Reading("đồng", end, "money")
    if word == "I" and place.before:
        return Reading("một", end, "roman")
    if word in _AFTER_DEGREES and place.last_word() == "độ":
        return Reading(_AFTER_DEGREES[word], end, "unit")
    if _SHORT_SYLLABLE.match(place.text, place.at):
        # The short first syllable of names in Tây Nguyên: H'Bia, Y K'Lin.
        return Reading(alone(word.lower()).capitalize(), end + 1)
    if len(word) == 1 and word.isupper() and _AFTER_INITIAL.match(place.text, end):
        end += 1
    if not is_syllable(word.lower()):
        mended = broken_words.mend(place, word, end)
        if mended is not None:
            return mended
    said = say(word, capitals=place.capitals)
    if said.kind == UNKNOWN_ACRONYM and is_bare_syllable(word.lower()) and among_capitals(place, end):
        # "NOP QUY" in a transfer's message: words without marks, no acronym.
        return Reading(word.lower(), end, "word", MISSING_MARKS, reason(MISSING_MARKS, word))
    if (
        not said.kind
        and word.lower() not in FOREIGN
        and _SHORT_CAPITALS.fullmatch(word)
        and not among_capitals(place, end)
    ):
        return Reading(said.words, end, "word", UNKNOWN_ACRONYM, shouted(word))
    return Reading(said.words, end, "word", said.kind, said.reason)


def _start_line(place: Place) -> None:
    line_end = place.text.find("\n", place.at)
    line = place.text[place.at : line_end if line_end >= 0 else len(place.text)]
    place.capitals = line.isupper() and any(word not in KNOWN for word in _WORD.findall(line))


@cache
def reading_version() -> str:
    """A short hash of everything that decides a reading: the tables and the code's version."""
    return hashlib.sha256(f"{CODE_VERSION} {tables_hash()}".encode()).hexdigest()[:12]


def spoken(text: str) -> str:
    """One line in, its spoken words out; an empty line gives an empty line."""
    return normalize(text).text.replace("\n", " ")
