"""The tables under ``data/``: what a teacher can read, mark and extend without reading code."""

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent.parent / "data"


@cache
def table(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of ``data/<name>.tsv``; empty lines and lines that start with "# " are left out."""
    return tuple(_rows((_DATA / f"{name}.tsv").read_text(encoding="utf-8")))


@cache
def readings(name: str) -> dict[str, str]:
    """The first two columns of a table: written form and its reading; "a|b" in the first gives two entries."""
    return {written: row[1] for row in table(name) for written in row[0].split("|")}


@cache
def words(group: str, *, file: str = "triggers") -> frozenset[str]:
    """One group of words from ``data/triggers.tsv`` (what tells a number's meaning) or a table like it."""
    return frozenset(word.strip() for row in table(file) if row[0] == group for word in row[1].split(","))


@cache
def readings_in(group: str, *, file: str = "signs") -> dict[str, str]:
    """One group of a table of three columns: group, written form, reading."""
    return {row[1]: row[2] for row in table(file) if row[0] == group}


def alternation(group: str, *, file: str = "triggers") -> str:
    """The words of a group as the alternatives of a pattern, the longest first."""
    return "|".join(map(re.escape, sorted(words(group, file=file), key=lambda word: (-len(word), word))))


def tables_hash() -> str:
    """A short hash over every table, for the clip's name."""
    digest = hashlib.sha256()
    for file in sorted(_DATA.glob("*.tsv")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _rows(content: str) -> Iterator[tuple[str, ...]]:
    for line in content.splitlines():
        if line.strip() and not line.startswith("# "):
            yield tuple(cell.strip() for cell in line.split("\t"))
