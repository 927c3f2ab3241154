"""How often one syllable follows another: the table ``unmarked/marks``, read when it is first asked."""

import math
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from broadcaster.text.language.lexicon import table
from broadcaster.text.language.syllables import bare

BEGIN = "^"
"""Stands before the first syllable."""
FIGURE = "#"
"""Stands for a number."""
_SEEN_TOGETHER = 0.8
"""The share of the pair in a probability; the rest is how common the syllable is by itself."""
_UNSEEN = 1e-9


class SyllablePairs(NamedTuple):
    """The counts, ready to be asked."""

    total: float
    """Of all syllables."""
    counts: dict[str, float]
    """Of each syllable with its marks."""
    following: dict[str, dict[str, float]]
    """Of the syllables that follow a syllable."""
    before: dict[str, float]
    """Of everything that follows a syllable."""
    marked: dict[str, tuple[str, ...]]
    """An unmarked syllable -> what it can be with its marks, the commonest first."""

    def cost(self, last: str, syllable: str) -> float:
        """How unlikely ``syllable`` is behind ``last``: the negative logarithm of its probability."""
        together = self.following.get(last, {}).get(syllable, 0.0) / (self.before.get(last) or 1.0)
        alone = self.counts.get(syllable, 0.0) / self.total
        return -math.log(_SEEN_TOGETHER * together + (1 - _SEEN_TOGETHER) * alone + _UNSEEN)


@cache
def syllable_pairs() -> SyllablePairs:
    """The model; its table has a line for each syllable: its count, and the syllables behind it with theirs."""
    counts: dict[str, float] = {}
    following: dict[str, dict[str, float]] = {}
    for row in table("unmarked/marks"):
        counts[row[0]] = float(row[1])
        following[row[0]] = dict(_followers(row[2])) if len(row) > 2 else {}
    spoken = sorted((syllable for syllable in counts if syllable not in (BEGIN, FIGURE)), key=lambda s: -counts[s])
    marked: dict[str, list[str]] = {}
    for syllable in spoken:
        marked.setdefault(bare(syllable), []).append(syllable)
    return SyllablePairs(
        sum(counts[syllable] for syllable in spoken),
        counts,
        following,
        {syllable: sum(pairs.values()) for syllable, pairs in following.items()},
        {syllable: tuple(found) for syllable, found in marked.items()},
    )


def _followers(cell: str) -> Iterator[tuple[str, float]]:
    for pair in cell.split():
        syllable, _, count = pair.partition("=")
        yield syllable, float(count)
