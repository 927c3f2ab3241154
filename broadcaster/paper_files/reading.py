"""What the bounded process does with a file: find its kind, take its text, refuse what cannot be read."""

from typing import Any

from broadcaster.paper_files import pdf, pictures, plain, word
from broadcaster.paper_files.kinds import NO_PAPERS, PICTURES, kind_of
from broadcaster.strangers import Refused

_MOST_LETTERS = 400_000


def read(data: bytes, options: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """For ``broadcaster.strangers.run``: facts ``kind`` and ``read_by`` (text or ocr), and the text in UTF-8."""
    kind = kind_of(data)
    if kind in NO_PAPERS:
        raise Refused(f"paper.{kind}")
    if kind in PICTURES:
        lines, read_by = _picture(data), "ocr"
    elif kind == "pdf":
        lines, read_by = _pdf(data, most_pages=options["most_pages"])
    elif kind == "docx":
        lines, read_by = word.lines_of(data), "text"
    else:
        # Not a line is dropped at the top: whoever gave a text counts its lines.
        text = plain.text_of(data)
        lines, read_by = (plain.text_of_page(text) if kind == "html" else text).split("\n"), "text"
    text = "\n".join(lines)
    if not text.strip():
        raise Refused("paper.empty")
    if len(text) > _MOST_LETTERS:
        raise Refused("paper.too_long", letters=len(text), most=_MOST_LETTERS)
    return {"kind": kind, "read_by": read_by}, text.encode("utf-8", "replace")


def _picture(data: bytes) -> list[str]:
    if not pictures.is_ready():
        raise Refused("paper.picture_needs_ocr")
    return pictures.lines_of(data)


def _pdf(data: bytes, *, most_pages: int) -> tuple[list[str], str]:
    try:
        return pdf.lines_of(data, most_pages=most_pages), "text"
    except Refused as refusal:
        if refusal.code != "paper.no_text" or not pictures.is_ready():
            raise
    return pictures.lines_of_pages(pdf.pages_of(data, most_pages=most_pages)), "ocr"
