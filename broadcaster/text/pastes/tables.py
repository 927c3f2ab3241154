"""The tables of this room."""

from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of ``data/<name>.tsv``; empty lines and lines that start with "# " are left out."""
    lines = (_DATA / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return tuple(tuple(line.split("\t")) for line in lines if line.strip() and not line.startswith("# "))


@cache
def pairs(name: str) -> dict[str, str]:
    """The first column of a table with the second."""
    return {row[0]: row[1] for row in rows(name)}


@cache
def group(name: str, label: str) -> frozenset[str]:
    """The words of one group of a table."""
    return frozenset(word for row in rows(name) if row[0] == label for word in row[1].split("|"))


def sentence_for(kind: str, language: str = "vi") -> str:
    """What is told about a repair, one sentence."""
    column = 1 if language == "vi" else 2
    return next(row[column] for row in rows("kinds") if row[0] == kind)
