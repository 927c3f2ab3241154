"""PDF files with a text layer (the only import of pypdf). Each page after the first begins with a form feed."""

import logging
from io import BytesIO
from typing import Any

from broadcaster.strangers import Refused

_FEWEST_LETTERS_A_PAGE = 20
_TOO_WIDE = 400
"""Columns of a laid-out line: text turned on its side makes such lines; the plain order of the file is better then."""


def lines_of(data: bytes, *, most_pages: int) -> list[str]:
    """The lines of all pages. Raises Refused: encrypted, too many pages, without text, broken."""
    pages = pages_of(data, most_pages=most_pages)
    texts = [_text(page) for page in pages]
    letters = sum(letter.isalpha() for text in texts for letter in text)
    if letters < _FEWEST_LETTERS_A_PAGE * len(pages):
        raise Refused("paper.no_text", pages=len(pages))
    return [line for at, text in enumerate(texts) for line in _lines(text, first=at == 0)]


def pages_of(data: bytes, *, most_pages: int) -> list[Any]:
    """The pages, when the file is whole, open and not too long."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused("paper.encrypted")
        count = len(reader.pages)
        if count > most_pages:
            raise Refused("paper.pages", pages=count, most=most_pages)
        return list(reader.pages)
    except pypdf.errors.PyPdfError as error:
        raise Refused("paper.broken") from error


def _text(page: Any) -> str:
    """The page with its columns kept apart; the order of the file where the page cannot be laid out."""
    plain = str(page.extract_text())
    try:
        laid_out = str(page.extract_text(extraction_mode="layout", layout_mode_space_vertically=False))
    except (ValueError, KeyError, ZeroDivisionError, TypeError, AttributeError, IndexError):
        return plain
    lost = sum(map(str.isalpha, laid_out)) < 0.98 * sum(map(str.isalpha, plain))
    return plain if lost or any(len(line) > _TOO_WIDE for line in laid_out.split("\n")) else laid_out


def _lines(text: str, *, first: bool) -> list[str]:
    lines = [line.rstrip() for line in text.strip("\n").split("\n")]
    if not first and lines:
        lines[0] = "\f" + lines[0]
    return lines
