"""What a file is, by its first bytes: what is certainly no recording, and what is one that nobody here can read.

Their first bytes stand in ``data/kinds.tsv``, their names in the tables of refusals (``recording.kind_…``).
"""

import csv
import functools
import re
from importlib import resources

from broadcaster.audio.recording.window import Content

_HEAD_BYTES = 4096
_TEXT_SAMPLE_BYTES = 2048


@functools.cache
def _rows() -> tuple[tuple[str, re.Pattern[bytes]], ...]:
    """Codes and the patterns of their first bytes, in the order in which they are asked."""
    text = resources.files("broadcaster.audio.recording").joinpath("data/kinds.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader((line for line in text.splitlines() if not line.startswith("#")), delimiter="\t")
    return tuple((row["code"], re.compile(row["pattern"].encode("latin-1"), re.DOTALL)) for row in rows)


def codes() -> set[str]:
    """Every kind that ``no_recording`` can name."""
    return {code for code, _ in _rows()} | {code for _, code in _PACKED} | {"zeros", "text"}


def no_recording(content: Content) -> str | None:
    """The code of the kind this file is when it is no recording that can be read; None when it may be one."""
    head = bytes(content[:_HEAD_BYTES])
    for code, pattern in _rows():
        if pattern.match(head):
            return _archive(content) if code == "zip" else code
    if not head.strip(b"\0"):
        return "zeros" if not _something(content) else None
    return "text" if _is_text(head[:_TEXT_SAMPLE_BYTES]) else None


def is_protected(content: Content) -> bool:
    """Whether the sound is locked to the account of who bought it (M4P, AAX, WMA with a licence)."""
    head = bytes(content[: 1 << 16])
    if head[4:8] == b"ftyp":
        moov = content.find(b"moov")
        return moov >= 0 and content.find(b"sinf", moov) >= 0 and content.find(b"schm", moov) >= 0
    return head.startswith(_ASF) and any(guid in head for guid in _ASF_LOCKS)


def has_an_index(content: Content) -> bool:
    """Whether this is an MP4, in which nothing can be found without the table that its recorder writes at the end."""
    return bytes(content[4:8]) == b"ftyp"


_PACKED = ((b"word/", "word"), (b"xl/", "excel"), (b"ppt/", "powerpoint"), (b"mimetypeapplication/vnd.oasis", "word"))
"""What the first files of a ZIP tell about the document it is."""
_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_LOCKS = (
    bytes.fromhex("fbb3112223bdd211b4b700a0c955fc6e"),
    bytes.fromhex("14e68a292226174cb935dae07ee9289c"),
)


def _archive(content: Content) -> str:
    """Which of the many kinds that are ZIP files inside."""
    head = bytes(content[: 1 << 16])
    for inside, code in _PACKED:
        if inside in head:
            return code
    return "zip"


def _something(content: Content) -> bool:
    block = 1 << 20
    return any(bytes(content[at : at + block]).strip(b"\0") for at in range(0, len(content), block))


def _is_text(head: bytes) -> bool:
    """Letters and line breaks only; a character cut at the end of the sample does not count."""
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:
            return False
        text = head[: error.start].decode("utf-8")
    return all(letter.isprintable() or letter in "\r\n\t\f\ufeff" for letter in text)
