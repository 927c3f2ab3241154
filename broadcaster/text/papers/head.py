"""The head of a paper: state, motto, body, number, place, date. Two independent signs make one, a single one never."""

import re

from broadcaster.text.papers.knowledge import kinds_by_first_word, opener, shape_of
from broadcaster.text.papers.line_features import LineFeatures
from broadcaster.text.papers.marks import is_name, mark_of
from broadcaster.text.papers.sheet import RoleSheet

_HEAD = frozenset(
    ("state", "motto", "party", "number", "place_date", "date", "about", "stamp", "body", "ornament", "bare_number")
)
_SEEDS = frozenset(("state", "motto", "party", "number", "place_date"))
_SIGNS = (("state", "party"), ("motto",), ("number",), ("place_date", "date"), ("body",), ("about",))
_ROLES = {
    "state": "header",
    "party": "header",
    "body": "header",
    "motto": "motto",
    "number": "number",
    "bare_number": "number",
    "place_date": "place_date",
    "date": "place_date",
    "stamp": "stamp",
}
"""The role of a line of the head, by the first of these marks that it has."""
_MOST_WORDS = 14


def find_heads(sheet: RoleSheet) -> None:
    """Give roles to the lines of every head: the paper's own, those of annexes and of papers pasted behind it."""
    at = 0
    while at < len(sheet.lines):
        if not sheet.roles[at] and _SEEDS & set(marks(sheet.lines[at])):
            at = _grow(sheet, at)
        at += 1
    _bare_head(sheet)


def marks(features: LineFeatures) -> tuple[str, ...]:
    """The mark of each cell; nothing for a line of a list."""
    if features.blank or (
        features.bullet and not features.ornament and mark_of(features.plain) not in ("standing", "number", "stamp")
    ):
        return ()
    if mark_of(features.plain) == "number":
        return ("number",)
    return tuple(mark_of(cell) for cell in features.cells) or ("ornament",)


def is_kind(features: LineFeatures) -> bool:
    """Whether the line names the kind of a paper: "THÔNG BÁO", "GIẤY MỜI HỌP", "Thông báo"."""
    folded = re.sub(r"^[\W_]+|[\W_]+$", "", features.folded)
    words = folded.split()
    likely = kinds_by_first_word().get(words[0], []) if words else []
    name = next((kind for kind in likely if words[: len(kind)] == kind), None)
    if name is None or features.bullet:
        return False
    if features.capitals:
        return len(words) <= 16 and not re.search(r"[.;]$", features.plain)
    short = len(words) <= len(name) + 3
    return short and features.plain.lstrip(" *_\"'")[:1].isupper() and not features.ended and features.plain[-1:] != ":"


def is_headish(features: LineFeatures) -> bool:
    """Whether every cell of the line may stand in a head."""
    found = marks(features)
    return bool(found) and set(found) <= _HEAD


def _unknown_body(features: LineFeatures) -> bool:
    """Capitals that say nothing and are no kind: the name of a body that no table knows."""
    if (
        features.bullet
        or features.ended
        or features.says_something
        or features.words > _MOST_WORDS
        or is_kind(features)
    ):
        return False
    return features.capitals and not re.search(r"\d", features.folded)


def _may_stand(features: LineFeatures) -> bool:
    contact = bool(shape_of(features.folded, "foot opener")) and not features.full_stop
    return not is_kind(features) and (
        is_headish(features) or _unknown_body(features) or _half_known(features) or contact
    )


def _half_known(features: LineFeatures) -> bool:
    """Two columns of which one is known: a body that no table knows beside the state's name."""
    found = marks(features)
    known = bool(_SEEDS & set(found)) or (
        "body" in found and not re.search(r"\d", features.folded) and not features.says_something
    )
    return len(found) == 2 and known and not features.full_stop


def _grow(sheet: RoleSheet, seed: int) -> int:
    """Take the lines around a seed into one head. Gives the last line looked at."""
    first = last = reach = seed
    while (up := sheet.before(first)) >= 0 and not sheet.roles[up] and first - up <= 3 and _may_stand(sheet.lines[up]):
        first = up
    while (down := sheet.after(reach)) < len(sheet.lines) and down - reach <= 3:
        if sheet.roles[down] not in ("", "stamp") or not _may_stand(sheet.lines[down]):
            break
        reach = down
        last = down if _belongs(sheet, down) else last
    if _signs(sheet, first, last) >= 2:
        _settle(sheet, first, last)
    return last


def _belongs(sheet: RoleSheet, at: int) -> bool:
    """Whether a line below a seed ends the head: a known mark, or a name right under it."""
    found = set(marks(sheet.lines[at]))
    return bool(found & (_SEEDS | {"ornament", "stamp", "about", "date"})) or (
        "body" in found and not sheet.blank_between(sheet.before(at), at)
    )


def _signs(sheet: RoleSheet, first: int, last: int) -> int:
    found = {mark for at in range(first, last + 1) for mark in marks(sheet.lines[at])}
    following = sheet.after(last)
    followed = following < len(sheet.lines) and is_kind(sheet.lines[following])
    unknown = any(_unknown_body(sheet.lines[at]) and not is_headish(sheet.lines[at]) for at in range(first, last + 1))
    return sum(bool(found & set(sign)) for sign in _SIGNS) + followed + (unknown and "body" not in found)


def _settle(sheet: RoleSheet, first: int, last: int) -> None:
    sheet.heads.append((first, last))
    about = False
    for at in range(first, last + 1):
        features = sheet.lines[at]
        if features.blank:
            about = False
            continue
        found = marks(features)
        if "about" in found:
            about = True
            sheet.give(at, "subject" if set(found) <= {"about", "ornament"} else _head_role(found))
        elif about and not set(found) & _SEEDS:
            sheet.give(at, "subject")
        else:
            sheet.give(at, "page" if shape_of(features.folded, "foot opener") else _head_role(found))


def _head_role(found: tuple[str, ...]) -> str:
    return next((role for mark, role in _ROLES.items() if mark in found), "header")


def _bare_head(sheet: RoleSheet) -> None:
    """A body's name at the very top, with the kind of the paper under it: two signs without motto and number."""
    at = sheet.after(-1)
    while at < len(sheet.lines) and sheet.roles[at] in ("stamp", "header"):
        at = sheet.after(at)
    first = at
    while at < len(sheet.lines) and (
        sheet.roles[at] == "stamp" or (not sheet.roles[at] and _names_a_body(sheet.lines[at]))
    ):
        at = sheet.after(at)
    bodies = [line for line in range(first, at) if {"body", "office"} & set(marks(sheet.lines[line]))]
    named = bool(bodies)
    if named and first < at < len(sheet.lines) and (len(bodies) > 1 or _heads_a_text(sheet, at)):
        _settle(sheet, first, at - 1)


def _heads_a_text(sheet: RoleSheet, at: int) -> bool:
    """Whether a line is the heading under a body's name; in a text that is all in capitals only a kind is."""
    if is_kind(sheet.lines[at]):
        return True
    shouted = sum(features.capitals for features in sheet.lines) > sum(
        not (features.capitals or features.blank) for features in sheet.lines
    )
    return sheet.lines[at].capitals and not sheet.lines[at].ended and not shouted


def _names_a_body(features: LineFeatures) -> bool:
    found = set(marks(features))
    contact = bool(shape_of(features.folded, "foot opener")) and not features.says_something
    office = found == {"office"} and features.capitals
    return contact or office or (bool(found) and found <= {"body", "ornament", "date", "place_date", "bare_number"})


def is_authority(features: LineFeatures) -> bool:
    """Whether the line is the body or office that decides, set alone between the subject and the grounds."""
    folded = features.folded.strip(" -.:")
    office = opener("titles", "office").match(folded) or opener("organisations").match(folded)
    return (
        bool(office)
        and features.capitals
        and not features.bullet
        and not features.says_something
        and not is_name(features.plain)
    )
