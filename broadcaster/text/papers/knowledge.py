"""The tables of this room: what a teacher of office papers can read, mark and extend without reading code."""

import re
from functools import cache
from pathlib import Path

from broadcaster.text.papers.folding import fold, is_marked, lowered

_DATA = Path(__file__).parent / "data"


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of ``data/<name>.tsv``; empty lines and lines that start with "# " are left out."""
    lines = (_DATA / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return tuple(
        tuple(cell.strip() for cell in line.split("\t")) for line in lines if line.strip() and not line.startswith("# ")
    )


@cache
def phrases(name: str, *groups: str) -> tuple[str, ...]:
    """The phrases of some groups of a table (of all groups when none is named), folded, longest first."""
    found = {
        fold(phrase) for row in rows(name) if not groups or row[0] in groups for phrase in row[1].split("|") if phrase
    }
    return tuple(sorted(found, key=lambda phrase: (-len(phrase), phrase)))


@cache
def listed(name: str, group: str) -> tuple[str, ...]:
    """The words of one group as written, in the order of the table."""
    return tuple(next(row[1] for row in rows(name) if row[0] == group).split("|"))


@cache
def one_of(name: str, group: str) -> str:
    """The words of one group as written, longest first, as a part of a pattern."""
    return _any_of(tuple(sorted(listed(name, group), key=len, reverse=True)))


@cache
def opener(name: str, *groups: str) -> re.Pattern[str]:
    """Matches a folded text that begins with one of the phrases as whole words."""
    return re.compile(rf"(?:{_any_of(phrases(name, *groups))})(?!\w)")


@cache
def anywhere(name: str, *groups: str) -> re.Pattern[str]:
    """Finds one of the phrases as whole words in a folded text."""
    return re.compile(rf"(?<!\w)(?:{_any_of(phrases(name, *groups))})(?!\w)")


def holds(text: str, *groups: str) -> bool:
    """Whether a text holds a phrase of ``sentence_words``, with its marks: "nhận" is not "nhân".

    Of short words only the marked form counts in a marked text; a text without marks is judged by longer phrases.
    """
    if is_marked(text):
        return bool(_marked("sentence_words", *groups).search(lowered(text)))
    return bool(_unmarked("sentence_words", *groups).search(fold(text)))


def without_naming(text: str) -> str:
    """The text in lower case without the phrases that make no sentence inside a body's name: "ban tổ chức"."""
    if is_marked(text):
        return _marked("sentence_words", "naming").sub(" ", lowered(text))
    return _unmarked("sentence_words", "naming").sub(" ", fold(text))


@cache
def _marked(name: str, *groups: str) -> re.Pattern[str]:
    found = {lowered(phrase) for row in rows(name) if row[0] in groups for phrase in row[1].split("|")}
    return re.compile(rf"(?<!\w)(?:{_any_of(tuple(sorted(found, key=len, reverse=True)))})(?!\w)")


@cache
def _unmarked(name: str, *groups: str) -> re.Pattern[str]:
    found = tuple(phrase for phrase in phrases(name, *groups) if " " in phrase or phrase in _CLEAR_WITHOUT_MARKS)
    return re.compile(rf"(?<!\w)(?:{_any_of(found)})(?!\w)")


_CLEAR_WITHOUT_MARKS = frozenset(listed("field_words", "clear without marks"))


@cache
def shapes(where: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The patterns of ``patterns.tsv`` for one place, each with the role it gives; they match a whole folded line."""
    return tuple((row[0], re.compile(row[2])) for row in rows("patterns") if row[1] == where)


def shape_of(folded: str, where: str) -> str:
    """The role that a pattern for this place gives a folded line, or ""."""
    if len(folded) > _LONGEST_SHAPE:
        return ""
    return next((role for role, pattern in shapes(where) if pattern.fullmatch(folded)), "")


_LONGEST_SHAPE = 200
"""No furniture is longer; and no pattern is tried on a megabyte without a line feed."""


@cache
def kinds() -> dict[str, str]:
    """Each kind of paper, folded, with its written name."""
    return {fold(row[0]): row[0] for row in rows("kinds")}


@cache
def kinds_by_first_word() -> dict[str, list[list[str]]]:
    """The folded names of the kinds of paper, cut into words, by their first word; in the order of the table."""
    found: dict[str, list[list[str]]] = {}
    for kind in kinds():
        found.setdefault(kind.split()[0], []).append(kind.split())
    return found


@cache
def kinds_by_mark() -> dict[str, str]:
    """The mark in a document's number with the kind it stands for: TB is a thông báo."""
    return {row[1]: row[0] for row in rows("kinds") if row[1]}


def _any_of(found: tuple[str, ...]) -> str:
    return "|".join(re.escape(phrase) for phrase in found)
