"""Damaged text that was pasted into the form: made readable, told in one sentence, and undone by one press."""

from dataclasses import dataclass, replace

from flask import Blueprint, request

from broadcaster.text.pastes import KINDS, Repaired, repair, sentence_for
from web.drafts import unmarked
from web.drafts.form import AnnouncementForm
from web.security.access import asks, somewhere
from web.translations import languages

blueprint = Blueprint("pastes", __name__)

LONGEST_LETTERS = 100_000
"""What is longer cannot be saved, and is not looked through."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """original: what stood in the form before; said: one sentence a kind."""

    original: str
    said: list[str]


def taken(draft: AnnouncementForm) -> tuple[AnnouncementForm, Pasted | None]:
    """The draft with its text repaired, and what to tell; as it is when nothing was sent or a person undid it."""
    if request.method != "POST":
        return draft, None
    if "undo_paste" in request.form:
        return replace(draft, text=request.form.get("pasted", draft.text).replace("\r\n", "\n")), None
    if "with_marks" in request.form:
        return replace(draft, text=unmarked.accepted(draft.text)), Pasted(draft.text, [unmarked.sentence()])
    repaired = _repaired(draft.text)
    if not repaired.findings:
        return draft, None
    return replace(draft, text=repaired.text), Pasted(draft.text, _answer_of(repaired))


def left() -> str:
    """The kinds that a person wants left, as the form carries them."""
    if "undo_paste" in request.form:
        return " ".join(KINDS)
    return " ".join(kind for kind in request.form.get("left_paste", "").split() if kind in KINDS)


def must_be_seen(draft: AnnouncementForm) -> bool:
    """Whether letters would be changed: nobody saves what was never shown. Joined lines may wait."""
    repaired = (
        repair(draft.text, leave={"lines", "lost", *left().split()}) if len(draft.text) <= LONGEST_LETTERS else None
    )
    return repaired is not None and bool(repaired.findings)


@blueprint.post("/pastes")
@asks(somewhere("write"))
def mend() -> dict[str, object]:
    """The text repaired, with what is told; for the script of the form."""
    text = request.form.get("text", "").replace("\r\n", "\n")
    if "with_marks" in request.form:
        return {"text": unmarked.accepted(text), "sentences": [unmarked.sentence()], "kinds": left()}
    repaired = _repaired(text)
    return {"text": repaired.text, "sentences": _answer_of(repaired), "kinds": " ".join(KINDS)}


def _repaired(text: str) -> Repaired:
    leave = KINDS if len(text) > LONGEST_LETTERS else left().split()
    return repair(text, leave=leave)


def _answer_of(repaired: Repaired) -> list[str]:
    return [sentence_for(kind, languages.chosen()) for kind in repaired.kinds]
