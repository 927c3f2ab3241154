"""Every line of the reading tables is read as a teacher marked it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from broadcaster.text import spoken

TABLES = sorted((Path(__file__).parents[2] / "data" / "normalization").glob("*.tsv"))


def rows(table: Path) -> Iterator[tuple[int, str, str]]:
    """Line number, written form ("\\n" is a new line) and spoken form with ``{a|b}`` alternatives."""
    for number, line in enumerate(table.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip() and not line.startswith("# "):
            written, said, *_reason = line.split("\t")
            yield number, written.replace("\\n", "\n"), said


def accepts(template: str, said: str) -> bool:
    """Whether a spoken text is one of those a template allows."""
    shape = "".join(
        "(?:" if part == "{" else ")" if part == "}" else "|" if part == "|" else re.escape(part)
        for part in re.split(r"([{|}])", template)
    )
    return re.fullmatch(shape, said) is not None


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
@pytest.mark.long
def test_every_line_is_read_as_the_table_says(table: Path) -> None:
    wrong = [
        f"{table.name}:{number}: {written!r} was read {said!r}, the table says {template!r}"
        for number, written, template in rows(table)
        if not accepts(template, said := spoken(written))
    ]

    assert not wrong, "\n".join(wrong)


def test_the_tables_hold_at_least_fifteen_hundred_lines_and_no_line_twice() -> None:
    written = [(table.stem, text) for table in TABLES for _, text, _ in rows(table)]

    assert len(written) == len(set(written))
    assert len(written) >= 1500
