"""Of papers of real shape the whole body is kept and no furniture is said."""

import pytest

from broadcaster.text.papers import ROLES, read_paper
from tests.unit.text.papers.paper_files import Marked, marked_papers


@pytest.mark.parametrize("paper", marked_papers(), ids=lambda paper: paper.name)
def test_the_body_is_kept_and_furniture_is_not_said(paper: Marked) -> None:
    lines = read_paper(paper.text).lines
    wrong = [
        (line.line, line.role, line.text)
        for line, sign in zip(lines, paper.signs, strict=True)
        if line.role != "blank" and sign != "~" and line.spoken != (sign == "+")
    ]
    assert wrong == []


@pytest.mark.parametrize("paper", marked_papers(), ids=lambda paper: paper.name)
def test_every_line_is_there_with_a_role(paper: Marked) -> None:
    lines = read_paper(paper.text).lines
    assert [line.text for line in lines] == paper.text.split("\n")
    assert [line.line for line in lines] == list(range(1, len(lines) + 1))
    assert {line.role for line in lines} <= set(ROLES)
