"""A paper on the screen: which lines are said, what was repaired, and what is handed to the form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from werkzeug.datastructures import MultiDict

from broadcaster.errors import Invalid
from broadcaster.station.alerts.papers import PastedWarning
from broadcaster.station.schema import Zone
from broadcaster.text.papers import LONGEST_LETTERS, PaperLine, PastedPaper, announcement, read_pasted
from broadcaster.text.pastes import KINDS, sentence_for
from broadcaster.text.warnings import warning_in
from web.papers import offers
from web.papers.offers import Offers


@dataclass(frozen=True, slots=True)
class RepairView:
    """One kind of damage. kind: its name; stated: what is said about it; done: false when a person undid it."""

    kind: str
    stated: str
    done: bool


@dataclass(frozen=True, slots=True)
class PaperReview:
    """The paper as it stands on the screen.

    text: as it was given.
    draft: the key of the form it is for; empty for a new one.
    read_by: "ocr" when Tesseract read it from a picture.
    switched: numbers of lines that a person turned round.
    leave: kinds of damage that a person wants left.
    pasted: what reading gives.
    today: gives the year where the paper names none.
    offers: what is handed to the form beside the text.
    """

    text: str
    pasted: PastedPaper
    offers: Offers
    today: date
    draft: str = ""
    read_by: str = "text"
    switched: frozenset[int] = field(default_factory=frozenset)
    leave: frozenset[str] = field(default_factory=frozenset)

    @property
    def pasted_warning(self) -> PastedWarning | None:
        """The paper as a warning of the weather service, with the words that stand on the screen; None for others."""
        warning = warning_in(self.pasted.paper, today=self.today)
        return PastedWarning(self.pasted.paper, warning, self.announcement) if warning else None

    @property
    def lines(self) -> list[tuple[PaperLine, bool]]:
        """Each line that is not blank, with whether it is said now."""
        return [
            (line, line.spoken != (line.line in self.switched))
            for line in self.pasted.paper.lines
            if line.role != "blank"
        ]

    @property
    def announcement(self) -> str:
        """The text that the form gets."""
        by_hand = {line.line: said for line, said in self.lines if line.line in self.switched}
        back = {number for number, said in by_hand.items() if said}
        return announcement(self.pasted.paper, bring_back=back, leave_out=by_hand.keys() - back)

    def repairs(self, language: str) -> list[RepairView]:
        """What was repaired, and what was found and left."""
        done = [
            RepairView(finding.kind, sentence_for(finding.kind, language), True) for finding in self.pasted.findings
        ]
        return done + [RepairView(kind, sentence_for(kind, language), False) for kind in KINDS if kind in self.leave]


def from_form(form: MultiDict[str, str], *, zones: Sequence[Zone], today: date) -> PaperReview:
    """The review after the press of a button. Raises Invalid for no text, or one that is far too long."""
    text = form.get("paper", "").replace("\r\n", "\n").removeprefix("\n")
    if not text.strip():
        raise Invalid("paper.not_given", field="paper")
    if len(text) > LONGEST_LETTERS:
        raise Invalid("paper.too_long", letters=len(text), most=LONGEST_LETTERS, field="paper")
    leave = frozenset(kind for kind in form.getlist("leave") if kind in KINDS) ^ _pressed_kind(form)
    pasted = read_pasted(text, leave=leave, today=today)
    known = {line.line for line in pasted.paper.lines}
    switched = frozenset(int(number) for number in form.getlist("switched") if number.isdecimal())
    pressed = frozenset(int(number) for number in form.getlist("switch") if number.isdecimal())
    return PaperReview(
        text=text,
        pasted=pasted,
        offers=offers.from_form(form) if "offered" in form else offers.of(pasted.paper.fields, zones),
        today=today,
        draft=form.get("draft", ""),
        read_by=form.get("read_by", "text"),
        switched=(switched ^ pressed) & known,
        leave=leave,
    )


def _pressed_kind(form: Mapping[str, str]) -> frozenset[str]:
    pressed = form.get("undo", "")
    return frozenset((pressed,)) if pressed in KINDS else frozenset()
