"""Marks for words typed without them: the likeliest syllables in a row, one suggestion for each word that changes."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from broadcaster.text.language.marked_rows import likeliest_row, lost_all_marks
from broadcaster.text.language.syllable_pairs import BEGIN, FIGURE, SyllablePairs, syllable_pairs
from broadcaster.text.language.syllables import is_bare_syllable
from broadcaster.text.page.doubts import lost_its_mark
from broadcaster.text.page.script import Span

_SENTENCE = re.compile(r"(?:[^.!?\n]|[.!?](?! |\n|$))+")
_CLAUSE = re.compile(r"[^.!?;:,()\n]+")
_WORD = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile(r"[^\W\d_]+|\d[^\s]*")
_FEWEST_WORDS = 3
"""A sentence of fewer words tells too little."""
_SURE = 3.0
"""How much likelier than the next best a word must be, as a difference of costs, to need no second look."""


@dataclass(frozen=True, slots=True)
class MarkSuggestion:
    """One word typed without its marks and what was probably meant."""

    span: Span
    """Where the word stands in the text as typed."""
    written: str
    """The word as typed."""
    suggested: str
    """The word with its marks, capitals as typed."""
    others: tuple[str, ...] = ()
    """What else it could well be, the likeliest first; empty when the suggestion is sure."""


def suggest_marks(text: str) -> tuple[MarkSuggestion, ...]:
    """Suggest marks for what was typed without them, in the order of the text; nothing is applied."""
    found: list[MarkSuggestion] = []
    for sentence in _SENTENCE.finditer(text):
        words = [word.lower() for word in _WORD.findall(sentence.group())]
        unmarked = _is_unmarked(words)
        some = unmarked or any(map(lost_its_mark, words))
        for clause in _CLAUSE.finditer(text, *sentence.span()):
            whole = unmarked or lost_all_marks([word.lower() for word in _WORD.findall(clause.group())])
            if some or whole:
                found += _in_clause(text, clause.span(), unmarked=whole)
    return tuple(found)


def with_marks(text: str, suggestions: Iterable[MarkSuggestion]) -> str:
    """The text with the suggestions an officer accepted."""
    parts, at = [], 0
    for suggestion in suggestions:
        parts += [text[at : suggestion.span.start], suggestion.suggested]
        at = suggestion.span.end
    return "".join([*parts, text[at:]])


def _in_clause(text: str, clause: tuple[int, int], *, unmarked: bool) -> list[MarkSuggestion]:
    tokens = [(match.group(), *match.span()) for match in _TOKEN.finditer(text, *clause)]
    if not tokens:
        return []
    pairs = syllable_pairs()
    choices = [_choices(pairs, token.lower(), free=unmarked) for token, _, _ in tokens]
    best = likeliest_row(pairs, choices)
    found = []
    for at, (token, start, end) in enumerate(tokens):
        low = unicodedata.normalize("NFC", token.lower())
        if best[at] not in (low, FIGURE):
            others = _rivals(pairs, choices, best, at)
            found.append(MarkSuggestion(Span(start, end), token, _like(token, best[at]), others))
    return found


def _is_unmarked(words: Sequence[str]) -> bool:
    if len(words) < _FEWEST_WORDS or not all(word.isascii() for word in words):
        return False
    if sum(map(is_bare_syllable, words)) * 10 < len(words) * 6:
        return False
    return any(map(lost_its_mark, words)) or lost_all_marks(words)


def _choices(pairs: SyllablePairs, word: str, *, free: bool) -> tuple[str, ...]:
    """What a word can be: itself when it has marks, or when the clause has and the word can do without."""
    if not word[0].isalpha():
        return (FIGURE,)
    if word.isascii() and (free or lost_its_mark(word)):
        return pairs.marked.get(word, (word,))
    return (word,)


def _rivals(pairs: SyllablePairs, choices: Sequence[tuple[str, ...]], best: Sequence[str], at: int) -> tuple[str, ...]:
    """The other syllables that fit nearly as well between their neighbours."""
    last = best[at - 1] if at else BEGIN
    after = best[at + 1] if at + 1 < len(best) else None

    def cost(syllable: str) -> float:
        return pairs.cost(last, syllable) + (pairs.cost(syllable, after) if after else 0.0)

    limit = cost(best[at]) + _SURE
    return tuple(sorted((s for s in choices[at] if s != best[at] and cost(s) < limit), key=cost)[:3])


def _like(token: str, syllable: str) -> str:
    """The syllable with the capitals of the word as typed."""
    if token.isupper() and len(token) > 1:
        return syllable.upper()
    return syllable.capitalize() if token[0].isupper() else syllable
