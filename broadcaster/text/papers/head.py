"""The head of a paper: state, motto, body, number, place, date. Two independent signs make one, a single one never."""

import re

from broadcaster.text.papers.knowledge import kinds, opener, shape_of
from broadcaster.text.papers.looks import Look
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
    while at < len(sheet.looks):
        if not sheet.roles[at] and _SEEDS & set(marks(sheet.looks[at])):
            at = _grow(sheet, at)
        at += 1
    _bare_head(sheet)


def marks(look: Look) -> tuple[str, ...]:
    """The mark of each cell; nothing for a line of a list."""
    if look.blank or (look.bullet and not look.ornament and mark_of(look.plain) not in ("standing", "number", "stamp")):
        return ()
    if mark_of(look.plain) == "number":
        return ("number",)
    return tuple(mark_of(cell) for cell in look.cells) or ("ornament",)


def is_kind(look: Look) -> bool:
    """Whether the line names the kind of a paper: "THÔNG BÁO", "GIẤY MỜI HỌP", "Thông báo"."""
    folded = re.sub(r"^[\W_]+|[\W_]+$", "", look.folded)
    words = folded.split()
    name = next((kind for kind in kinds() if words[: len(kind.split())] == kind.split()), None)
    if name is None or look.bullet:
        return False
    if look.capitals:
        return len(words) <= 16 and not re.search(r"[.;]$", look.plain)
    short = len(words) <= len(name.split()) + 3
    return short and look.plain.lstrip(" *_\"'")[:1].isupper() and not look.ended and look.plain[-1:] != ":"


def is_headish(look: Look) -> bool:
    """Whether every cell of the line may stand in a head."""
    found = marks(look)
    return bool(found) and set(found) <= _HEAD


def _unknown_body(look: Look) -> bool:
    """Capitals that say nothing and are no kind: the name of a body that no table knows."""
    if look.bullet or look.ended or look.says_something or look.words > _MOST_WORDS or is_kind(look):
        return False
    return look.capitals and not re.search(r"\d", look.folded)


def _may_stand(look: Look) -> bool:
    contact = bool(shape_of(look.folded, "foot opener")) and not look.full_stop
    return not is_kind(look) and (is_headish(look) or _unknown_body(look) or _half_known(look) or contact)


def _half_known(look: Look) -> bool:
    """Two columns of which one is known: a body that no table knows beside the state's name."""
    found = marks(look)
    known = bool(_SEEDS & set(found)) or (
        "body" in found and not re.search(r"\d", look.folded) and not look.says_something
    )
    return len(found) == 2 and known and not look.full_stop


def _grow(sheet: RoleSheet, seed: int) -> int:
    """Take the lines around a seed into one head. Gives the last line looked at."""
    first = last = reach = seed
    while (up := sheet.before(first)) >= 0 and not sheet.roles[up] and first - up <= 3 and _may_stand(sheet.looks[up]):
        first = up
    while (down := sheet.after(reach)) < len(sheet.looks) and down - reach <= 3:
        if sheet.roles[down] not in ("", "stamp") or not _may_stand(sheet.looks[down]):
            break
        reach = down
        last = down if _belongs(sheet, down) else last
    if _signs(sheet, first, last) >= 2:
        _settle(sheet, first, last)
    return last


def _belongs(sheet: RoleSheet, at: int) -> bool:
    """Whether a line below a seed ends the head: a known mark, or a name right under it."""
    found = set(marks(sheet.looks[at]))
    return bool(found & (_SEEDS | {"ornament", "stamp", "about", "date"})) or (
        "body" in found and not sheet.blank_between(sheet.before(at), at)
    )


def _signs(sheet: RoleSheet, first: int, last: int) -> int:
    found = {mark for at in range(first, last + 1) for mark in marks(sheet.looks[at])}
    following = sheet.after(last)
    followed = following < len(sheet.looks) and is_kind(sheet.looks[following])
    unknown = any(_unknown_body(sheet.looks[at]) and not is_headish(sheet.looks[at]) for at in range(first, last + 1))
    return sum(bool(found & set(sign)) for sign in _SIGNS) + followed + (unknown and "body" not in found)


def _settle(sheet: RoleSheet, first: int, last: int) -> None:
    sheet.heads.append((first, last))
    about = False
    for at in range(first, last + 1):
        look = sheet.looks[at]
        if look.blank:
            about = False
            continue
        found = marks(look)
        if "about" in found:
            about = True
            sheet.give(at, "subject" if set(found) <= {"about", "ornament"} else _head_role(found))
        elif about and not set(found) & _SEEDS:
            sheet.give(at, "subject")
        else:
            sheet.give(at, "page" if shape_of(look.folded, "foot opener") else _head_role(found))


def _head_role(found: tuple[str, ...]) -> str:
    return next((role for mark, role in _ROLES.items() if mark in found), "header")


def _bare_head(sheet: RoleSheet) -> None:
    """A body's name at the very top, with the kind of the paper under it: two signs without motto and number."""
    at = sheet.after(-1)
    while at < len(sheet.looks) and sheet.roles[at] in ("stamp", "header"):
        at = sheet.after(at)
    first = at
    while at < len(sheet.looks) and (
        sheet.roles[at] == "stamp" or (not sheet.roles[at] and _names_a_body(sheet.looks[at]))
    ):
        at = sheet.after(at)
    bodies = [line for line in range(first, at) if {"body", "office"} & set(marks(sheet.looks[line]))]
    named = bool(bodies)
    if named and first < at < len(sheet.looks) and (len(bodies) > 1 or _heads_a_text(sheet, at)):
        _settle(sheet, first, at - 1)


def _heads_a_text(sheet: RoleSheet, at: int) -> bool:
    """Whether a line is the heading under a body's name; in a text that is all in capitals only a kind is."""
    if is_kind(sheet.looks[at]):
        return True
    shouted = sum(look.capitals for look in sheet.looks) > sum(
        not (look.capitals or look.blank) for look in sheet.looks
    )
    return sheet.looks[at].capitals and not sheet.looks[at].ended and not shouted


def _names_a_body(look: Look) -> bool:
    found = set(marks(look))
    contact = bool(shape_of(look.folded, "foot opener")) and not look.says_something
    office = found == {"office"} and look.capitals
    return contact or office or (bool(found) and found <= {"body", "ornament", "date", "place_date", "bare_number"})


def is_authority(look: Look) -> bool:
    """Whether the line is the body or office that decides, set alone between the subject and the grounds."""
    folded = look.folded.strip(" -.:")
    office = opener("titles", "office").match(folded) or opener("organisations").match(folded)
    return bool(office) and look.capitals and not look.bullet and not look.says_something and not is_name(look.plain)
