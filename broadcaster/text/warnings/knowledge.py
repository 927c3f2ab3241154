"""The tables of this room."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from broadcaster.text.papers.folding import fold, is_marked, lowered

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Hazard:
    """name: in programs; severity, urgency: of a warning that says no degree and nothing of its own."""

    name: str
    words: tuple[str, ...]
    severity: str
    urgency: str


@cache
def hazards() -> tuple[Hazard, ...]:
    """The kinds of danger, the worst first."""
    return tuple(Hazard(row[0], tuple(row[1].split("|")), row[2], row[3]) for row in _rows("hazards"))


@cache
def severities() -> dict[int, str]:
    """By degree of risk."""
    return {int(row[0]): row[1] for row in _rows("degrees")}


def hazards_in(text: str) -> tuple[Hazard, ...]:
    """The dangers that a heading names, in the order of the table; "lũ quét" is no "lũ"."""
    named = {word: hazard for hazard in hazards() for word in hazard.words}
    found = {named[word] for word in _found(text, tuple(named))}
    return tuple(hazard for hazard in hazards() if hazard in found)


def holds(text: str, *groups: str) -> bool:
    """Whether a text holds a word of these groups."""
    return bool(_found(text, tuple(word for group in groups for word in terms(group))))


def opens(text: str, group: str) -> bool:
    """Whether a heading begins with a word of the group."""
    return re.match(rf"[\W_]*(?:\d+[.)]\s*)?(?:{any_of(group)})(?!\w)", fold(text)) is not None


def _found(text: str, words: tuple[str, ...]) -> list[str]:
    """The words that stand in a text, none inside a longer one.

    A text without marks is judged by the longer words alone: "bao" is many things.
    """
    if is_marked(text):
        return _pattern(words).findall(lowered(text))
    several = {fold(each): each for each in words if " " in each}
    return [several[each] for each in _pattern(tuple(several)).findall(fold(text))] if several else []


@cache
def terms(group: str) -> tuple[str, ...]:
    """The words of one group of ``terms.tsv``."""
    return tuple(next(row[1] for row in _rows("terms") if row[0] == group).split("|"))


@cache
def any_of(group: str) -> str:
    """The words of a group without marks, longest first, as a part of a pattern."""
    return "|".join(re.escape(each) for each in sorted({fold(each) for each in terms(group)}, key=len, reverse=True))


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    found = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, found))})(?!\w)")


@cache
def _rows(name: str) -> tuple[tuple[str, ...], ...]:
    lines = (_DATA / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return tuple(tuple(line.split("\t")) for line in lines if line.strip() and not line.startswith("# "))
