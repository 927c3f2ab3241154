"""Tables: which lines are rows, and each row as a sentence a listener can follow, its place first."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from broadcaster.text.papers.folding import fold
from broadcaster.text.papers.knowledge import listed, one_of, opener, phrases, rows
from broadcaster.text.papers.line_features import LineFeatures
from broadcaster.text.papers.sheet import RoleSheet

_MEANINGS = {fold(head): row[0] for row in rows("columns") for head in row[1].split("|")}
_RULE = re.compile(r"[\s|+:=_│┃┼├┤─━-]+")
_NUMBERED = re.compile(r"\(?(?:\d{1,2}|[a-z])\)?")
_SAME = frozenset(listed("field_words", "ditto"))
_EMPTY = frozenset(("", "-", "–", "—", "x", "…", "...", "/", "0"))
_UNIT = re.compile(r"\((?:đvt:?|đơn vị:?|tính bằng)?\s*([^()]{1,20})\)\s*$", re.IGNORECASE)
_HAMLET_KINDS = frozenset(one_of("places", "hamlet").replace("\\", "").split("|"))
_OTHER_PLACE = re.compile(rf"(?:{one_of('field_words', 'no hamlet')}) |{opener('organisations').pattern}")
_UNITS = frozenset(phrases("money", "column unit"))


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    head: str
    """As written; empty in a table without heads."""
    meaning: str
    """A meaning of ``columns.tsv``; "" when unknown."""
    unit: str
    """The unit its head names in brackets; or empty."""


def find_tables(sheet: RoleSheet) -> dict[int, str]:
    """Give roles to the rows of every table. Gives the sentence of each row by its line."""
    said: dict[int, str] = {}
    at = 0
    while at < len(sheet.lines):
        block = _block(sheet, at)
        if len([line for line in block if not _is_rule(sheet.lines[line])]) >= 2:
            said |= _read(sheet, block)
            at = block[-1]
        at += 1
    return said


def _block(sheet: RoleSheet, first: int) -> list[int]:
    """Lines one under the other with as many columns, rules and single blank lines between them allowed."""
    block: list[int] = []
    width, at = 0, first
    while at < len(sheet.lines) and sheet.roles[at] in ("", "blank"):
        features = sheet.lines[at]
        if sheet.roles[at] == "blank":
            if not block or sheet.roles[at - 1] == "blank":
                break
            at += 1
            continue
        cells = _width(features)
        if not _is_rule(features) and (cells < 2 or (width and abs(cells - width) > 1)):
            break
        if not _is_rule(features):
            width = max(width, cells)
        block.append(at)
        at += 1
    while block and _is_rule(sheet.lines[block[0]]):
        block.pop(0)
    return block


def _width(features: LineFeatures) -> int:
    if (
        "|" not in features.plain
        and "\t" not in features.raw.strip()
        and len(features.columns) == 2
        and features.bullet
    ):
        return 1
    return len(features.columns) if len(features.cells) > 1 else len(features.cells)


def _is_rule(features: LineFeatures) -> bool:
    return not features.blank and bool(_RULE.fullmatch(features.plain))


def _read(sheet: RoleSheet, block: list[int]) -> dict[int, str]:
    columns: list[Column] = []
    said: dict[int, str] = {}
    above: list[str] = []
    for at in block:
        sheet.give(at, "table")
        cells = list(sheet.lines[at].columns)
        if _is_rule(sheet.lines[at]) or (all(_NUMBERED.fullmatch(fold(cell)) for cell in cells if cell) and not above):
            sheet.silent.add(at)
        elif not columns and not above and _are_heads(sheet, block, cells):
            columns = [_column(cell) for cell in cells]
            sheet.silent.add(at)
        else:
            above = _filled(cells, above, columns)
            said[at] = sentence(above, columns)
    return said


def _are_heads(sheet: RoleSheet, block: list[int], cells: Sequence[str]) -> bool:
    """Whether the first row names the columns: known heads, or words over figures."""
    known = sum(_column(cell).meaning != "" for cell in cells if cell)
    if known >= 2 or (known and known == len([cell for cell in cells if cell])):
        return not any(re.search(r"\d{2}|\d[hg:]", cell) for cell in cells)
    others = [cell for line in block[1:] for cell in sheet.lines[line].columns if not _is_rule(sheet.lines[line])]
    figures = [cell for cell in others if re.search(r"\d", cell)]
    return known >= 1 and len(block) > 2 and bool(figures) and not any(re.search(r"\d", cell) for cell in cells)


def _column(cell: str) -> Column:
    unit = _UNIT.search(cell)
    named = unit is not None and fold(unit[1]) in _UNITS
    head = cell[: unit.start()].strip() if unit is not None and named else cell.strip()
    return Column(head, _MEANINGS.get(fold(head), ""), unit[1].strip() if unit is not None and named else "")


def _filled(cells: Sequence[str], above: Sequence[str], columns: Sequence[Column]) -> list[str]:
    """The row with "như trên" written out, and with what a merged cell above it says."""
    filled = list(cells)
    for at, cell in enumerate(filled[: len(above)]):
        meaning = columns[at].meaning if at < len(columns) else ""
        merged = not cell and meaning in ("date", "place", "time")
        if fold(cell) in {fold(mark) for mark in _SAME} or merged:
            filled[at] = above[at]
    return filled


def sentence(cells: Sequence[str], columns: Sequence[Column]) -> str:
    """A row as a listener hears it: "Thôn Đìa: ngày 03/6/2026, từ 7h00 đến 11h00."."""
    pairs = [
        (cell, columns[at] if at < len(columns) else Column("", "", ""))
        for at, cell in enumerate(cells)
        if fold(cell) not in _EMPTY
    ]
    pairs = [(cell, column) for cell, column in pairs if column.meaning != "ordinal"]
    if not columns and len(pairs) > 1 and re.fullmatch(r"\d{1,3}[.)]?", pairs[0][0]):
        pairs = pairs[1:]
    place = [_named_place(cell, column.head) for cell, column in pairs if column.meaning == "place"]
    rest = [(cell, column) for cell, column in pairs if column.meaning != "place"]
    if not place and rest:
        names = [pair for pair in rest if pair[1].meaning == "name"] or rest[:1]
        place = [_said(*names[0])] if names[0][1].meaning != "name" else [names[0][0]]
        rest = [pair for pair in rest if pair is not names[0]]
    head = ", ".join(cell.rstrip(" ,;.") for cell in place)
    tail = _joined([(_said(cell, column), column.meaning) for cell, column in rest])
    line = f"{head}: {tail}" if tail else head
    return line[:1].upper() + line[1:].rstrip(" ;,.") + "."


def _named_place(cell: str, head: str) -> str:
    """A name under "Thôn" with that word before it; "Toàn xã" and what has a kind of its own stay as they are."""
    kind = head.strip().lower()
    first = cell.split()[0] if cell.split() else ""
    bare = first[:1].isupper() and not first.isupper() and not _OTHER_PLACE.match(fold(cell))
    return f"{kind} {cell}" if kind in _HAMLET_KINDS and bare else cell


def _joined(parts: Sequence[tuple[str, str]]) -> str:
    """Commas between the parts, except between "từ …" and "đến …"."""
    line = ""
    for at, (said, meaning) in enumerate(parts):
        span = meaning == "to" and at > 0 and parts[at - 1][1] == "from"
        line += said if not line else f" {said}" if span else f", {said}"
    return line


def _said(cell: str, column: Column) -> str:
    """One cell with the word that tells what it is, where a listener needs it."""
    cell = cell.rstrip(" .;,")
    if column.unit and re.fullmatch(r"[\d.,]+", cell):
        cell = f"{cell} {column.unit}"
    match column.meaning:
        case "from" | "to":
            word = "từ" if column.meaning == "from" else "đến"
            return cell if fold(cell).startswith(fold(word) + " ") else f"{word} {cell}"
        case "date":
            return f"ngày {cell}" if re.match(r"\d", cell) else cell[:1].lower() + cell[1:]
        case "time" | "content" | "name" | "place":
            return cell
    return f"{column.head[:1].lower()}{column.head[1:]} {cell}" if column.head else cell
