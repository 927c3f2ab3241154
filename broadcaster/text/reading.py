"""A written text read from its first character to its last, in one pass."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, lru_cache

from broadcaster.text.language.letters import LOWER, SPOKEN, spell
from broadcaster.text.language.lexicon import alternation, readings_in, tables_hash, words
from broadcaster.text.language.syllables import is_bare_syllable, is_syllable
from broadcaster.text.page.cleaning import clean
from broadcaster.text.page.cursor import RuleReading, TextCursor, first_reading
from broadcaster.text.page.dictionary import EMPTY, ReadingDictionary
from broadcaster.text.page.doubts import (
    LOW_CONFIDENCE,
    MISSING_MARKS,
    UNKNOWN_ACRONYM,
    reason,
    shouted,
    typed_without_marks,
    with_missing_marks,
)
from broadcaster.text.page.facts import with_repeats
from broadcaster.text.page.script import Doubt, Script
from broadcaster.text.page.sentences import SpokenPage
from broadcaster.text.quantities import amounts
from broadcaster.text.rules import CODE_RULES, FIGURE_RULES, LETTER_RULES, OTHER_SIGN_RULES, SIGN_RULES
from broadcaster.text.signs import headings, marks
from broadcaster.text.unmarked import suggest_marks, with_marks
from broadcaster.text.words import broken_words
from broadcaster.text.words.acronyms import among_capitals, read_acronym, read_guess
from broadcaster.text.words.initials import read_initials
from broadcaster.text.words.meanings import FOREIGN, KNOWN, PHONE
from broadcaster.text.words.respelling import alone
from broadcaster.text.words.spelling import plain, say

CODE_VERSION = "6"
"""Raised when the rules change what is said, so that old clips are rendered anew."""

_WORD = re.compile(r"[^\W\d_]+")
_FINAL = re.compile(rf"[{SPOKEN}]+|,")
_OWN_WORD = re.compile(r"[^\s,.;:!?]+|,(?=\s)")
_LONE = LOWER.removeprefix("a-z").translate(dict.fromkeys(map(ord, "đăâêôơư")))
_PLAIN_WORD = rf"(?:[^\W\d_]{{2,}}+|[{_LONE}](?![^\W\d_)]))(?![&/\-'@_0-9)]|\.\S),?"
"""A word of two letters and more, or a small vowel with its mark, which nobody shortens anything to: ý, ở."""
_PLAIN_WORDS = re.compile(rf"{_PLAIN_WORD}(?: {_PLAIN_WORD}){{0,15}}")
_MARKS = frozenset(".,;:")
_MOST_FORMS = 50_000
_LETTERED = words("lettered") | words("named_by_letter") | words("class_before")
_SPELLED = words("spelled")
_SHORTENED = frozenset("abcdđghklmnpqrstvxzjweô")
_O_WORDS = words("o_word")
_STICKY = frozenset(".&/-'@_0123456789")
_MULTIPLIED = frozenset(("number", "unit", "word", "rate", "money"))
_SHORT_SYLLABLE = re.compile(r"[BCDĐGHKLMNPRSTX]'(?=[^\W\d_])")
_SHORT_CAPITALS = re.compile(r"[A-Z]{2,4}")
_SYMBOL = re.compile(r"[A-ZĐ][a-z]{1,2}")
_EQUAL = re.compile(r" ?[=≈] ?[-+]?\d")
_FACTOR = re.compile(rf" ?\(?\d| (?:{alternation('dimension')})")
_AFTER_INITIAL = re.compile(rf"\.(?=[,;:)]| [{LOWER}\d(])")
_AFTER_FIGURES = words("figure_scale")
_AFTER_DEGREES = readings_in("after_degrees")


def normalize(text: str, *, dictionary: ReadingDictionary = EMPTY, repeat_key_facts: bool = False) -> Script:
    """Read a text: the words to be said, sentence by sentence.

    ``dictionary`` is the commune's own; it goes before every rule. ``repeat_key_facts`` says telephone and account
    numbers, amounts and hours once more after their sentence ("xin nhắc lại").
    """
    cleaned = clean(text)
    cursor = TextCursor(cleaned.text)
    doubts: list[Doubt] = []
    for start, reading in _doubtful(cursor, dictionary):
        span = cleaned.source(start, reading.end)
        written = text[span.start : span.end]
        doubts.append(
            Doubt(span, written, reading.words, reading.doubt, reading.reason or reason(reading.doubt, written))
        )
    page = SpokenPage(cleaned)
    page.write(with_repeats(cursor.latest(len(text) + 1)) if repeat_key_facts else cursor.pieces)
    page.finish()
    doubts = [_with_suggestion(doubt) for doubt in with_missing_marks(text, page.sentences, doubts)]
    return Script(page.text, tuple(page.sentences), tuple(doubts), tuple(page.stretches), cleaned.source)


def _with_suggestion(doubt: Doubt) -> Doubt:
    """A doubt about missing marks with the marks that were probably meant."""
    if doubt.kind != MISSING_MARKS:
        return doubt
    suggestion = with_marks(doubt.written, suggest_marks(doubt.written))
    if suggestion == doubt.written:
        return doubt
    return replace(doubt, suggestion=suggestion, reason=typed_without_marks(doubt.written, suggestion))


def _doubtful(cursor: TextCursor, dictionary: ReadingDictionary) -> Iterator[tuple[int, RuleReading]]:
    """Read on to the end of the page; gives where each doubtful reading began, and the reading."""
    own = dictionary.find(cursor.text)
    text, length = cursor.text, len(cursor.text)
    starts = iter([*own, length])
    cursor.limit = next(starts)
    _start_line(cursor)
    while cursor.at < length:
        start = cursor.at
        letter = text[start]
        if letter == " ":
            cursor.at += 1
            continue
        if start >= cursor.limit:
            while cursor.limit < start or (cursor.limit == start and start not in own):
                cursor.limit = next(starts)
        if own and start in own:
            reading = RuleReading(_own_words(own[start].reading), own[start].end)
        elif (letter.isalpha() and _take_plain_words(cursor)) or (letter in _MARKS and _take_mark(cursor)):
            continue
        else:
            reading = _read_next(cursor)
        cursor.put(reading)
        if reading.kind == "break" and text[cursor.at - 1] == "\n":
            _start_line(cursor)
        if start == cursor.limit:
            cursor.limit = next(starts)
        if reading.doubt:
            yield cursor.pieces[-1].start, reading


def _take_plain_words(cursor: TextCursor) -> bool:
    """Pass the ordinary words under the cursor at once; whether there were any."""
    run = _PLAIN_WORDS.match(cursor.text, cursor.at, cursor.limit)
    if run is None:
        return False
    words = run.group()
    chunks = words.split(" ")
    low = [_PLAIN_FORMS[chunk] for chunk in chunks]
    if "" in low:
        low = low[: low.index("")]
        if not low:
            return False
        words = " ".join(chunks[: len(low)])
    cursor.put_run(words, low)
    return True


def _take_mark(cursor: TextCursor) -> bool:
    """Pass a mark that a space or nothing follows; whether there was one."""
    if cursor.text[cursor.at + 1 : cursor.at + 2] not in (" ", ""):
        return False
    cursor.put_mark(cursor.text[cursor.at])
    return True


class _PlainForms(dict[str, str]):
    """Ordinary words, also with a comma behind them -> their lower case, or "" when they have to be looked at."""

    def __missing__(self, chunk: str) -> str:
        word = chunk.rstrip(",")
        low = word.lower()
        pointed = f"{word}." in KNOWN or f"{low}." in PHONE
        form = low if plain(word) and not pointed and low not in headings.FIRST_SYLLABLES else ""
        if len(self) > _MOST_FORMS:
            self.clear()
        self[chunk] = form
        return form


_PLAIN_FORMS = _PlainForms()


@lru_cache(maxsize=4000)
def _own_words(reading: str) -> str:
    """A commune's reading as it stands: its words are final; only what no voice can say is read."""
    words = (word if _FINAL.fullmatch(word) else _sayable(word) for word in _OWN_WORD.findall(reading))
    return " ".join(filter(None, words)).replace(" ,", ",")


def _sayable(word: str) -> str:
    words = spoken(word).rstrip(".!?;:, ")
    return words if word[:1].isupper() else words[:1].lower() + words[1:]


def _read_next(cursor: TextCursor) -> RuleReading:
    letter = cursor.text[cursor.at]
    if letter.isalpha() and not (
        letter in marks.DIAMETERS and not cursor.text[cursor.at + 1 : cursor.at + 2].isalpha()
    ):
        return _read_word(cursor)
    if letter.isdecimal():
        return first_reading(cursor, FIGURE_RULES) or marks.read_sign(cursor)
    rules = SIGN_RULES.get(letter, OTHER_SIGN_RULES)
    return first_reading(cursor, rules) or marks.read_sign(cursor)


def _read_word(cursor: TextCursor) -> RuleReading:
    found = _WORD.match(cursor.text, cursor.at, cursor.limit)
    if found is None:
        return marks.read_sign(cursor)
    word, end = found.group(), found.end()
    if word.lower() in headings.FIRST_SYLLABLES:
        pause = headings.pause_before(cursor)
        if pause:
            # The finger stays: the heading itself is read next.
            return RuleReading(pause, cursor.at, "mark")
    if len(word) == 1 and word != "I" and cursor.after_capitals() and is_syllable(word.lower()):
        return RuleReading(word.lower(), end)
    after = cursor.text[end : end + 1]
    if after not in _STICKY and plain(word) and word != "a" and not (cursor.at_line_start() and after == ")"):
        return RuleReading(word, end)
    multiplied = cursor.last_kind() in _MULTIPLIED or cursor.text[max(0, cursor.at - 2) : cursor.at] == ") "
    if word in ("x", "X") and multiplied and _FACTOR.match(cursor.text, end):
        return RuleReading("nhân", end)
    return (
        first_reading(cursor, LETTER_RULES)
        or _read_symbol(cursor, word, end)
        or read_acronym(cursor)
        or amounts.read_bare_unit(cursor)
        or first_reading(cursor, CODE_RULES)
        or _say(cursor, word, end)
    )


def _read_symbol(cursor: TextCursor, word: str, end: int) -> RuleReading | None:
    """What a formula calls a size: "Bn = 5m"."""
    if not _SYMBOL.fullmatch(word) or is_syllable(word.lower()) or not _EQUAL.match(cursor.text, end):
        return None
    return RuleReading(spell(word), end, "word", LOW_CONFIDENCE, reason(LOW_CONFIDENCE, word))


def _say(cursor: TextCursor, word: str, end: int) -> RuleReading:
    letter = _read_letter(cursor, word, end) if len(word) == 1 else None
    if letter is not None:
        return letter
    if _SHORT_SYLLABLE.match(cursor.text, cursor.at):
        # The short first syllable of names in Tây Nguyên: H'Bia, Y K'Lin.
        return RuleReading(alone(word.lower()).capitalize(), end + 1)
    if len(word) == 1 and word.isupper() and _AFTER_INITIAL.match(cursor.text, end):
        end += 1
    if not is_syllable(word.lower()):
        mended = broken_words.mend(cursor, word, end)
        if mended is not None:
            return mended
    guess = read_guess(cursor, word, end) or (None if is_syllable(word.lower()) else read_initials(cursor, word, end))
    if guess is not None:
        return guess
    said = say(word, capitals=cursor.capitals)
    if len(word) == 1 and _is_shortened(cursor, word, end):
        return RuleReading(said.words, end, "word", LOW_CONFIDENCE, reason(LOW_CONFIDENCE, word))
    if said.kind == UNKNOWN_ACRONYM and is_bare_syllable(word.lower()) and among_capitals(cursor, end):
        # "NOP QUY" in a transfer's message: words without marks, no acronym.
        return RuleReading(word.lower(), end, "word", MISSING_MARKS, reason(MISSING_MARKS, word))
    if (
        not said.kind
        and word.lower() not in FOREIGN
        and _SHORT_CAPITALS.fullmatch(word)
        and not among_capitals(cursor, end)
    ):
        return RuleReading(said.words, end, "word", UNKNOWN_ACRONYM, shouted(word))
    return RuleReading(said.words, end, "word", said.kind, said.reason)


def _read_letter(cursor: TextCursor, letter: str, end: int) -> RuleReading | None:
    """A letter by itself; a small one among words, which names nothing, may be a word that was shortened."""
    if letter == "đ" and cursor.last_word() in _AFTER_FIGURES:
        return RuleReading("đồng", end, "money")
    if letter == "I" and cursor.before:
        return RuleReading("một", end, "roman")
    if letter in _AFTER_DEGREES and cursor.last_word() == "độ":
        return RuleReading(_AFTER_DEGREES[letter], end, "unit")
    return None


def _is_shortened(cursor: TextCursor, letter: str, end: int) -> bool:
    named = cursor.last_word() in _LETTERED or cursor.last_word() in _SPELLED
    among_words = cursor.last_kind() in ("word", "mark", "break") and _WORD.match(cursor.text, end + 1) is not None
    if letter == "ô" and cursor.next_word(end) in _O_WORDS:
        return False
    return letter in _SHORTENED and among_words and not named and cursor.text[end : end + 1] == " "


def _start_line(cursor: TextCursor) -> None:
    line_end = cursor.text.find("\n", cursor.at)
    line = cursor.text[cursor.at : line_end if line_end >= 0 else len(cursor.text)]
    cursor.capitals = line.isupper() and any(word not in KNOWN for word in _WORD.findall(line))


@cache
def reading_version() -> str:
    """A short hash of everything that decides a reading: the tables and the code's version."""
    return hashlib.sha256(f"{CODE_VERSION} {tables_hash()}".encode()).hexdigest()[:12]


def spoken(text: str) -> str:
    """One line in, its spoken words out; an empty line gives an empty line."""
    return normalize(text).text.replace("\n", " ")
