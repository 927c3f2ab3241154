"""The likeliest marks of a row of syllables, and whether a row was typed without them."""

from collections.abc import Sequence

from broadcaster.text.language.syllable_pairs import BEGIN, SyllablePairs, syllable_pairs

FEWEST = 5
"""Words; fewer in a row may well have no mark at all: "ba con ra sau"."""
_GAIN = 3.0
"""How much likelier the row must be with marks, as a difference of costs for each word."""


def likeliest_row(pairs: SyllablePairs, choices: Sequence[tuple[str, ...]]) -> list[str]:
    """The likeliest row of syllables, one of each choice (Viterbi)."""
    best: dict[str, tuple[float, list[str]]] = {BEGIN: (0.0, [])}
    for choice in choices:
        best = {
            syllable: min(
                ((cost + pairs.cost(last, syllable), [*row, syllable]) for last, (cost, row) in best.items()),
                key=lambda found: found[0],
            )
            for syllable in choice
        }
    return min(best.values(), key=lambda found: found[0])[1]


def lost_all_marks(words: Sequence[str]) -> bool:
    """Whether a row of lower-case words without any mark is far likelier with them: "kinh moi ba con den nha"."""
    if len(words) < FEWEST or not all(word.isascii() for word in words):
        return False
    pairs = syllable_pairs()
    row = likeliest_row(pairs, [pairs.marked.get(word, (word,)) for word in words])
    return _cost(pairs, words) - _cost(pairs, row) > _GAIN * len(words)


def _cost(pairs: SyllablePairs, words: Sequence[str]) -> float:
    return sum(pairs.cost(last, word) for last, word in zip((BEGIN, *words), words, strict=False))
