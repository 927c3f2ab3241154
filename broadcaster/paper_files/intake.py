"""The station's side: a file's bytes become text, or a refusal with a sentence."""

from dataclasses import dataclass

from broadcaster.errors import Invalid
from broadcaster.paper_files import pictures
from broadcaster.paper_files.kinds import NO_PAPERS, PICTURES, kind_of
from broadcaster.strangers import Bounds, Refused, run

LARGEST_BYTES = 20_000_000
"""A paper is a few pages; a larger file is something else."""
MOST_PAGES = 60
_MIBIBYTE = 1 << 20
_TEXT_BOUNDS = Bounds(seconds=15, processor_seconds=12, memory_bytes=768 * _MIBIBYTE, answer_bytes=8 * _MIBIBYTE)
_PICTURE_BOUNDS = Bounds(
    seconds=90,
    processor_seconds=90,
    memory_bytes=1536 * _MIBIBYTE,
    answer_bytes=64 * _MIBIBYTE,
    may_start_programs=True,
)
_OF_THE_PROCESS = frozenset(("took_too_long", "too_much_memory", "too_much_answer", "crashed"))


@dataclass(frozen=True, slots=True)
class FileText:
    """The text of a file."""

    text: str
    """Its lines."""
    kind: str
    """text, html, docx, pdf, jpeg, png and so on."""
    read_by: str
    """``text``: what the file says; ``ocr``: what Tesseract read in a picture, to be looked at twice."""


def can_read_pictures() -> bool:
    """Whether photographs and scans can be read on this machine."""
    return pictures.is_ready()


def read_file(data: bytes) -> FileText:
    """Take the text out of a file, in a bounded process.

    Raises Invalid (field ``paper``): too large, too long, encrypted, with macros, without text, of a kind that is no
    paper, or one at which the process met its limits.
    """
    if len(data) > LARGEST_BYTES:
        raise Invalid(
            "paper.too_large", megabytes=-(-len(data) // 1_000_000), most=LARGEST_BYTES // 1_000_000, field="paper"
        )
    kind = kind_of(data)
    if kind in NO_PAPERS:
        raise Invalid(f"paper.{kind}", field="paper")
    bounds = _PICTURE_BOUNDS if kind in PICTURES or (kind == "pdf" and pictures.is_ready()) else _TEXT_BOUNDS
    try:
        answer = run("broadcaster.paper_files.reading:read", data, options={"most_pages": MOST_PAGES}, bounds=bounds)
    except Refused as refusal:
        code = "paper.too_heavy" if refusal.code in _OF_THE_PROCESS else refusal.code
        facts = {} if refusal.code in _OF_THE_PROCESS else refusal.facts
        raise Invalid(code, field="paper", **facts) from refusal
    return FileText(answer.content.decode("utf-8"), str(answer.facts["kind"]), str(answer.facts["read_by"]))
