"""The foot of a paper: recipients, signatures. A signature needs more than capitals: a name, "TM.", "(Đã ký)"."""

import re

from broadcaster.text.papers.head import is_headish, is_kind, marks
from broadcaster.text.papers.knowledge import anywhere, shape_of
from broadcaster.text.papers.line_features import LineFeatures
from broadcaster.text.papers.marks import has_surname, mark_of
from broadcaster.text.papers.sheet import RoleSheet

_FOOT = frozenset(
    ("standing", "office", "signature", "signed", "name", "body", "place_date", "date", "ornament", "stamp")
)
_OPENS = re.compile(r"noi (?:nhan|gui)(?: ?[:.]| ?$| ?\()")
_FILED = re.compile(
    r"\W*luu ?(?::|;|\.|,|$|vt|vp|ho so|van thu|hs|chi bo|tt|tai|du\b|dtn|mttq|van phong|uy ban|ubnd|thon|ban\b)"
)
_FILED_LATER = re.compile(r"[;,.-] ?luu ?:? ?(?:vt|vp|van thu|ho so)")
_LONGEST_ITEM_WORDS = 22


def find_tails(sheet: RoleSheet) -> None:
    """Give roles to recipients and signature blocks."""
    at = 0
    while at < len(sheet.lines):
        if sheet.roles[at] or not _begins(sheet.lines[at]):
            at += 1
            continue
        block = _block(sheet, at)
        if _accepted(sheet, block):
            _settle(sheet, block)
        at = block[-1] + 1 if _accepted(sheet, block) else at + 1


def opens_recipients(features: LineFeatures) -> bool:
    """Whether a cell of the line is "Nơi nhận:", alone or with its first item."""
    return any(_opens(cell) for cell in features.cells)


def _opens(cell: str) -> bool:
    folded = LineFeatures(cell).folded.lstrip("-*+ /")
    found = _OPENS.match(folded)
    if found is None:
        return False
    rest = folded[found.end() :].strip(" :-.)")
    return (
        not rest
        or bool(anywhere("sentence_words", "recipient").match(rest))
        or mark_of(cell.split(":", 1)[-1].strip()) in _FOOT
    )


def _is_filed(features: LineFeatures) -> bool:
    return any(_FILED.match(LineFeatures(cell).folded) for cell in (*features.cells[:1], features.inner)) or bool(
        _FILED_LATER.search(features.folded)
    )


def _begins(features: LineFeatures) -> bool:
    return opens_recipients(features) or (_is_footish(features) and not features.ornament)


def _is_footish(features: LineFeatures) -> bool:
    found = marks(features)
    return bool(found) and set(found) <= _FOOT


def _block(sheet: RoleSheet, first: int) -> list[int]:
    """The lines from ``first`` on that can stand in one foot, blank ones left out."""
    block, at = [first], first
    in_list = opens_recipients(sheet.lines[first]) and not _is_filed(sheet.lines[first])
    while (following := sheet.after(at)) < len(sheet.lines):
        features = sheet.lines[following]
        if sheet.roles[following] not in ("", "stamp") or is_kind(features):
            break
        in_list = in_list or opens_recipients(features)
        item = in_list and _is_item(sheet, at, following)
        if not (item or _is_footish(features) or opens_recipients(features) or shape_of(features.folded, "digital")):
            break
        in_list = in_list and not _is_filed(features)
        block.append(following)
        at = following
    return block


def _is_item(sheet: RoleSheet, last: int, at: int) -> bool:
    """Whether the line goes on with the list of recipients."""
    features, previous = sheet.lines[at], sheet.lines[last]
    # Word puts a tab behind the mark of a list.
    cells = (
        features.cells[1:]
        if features.bullet and features.cells[0] == features.bullet and len(features.cells) > 1
        else features.cells
    )
    left = cells[0] if cells else ""
    others = all(mark_of(cell) in _FOOT for cell in cells[1:])
    if not others or len(left.split()) > _LONGEST_ITEM_WORDS:
        return False
    folded = LineFeatures(left).folded
    if _is_filed(features) or _FILED.match(folded):
        return True
    if re.match(r"\d", folded) or (re.search(r"[.!?]$", folded) and len(folded.split()) > 12):
        return False
    if features.bullet or (not sheet.blank_between(last, at) and folded.endswith((";", ","))):
        return bool(anywhere("sentence_words", "recipient").search(folded)) or folded.endswith((";", ","))
    near = not sheet.blank_between(last, at)
    return near and (bool(anywhere("sentence_words", "recipient").match(folded)) or _goes_on(previous, features))


def _goes_on(previous: LineFeatures, features: LineFeatures) -> bool:
    return not previous.ended and features.plain[:1].islower()


def _accepted(sheet: RoleSheet, block: list[int]) -> bool:
    lines = [sheet.lines[at] for at in block]
    if any(opens_recipients(features) for features in lines):
        return _has_recipients(lines)
    found = [mark for features in lines for mark in marks(features)]
    kinds = set(found) - {"ornament", "stamp", "date"}
    if "signed" in kinds and kinds & {"standing", "office", "name", "body", "signature"}:
        return True
    if "standing" in kinds and kinds & {"office", "name", "signature", "signed"}:
        return True
    return _is_last(sheet, block) and not _is_listed(sheet, block[0]) and _weakly_signed(sheet, block, found)


def _has_recipients(lines: list[LineFeatures]) -> bool:
    """Whether what is listed are recipients, and no place where something is received."""
    text = " ; ".join(features.folded for features in lines)
    items = len(anywhere("sentence_words", "recipient").findall(text))
    return any(_is_filed(features) for features in lines) or items >= 2 or (items == 1 and len(lines) <= 4)


def _weakly_signed(sheet: RoleSheet, block: list[int], found: list[str]) -> bool:
    """Signs that count only at the end of a paper."""
    kinds = set(found) - {"ornament", "stamp", "date"}
    if {"office", "name"} <= kinds:
        return not _is_roll(sheet, block) and found.index("office") < len(found) - 1 - found[::-1].index("name")
    if {"place_date", "office"} <= kinds or {"place_date", "name"} <= kinds or {"body", "name"} <= kinds:
        return True
    if kinds & {"standing", "signed"}:
        return True
    if "signature" in kinds:
        return found.count("signature") <= 2 and len(block) <= 3
    if kinds <= {"place_date"}:
        return False
    return _alone_at_the_end(sheet, block, kinds)


def _alone_at_the_end(sheet: RoleSheet, block: list[int], kinds: set[str]) -> bool:
    """One office, body or name after the last sentence of the paper."""
    previous = sheet.before(block[0])
    if previous < 0 or not sheet.lines[previous].full_stop or len(block) > 3:
        return False
    features = sheet.lines[block[0]]
    if kinds <= {"name"}:
        return len(block) == 1 and has_surname(features.plain) and is_closing(sheet.lines[previous])
    return features.capitals or sheet.blank_between(previous, block[0]) or is_closing(sheet.lines[previous])


def is_closing(features: LineFeatures) -> bool:
    """Whether a line ends what a paper has to say."""
    return bool(re.search(r"\./\.?$|\.\./\.?$|/\./?$", features.plain)) or bool(
        anywhere("sentence_words", "closing").match(features.folded)
    )


def _is_roll(sheet: RoleSheet, block: list[int]) -> bool:
    """Rows of office and name are a list of people, not a signature."""
    rows = [marks(sheet.lines[at]) for at in block]
    return sum({"office", "name"} <= set(row) for row in rows) > 1 or sum(row == ("name",) for row in rows) > 3


def _is_last(sheet: RoleSheet, block: list[int]) -> bool:
    """Whether nothing that is said follows, unless an annex or another paper begins."""
    at = sheet.after(block[-1])
    while at < len(sheet.lines) and _is_furniture(sheet, at):
        if sheet.roles[at] in ("header", "motto", "number"):
            return True
        at = sheet.after(at)
    return at >= len(sheet.lines) or is_kind(sheet.lines[at])


def _is_furniture(sheet: RoleSheet, at: int) -> bool:
    features = sheet.lines[at]
    if sheet.roles[at] in ("header", "motto", "number", "stamp", "attachment", "hashtag", "page"):
        return True
    folded = features.folded
    foot = shape_of(folded, "foot opener") or shape_of(folded, "foot")
    return features.ornament or bool(
        foot or shape_of(folded, "anywhere") or shape_of(folded, "digital") or shape_of(folded, "chat")
    )


def _is_listed(sheet: RoleSheet, at: int) -> bool:
    """Whether the line stands in a list that a colon opened right above it."""
    previous = sheet.before(at)
    if previous < 0:
        return True
    features = sheet.lines[previous]
    return not sheet.blank_between(previous, at) and (features.plain.endswith((":", ",")) or _is_footish(features))


def _settle(sheet: RoleSheet, block: list[int]) -> None:
    in_list = False
    for at in block:
        features = sheet.lines[at]
        in_list = in_list or opens_recipients(features)
        left = features.raw.lstrip("| ")[:1] not in ("\t", "") and not (
            features.raw.startswith(("\t", " " * 12)) and len(features.cells) == 1
        )
        listed = in_list and left and (not _is_footish(features) or len(features.cells) > 1)
        only_date = set(marks(features)) <= {"place_date", "date"} and bool(marks(features))
        sheet.give(at, "recipients" if listed else "place_date" if only_date else "signature")
        in_list = in_list and not _is_filed(features)


__all__ = ["find_tails", "is_closing", "is_headish", "opens_recipients"]
