"""Marks for a text that was typed without them: shown as a difference, taken over by one press, undone by another."""

from dataclasses import dataclass

from broadcaster.text import suggest_marks, with_marks
from web.translations.languages import gettext as _

LONGEST_LETTERS = 20_000
"""What is longer is no message from a telephone, and is not looked through."""


@dataclass(frozen=True, slots=True)
class MarkedPiece:
    """A stretch of the text as typed. suggested: the word with its marks, "" where the text stays; others: what else
    the word could well be."""

    written: str
    suggested: str = ""
    others: tuple[str, ...] = ()


def difference(text: str) -> list[MarkedPiece]:
    """The text cut where marks are suggested; empty when there is nothing to suggest."""
    suggestions = suggest_marks(text) if len(text) <= LONGEST_LETTERS else ()
    pieces: list[MarkedPiece] = []
    at = 0
    for each in suggestions:
        pieces += [MarkedPiece(text[at : each.span.start]), MarkedPiece(each.written, each.suggested, each.others)]
        at = each.span.end
    rest = [MarkedPiece(text[at:])] if suggestions else []
    return [piece for piece in [*pieces, *rest] if piece.written]


def accepted(text: str) -> str:
    """The text with every suggested mark, as a person asked for it."""
    return with_marks(text, suggest_marks(text)) if len(text) <= LONGEST_LETTERS else text


def sentence() -> str:
    """What is said once the marks stand in the text."""
    return _("Đã thêm dấu do máy đoán. Hãy đọc lại từng chữ trước khi lưu.")
