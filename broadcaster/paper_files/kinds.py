"""What kind of file some bytes are, by their beginning; the name a person gave it is not asked."""

import zipfile
from io import BytesIO

_PICTURES = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"BM", "bmp"),
    (b"GIF8", "gif"),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SOUND = (b"ID3", b"OggS", b"fLaC", b"#!AMR")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")
_ZIPPED = (
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "sheet"),
    ("ppt/presentation.xml", "slides"),
    ("content.xml", "opendocument"),
)
PICTURES = frozenset(("jpeg", "png", "tiff", "bmp", "gif", "webp", "heic"))
NO_PAPERS = frozenset(
    (
        "empty",
        "encrypted",
        "old_word",
        "rtf",
        "sound",
        "archive",
        "broken",
        "sheet",
        "slides",
        "opendocument",
        "unknown",
    )
)
"""What is refused as soon as its kind is known."""


def kind_of(data: bytes) -> str:
    """``text``, ``html``, ``docx``, ``pdf``, a picture's name, or what cannot be read: see ``paper.*`` in refusals."""
    head = data[:2048].lstrip()
    if not data.strip(b"\x00 \t\r\n"):
        return "empty"
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK"):
        return _zipped(data)
    if data.startswith(_OLD_OFFICE):
        return "encrypted" if "EncryptedPackage".encode("utf-16-le") in data else "old_word"
    if head.startswith(b"{\\rtf"):
        return "rtf"
    return _picture(data) or _other(data, head)


def _picture(data: bytes) -> str:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypheim"):
        return "heic"
    return next((name for start, name in _PICTURES if data.startswith(start)), "")


def _other(data: bytes, head: bytes) -> str:
    if data.startswith(_SOUND) or data[4:8] == b"ftyp" or (data[:4] == b"RIFF" and data[8:12] == b"WAVE"):
        return "sound"
    if data.startswith(_ARCHIVES):
        return "archive"
    low = head.lower()
    if low.startswith((b"<!doctype html", b"<html")) or (low.startswith(b"<?xml") and b"<html" in low):
        return "html"
    return "text" if _reads_as_text(data) else "unknown"


def _reads_as_text(data: bytes) -> bool:
    """No control characters, unless a mark or every second zero says that it is UTF-16."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    sample = data[:65536]
    zeros = sample.count(0)
    if zeros and abs(2 * zeros - len(sample)) < len(sample) // 2:
        return True
    return not any(byte < 32 and byte not in b"\t\n\v\f\r\x1b" for byte in sample)


def _zipped(data: bytes) -> str:
    try:
        names = set(zipfile.ZipFile(BytesIO(data)).namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return "broken"
    return next((kind for name, kind in _ZIPPED if name in names), "archive")
