"""A pasted paper: damage of the paste is repaired first, then its lines are sorted."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from broadcaster.text.papers.fields import fields_of
from broadcaster.text.papers.sorting import sort_lines
from broadcaster.text.papers.values import Paper
from broadcaster.text.pastes import PasteDamage, Repaired, repair


@dataclass(frozen=True, slots=True)
class PastedPaper:
    """A paper out of a paste or a file."""

    repaired: Repaired
    """The text with its letters repaired; what was pasted stands in ``original``."""
    paper: Paper
    """The lines of the repaired text. Broken lines stay lines here; the announcement joins them."""

    @property
    def findings(self) -> tuple[PasteDamage, ...]:
        """What was repaired, to be told and undone."""
        return self.repaired.findings


def read_paper(text: str, *, today: date | None = None) -> Paper:
    """Sort the lines of a paper and find its fields. Takes any text; never drops a line.

    ``today`` gives the year of days that the paper writes without one.
    """
    lines = sort_lines(text)
    return Paper(lines, fields_of(lines, today=today))


def read_pasted(text: str, *, leave: Collection[str] = (), today: date | None = None) -> PastedPaper:
    """Repair the letters of a paste and read the paper. ``leave`` names kinds of damage that a person wants left."""
    repaired = repair(text, leave={"lines", *leave})
    return PastedPaper(repaired, read_paper(repaired.text, today=today))
