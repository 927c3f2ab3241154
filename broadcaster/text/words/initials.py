"""Words of two syllables of which only initials were typed: mp is "miễn phí", t.báo and tbáo are "thông báo".

What is likely is counted (``language/syllable_pairs.py``), so this is always a guess and is shown as one.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from broadcaster.text.language.lexicon import words
from broadcaster.text.language.numbers import DIGITS as NUMERALS
from broadcaster.text.language.syllable_pairs import BEGIN, FIGURE, syllable_pairs
from broadcaster.text.language.syllables import bare, is_bare_syllable, is_syllable
from broadcaster.text.page.cursor import RuleReading, TextCursor
from broadcaster.text.page.doubts import MISSING_LETTERS, guessed
from broadcaster.text.words.meanings import FOREIGN

_CONSONANTS = re.compile(r"[bcdđghklmnpqrstvx]{2}")
_NO_VOWEL = re.compile(r"[bcdđghklmnpqrstvx]+")
_WITH_POINT = re.compile(r"(?P<initial>[bcdđghklmnpqrstvx]{1,2})[./](?P<rest>[^\W\d_]{2,7})(?![^\W_])", re.IGNORECASE)
_NEXT = re.compile(r" ([^\W\d_]+)")
_LEAST = 100
"""How often a pair must have been counted to be guessed."""
_BOUND = 25.0
"""How much likelier the second syllable must be behind the first than anywhere."""
_FIGURES = frozenset(NUMERALS) | words("initials_figure")
_UNKNOWN = 12.0
"""The cost of a neighbour that was never counted."""
_DIGRAPHS = ("ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr")


def read_initials(cursor: TextCursor, word: str, end: int) -> RuleReading | None:
    """Guess what a word of initials stands for between its neighbours; None when nothing likely is known."""
    pointed = _WITH_POINT.match(cursor.text, cursor.at, cursor.limit)
    if pointed and is_syllable(pointed["rest"].lower()):
        return _reading(cursor, pointed["initial"].lower(), pointed["rest"].lower(), end=pointed.end())
    low = word.lower()
    if word[1:] != low[1:] or low in FOREIGN or (word != low and cursor.last_kind() not in ("mark", "break")):
        return None
    if _CONSONANTS.fullmatch(low):
        return None if low in _DIGRAPHS or not _is_alone(cursor, end) else _reading(cursor, low[0], low[1], end=end)
    for cut in (1, 2):
        rest = low[cut:]
        if _NO_VOWEL.fullmatch(low[:cut]) and len(rest) > 1 and (is_syllable(rest) or is_bare_syllable(rest)):
            return _reading(cursor, low[:cut], rest, end=end)
    return None


def _is_alone(cursor: TextCursor, end: int) -> bool:
    """Whether the next word is whole: where letters were lost, many words in a row are broken."""
    after = _NEXT.match(cursor.text, end)
    return after is None or not _NO_VOWEL.fullmatch(after[1].lower()) or len(after[1]) > 3


def _reading(cursor: TextCursor, initial: str, rest: str, *, end: int) -> RuleReading | None:
    after = _NEXT.match(cursor.text, end)
    last = cursor.last_word() or BEGIN
    words = _likeliest(initial, rest, last, after[1].lower() if after else "")
    if not words:
        return None
    return RuleReading(words, end, "word", MISSING_LETTERS, guessed(cursor.text[cursor.at : end], words))


@lru_cache(maxsize=2000)
def _likeliest(initial: str, rest: str, last: str, after: str) -> str:
    pairs = syllable_pairs()
    found = [(pair, count) for pair, count in _pairs_of(initial[0], rest[0]) if _fits(pair, initial, rest)]

    def cost(pair: tuple[str, str]) -> float:
        first, second = pair
        before = pairs.cost(last, first) if last in pairs.following else _UNKNOWN
        behind = pairs.cost(second, after) if after else 0.0
        return before + pairs.cost(first, second) + min(behind, _UNKNOWN)

    likely = [(cost(pair), " ".join(pair)) for pair, count in found if count >= _LEAST and _belongs(pair, count)]
    return min(likely)[1] if likely else ""


def _belongs(pair: tuple[str, str], count: float) -> bool:
    """Whether two syllables make a word, and are no neighbours by chance: "thư viện", but not "trước với"."""
    pairs = syllable_pairs()
    if not _FIGURES.isdisjoint(pair):
        return False
    share = pairs.counts.get(pair[1], 0.0) / pairs.total
    return share > 0 and count / (pairs.before.get(pair[0]) or 1.0) / share >= _BOUND


def _fits(pair: tuple[str, str], initial: str, rest: str) -> bool:
    if not pair[0].startswith(initial) or len(rest) == 1:
        return pair[0].startswith(initial) and pair[1].startswith(rest)
    return rest in (pair[1], bare(pair[1]))


@lru_cache(maxsize=500)
def _pairs_of(first: str, second: str) -> tuple[tuple[tuple[str, str], float], ...]:
    return tuple(_by_initials().get((first, second), ()))


@cache
def _by_initials() -> dict[tuple[str, str], list[tuple[tuple[str, str], float]]]:
    found: dict[tuple[str, str], list[tuple[tuple[str, str], float]]] = {}
    for pair, count in _all_pairs():
        found.setdefault((pair[0][0], pair[1][0]), []).append((pair, count))
    return found


def _all_pairs() -> Iterator[tuple[tuple[str, str], float]]:
    for first, following in syllable_pairs().following.items():
        if first not in (BEGIN, FIGURE):
            for second, count in following.items():
                if second != FIGURE:
                    yield (first, second), count
