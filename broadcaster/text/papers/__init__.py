"""Official papers: every line gets a role; what is furniture is not said; what a form needs is found. Pure."""

from broadcaster.text.papers.announcing import announcement
from broadcaster.text.papers.fields import title_for_form
from broadcaster.text.papers.pasted import PastedPaper, read_paper, read_pasted
from broadcaster.text.papers.values import LONGEST_LETTERS, ROLES, Account, Amount, Fields, Paper, PaperLine

__all__ = [
    "LONGEST_LETTERS",
    "ROLES",
    "Account",
    "Amount",
    "Fields",
    "Paper",
    "PaperLine",
    "PastedPaper",
    "announcement",
    "read_paper",
    "read_pasted",
    "title_for_form",
]
