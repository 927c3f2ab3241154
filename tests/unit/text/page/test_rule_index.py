"""The index of the rules leaves nothing out: whatever shape stands somewhere is asked there."""

import re
from pathlib import Path

import pytest

from broadcaster.text import rules
from broadcaster.text.page.cursor import ReadingRule, RuleIndex

TABLES = sorted((Path(__file__).parents[3] / "data" / "normalization").glob("*.tsv"))
EVERY_NTH_LINE = 12
BEGINS = re.compile(r"\d+|[^\W\d_]+|[^\w\s]")
INDEXES = {
    "figures": rules.FIGURE_RULES,
    "letters": rules.LETTER_RULES,
    "codes": rules.CODE_RULES,
    "signs": rules.OTHER_SIGN_RULES,
}


def lines() -> list[str]:
    written = [row.split("\t")[0] for table in TABLES for row in table.read_text(encoding="utf-8").splitlines()]
    return written[::EVERY_NTH_LINE]


def asked(kind: str, letter: str) -> bool:
    """Whether the rules of a kind are asked where this letter stands."""
    return (
        kind == ("figures" if letter.isdecimal() else "signs") if not letter.isalpha() else kind in ("letters", "codes")
    )


@pytest.mark.parametrize("kind", INDEXES)
def test_every_rule_whose_shape_stands_somewhere_is_asked_there(kind: str) -> None:
    index: RuleIndex = INDEXES[kind]
    hidden: list[tuple[str, str]] = []
    for line in lines():
        for begin in BEGINS.finditer(line):
            if not asked(kind, begin.group()[0]):
                continue
            rest: tuple[ReadingRule, ...] = tuple(set(index.rules) - set(index.at(line, begin.start())))
            hidden += [(line, rule.shape.pattern) for rule in rest if rule.shape.match(line, begin.start())]

    assert hidden == []
