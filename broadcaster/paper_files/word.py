"""Word documents (the only import of python-docx): paragraphs as lines, tables as rows of tabs."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from broadcaster.strangers import Refused

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MOST_ENTRIES = 2_000
_MOST_UNPACKED_BYTES = 96 << 20
_MOST_RATIO = 200
_SMALL_BYTES = 1 << 20
_FURNITURE = re.compile(
    r"c[ộo]ng h[òoaà]+ x[ãa] h[ộo]i|đ[ộo]c l[ậa]p\s*[-–]|đ[ảa]ng c[ộo]ng s[ảa]n vi[ệe]t"
    r"|n[ơo]i nh[ậa]n\s*:|\bl[ưu]u\s*:",
    re.IGNORECASE,
)


def lines_of(data: bytes) -> list[str]:
    """The text of the document's body, a line a paragraph. Raises Refused for a bomb, macros or a broken file."""
    _look_inside(data)
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        body = docx.Document(BytesIO(data)).element.body
    except (KeyError, ValueError, zipfile.BadZipFile, PackageNotFoundError) as error:
        raise Refused("paper.broken") from error
    return [line for block in _blocks(body) for line in block]


def _look_inside(data: bytes) -> None:
    """Believe the directory of the archive only as far as it is harmless; the process's limits hold the rest."""
    entries = zipfile.ZipFile(BytesIO(data)).infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("paper.encrypted")
    if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        raise Refused("paper.macros")
    packed = max(1, sum(entry.compress_size for entry in entries))
    bomb = unpacked > _SMALL_BYTES and unpacked / packed > _MOST_RATIO
    if len(entries) > _MOST_ENTRIES or unpacked > _MOST_UNPACKED_BYTES or bomb:
        raise Refused("paper.bomb")


def _blocks(parent: Any) -> Iterator[list[str]]:
    for element in parent:
        if element.tag == f"{_W}p":
            yield _paragraph(element)
        elif element.tag == f"{_W}tbl":
            yield list(_table(element))
        elif element.tag == f"{_W}sdt":
            for content in element.findall(f"{_W}sdtContent"):
                yield from _blocks(content)


def _paragraph(element: Any) -> list[str]:
    """Its lines, then those of text boxes that hang on it."""
    text = "".join(_pieces(element))
    lines = text.split("\n")
    if _is_item(element) and text.strip():
        lines[0] = f"- {lines[0]}"
    for box in _boxes(element):
        lines += [line for block in _blocks(box) for line in block]
    return lines


def _is_item(element: Any) -> bool:
    """Whether Word puts a bullet or a number before the paragraph, which its text does not hold."""
    style = element.find(f"{_W}pPr/{_W}pStyle")
    listed = style is not None and str(style.get(f"{_W}val")).startswith(("ListBullet", "ListNumber"))
    return listed or element.find(f"{_W}pPr/{_W}numPr") is not None


def _pieces(element: Any) -> Iterator[str]:
    for child in element:
        match child.tag.removeprefix(_W):
            case "t":
                yield child.text or ""
            case "tab" | "ptab":
                yield "\t"
            case "br" | "cr":
                yield "\n"
            case "noBreakHyphen":
                yield "-"
            case "del" | "moveFrom" | "pPr" | "rPr" | "drawing" | "pict" | "object" | "instrText":
                continue
            case _ if child.tag != f"{_MC}AlternateContent":
                yield from _pieces(child)


def _boxes(element: Any) -> Iterator[Any]:
    """Text boxes, each once: a document carries a second copy of each for old programs."""
    for box in element.iter(f"{_W}txbxContent"):
        if not any(above.tag == f"{_MC}Fallback" for above in box.iterancestors()):
            yield box


def _table(table: Any) -> Iterator[str]:
    above: list[str] = []
    for row in table.iter(f"{_W}tr"):
        if next(row.iterancestors(f"{_W}tbl")) is not table:
            continue
        cells, above = _cells(row, above)
        yield from _row(cells)


def _cells(row: Any, above: list[str]) -> tuple[list[list[str]], list[str]]:
    """The cells of a row as lines; a cell that is merged with the one above it says what that one says."""
    cells: list[list[str]] = []
    for cell in row.iter(f"{_W}tc"):
        if next(cell.iterancestors(f"{_W}tr")) is not row:
            continue
        merged = cell.find(f"{_W}tcPr/{_W}vMerge")
        lines = [line.strip() for block in _blocks(cell) for line in block]
        if merged is not None and merged.get(f"{_W}val") != "restart" and not any(lines) and len(cells) < len(above):
            lines = [above[len(cells)]]
        cells.append(lines)
    return cells, [" ".join(filter(None, lines)) for lines in cells]


def _row(cells: list[list[str]]) -> Iterator[str]:
    """A row of a table of facts is one line; the two columns of a header or a signature stand line by line."""
    layout = len(cells) <= 2 and any(_FURNITURE.search(" ".join(lines)) for lines in cells)
    if not layout:
        yield "\t".join(", ".join(filter(None, lines)) if len(cells) > 1 else " ".join(lines) for lines in cells)
        return
    for at in range(max(map(len, cells), default=0)):
        yield "\t".join(lines[at] if at < len(lines) else "" for lines in cells).rstrip()
