"""What acronyms and abbreviations can mean: the tables ``acronyms``, ``phone``, ``documents`` and ``foreign``."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from broadcaster.text.language.lexicon import readings, table, words
from broadcaster.text.words.conditions import DOUBTFUL, Condition, compiled


class Meaning(NamedTuple):
    """One reading of a writing, and where it holds."""

    reading: str
    holds: Condition | None
    """None when it holds everywhere."""
    doubtful: bool
    """Whether an officer should look at it."""
    figured: bool
    """Whether its condition asks for a figure behind it: such a meaning may be glued to one (BĐ2)."""


def is_known(written: str) -> bool:
    """Whether a writing stands in the table of acronyms."""
    return written in KNOWN


def _table(rows: Iterable[tuple[str, str, str]]) -> dict[str, tuple[Meaning, ...]]:
    known: dict[str, list[Meaning]] = {}
    for written, reading, condition in rows:
        parts = condition.split()
        meaning = Meaning(
            reading,
            compiled(condition, acronyms=is_known),
            DOUBTFUL in parts,
            any(part.startswith((">0", ">8")) for part in parts),
        )
        known.setdefault(written, []).append(meaning)
    # What is said only in some surroundings is tried before what is said everywhere, what is sure before a guess.
    return {written: tuple(sorted(found, key=_order)) for written, found in known.items()}


def _order(meaning: Meaning) -> tuple[bool, bool]:
    return meaning.holds is None, meaning.doubtful


def _rows(name: str) -> Iterator[tuple[str, str, str]]:
    for row in table(name):
        for written in row[0].split("|"):
            yield written, row[1], row[2] if len(row) > 2 else ""


def _acronyms() -> Iterator[tuple[str, str, str]]:
    known = set()
    for written, reading, condition in _rows("acronyms"):
        known.add(written)
        yield written, reading, condition
    for written, reading in readings("documents").items():
        if len(written) > 2 and written not in known:
            yield written, reading, ""


DOCUMENT_MARKS = readings("documents")
"""The marks of document numbers -> their names."""
FOREIGN = {written.lower(): reading for written, reading in readings("foreign").items()}
"""Foreign words and names in lower case -> how they are said."""
KNOWN: dict[str, tuple[Meaning, ...]] = _table(_acronyms())
"""Acronyms as written -> their meanings in the order in which they are tried."""
PHONE: dict[str, tuple[Meaning, ...]] = _table(_rows("phone"))
"""What people shorten on a telephone, in lower case -> its meanings in the order in which they are tried."""
_COMMITTEES = words("committee")


@lru_cache(maxsize=4000)
def always(written: str) -> str:
    """What an acronym means wherever it stands, or ""."""
    known = next((meaning.reading for meaning in KNOWN.get(written, ()) if meaning.holds is None), "")
    return known or DOCUMENT_MARKS.get(written, "")


@lru_cache(maxsize=2000)
def compounded(written: str) -> str:
    """Two known acronyms written as one, or "": BTGTU is "ban tuyên giáo" and "tỉnh ủy"."""
    for cut in range(len(written) - 2, 2, -1):
        parts = (always(written[:cut]), always(written[cut:]))
        if all(parts) and (len(written) - cut > 2 or written[cut:] in _COMMITTEES):
            return " ".join(parts)
    return ""


@lru_cache(maxsize=2000)
def in_parts(written: str) -> str:
    """The fewest parts of ``data/acronym_parts.tsv`` that make up a writing of four letters and more, or ""."""
    if len(written) < 4:
        return ""
    best: list[list[str] | None] = [[], *[None] * len(written)]
    for end in range(2, len(written) + 1):
        for start in range(max(0, end - 4), end - 1):
            head, part = best[start], _PARTS.get(written[start:end])
            rival = best[end]
            if head is not None and part and (rival is None or len(head) + 1 < len(rival)):
                best[end] = [*head, part]
    return " ".join(best[-1] or ())


_PARTS = readings("acronym_parts")
