"""Official papers: every line gets a role; what is furniture is not said; what a form needs is found. Pure."""

from datetime import date

from broadcaster.text.papers.announcing import announcement
from broadcaster.text.papers.fields import fields_of, title_for_form
from broadcaster.text.papers.sorting import sort_lines
from broadcaster.text.papers.values import ROLES, Account, Amount, Fields, Paper, PaperLine

__all__ = [
    "ROLES",
    "Account",
    "Amount",
    "Fields",
    "Paper",
    "PaperLine",
    "announcement",
    "read_paper",
    "title_for_form",
]


def read_paper(text: str, *, today: date | None = None) -> Paper:
    """Sort the lines of a paper and find its fields. Takes any text; never drops a line.

    ``today`` gives the year of days that the paper writes without one.
    """
    lines = sort_lines(text)
    return Paper(lines, fields_of(lines, today=today))
