"""What stands between a paper's head and its text: kind, subject, addressees, who decides, legal grounds."""

import re

from broadcaster.text.papers.head import is_authority, is_kind
from broadcaster.text.papers.knowledge import anywhere, holds
from broadcaster.text.papers.line_features import LineFeatures
from broadcaster.text.papers.sheet import RoleSheet

_ABOUT = re.compile(r"\(?(?:v/v|v\.v|ve viec|vv)\b")
_ADDRESSED = re.compile(
    r"(?:dong )?kinh gui ?(?::|$)|kinh gui (?:cac )?(?:ong|ba|dong chi|ban|don vi)[^!]*$|.{0,60}(?<=\w) dien ?:$"
    r"|noi nhan dien ?:"
)
_GROUND = re.compile(
    r"(?:can cu|thuc hien|xet|theo|chieu theo|tren co so|tiep theo|thi hanh|de thuc hien|tiep tuc thuc hien|cu) "
)
_CITED = re.compile(r"so ?[:.]? ?\d+[\w/-]*|\d+ ?[/-] ?[a-z]{2,}|ngay \d|nam \d{4}|(?:cua|tai|khoa|nhiem ky) ")
_MAIN_CLAUSE = re.compile(
    r"[,;] ?(?:nay )?(?:ubnd|uy ban|thon|ban|chi bo|chi uy|dang uy|hoi|doan|truong|cong an|tram|toi|xa|to"
    r"|hop tac xa|htx|dien luc|chung toi|bch|khu|xom|ap|van phong|chu tich|trung tam|phong|cong ty)\b"
)
_LONGEST_SUBJECT_WORDS = 40


def find_opening(sheet: RoleSheet) -> None:
    """Give roles to kinds with their subjects, to addressees, and to grounds before the first words of the text."""
    for at in list(sheet.open_lines()):
        if not sheet.roles[at] and is_kind(sheet.lines[at]) and _opens_a_part(sheet, at):
            sheet.give(at, "kind")
            _subject(sheet, at)
    _addressees(sheet)
    _grounds(sheet)


def _opens_a_part(sheet: RoleSheet, at: int) -> bool:
    """Whether the kind stands at the top, under a head, after a foot, or alone between blank lines."""
    above = sheet.before(at)
    if above < 0 or sheet.roles[above] not in ("", "body", "table"):
        return True
    alone = sheet.blank_between(above, at) or sheet.lines[above].full_stop
    return alone and sheet.lines[at].capitals


def _subject(sheet: RoleSheet, kind: int) -> None:
    """The lines under a kind up to a blank line or the first words of the text."""
    at, last, about = sheet.after(kind), kind, False
    for _ in range(5):
        if at >= len(sheet.lines) or sheet.roles[at] or (sheet.blank_between(last, at) and last != kind):
            return
        features = sheet.lines[at]
        about = about or bool(_ABOUT.match(features.folded))
        if features.ornament or not (_is_about(features) if about else _is_heading(sheet, kind, at)):
            return
        if _starts_text(features, alone=last == kind and sheet.roles[at + 1 : at + 2] == ["blank"]):
            return
        sheet.give(at, "subject")
        if features.full_stop:
            return
        last, at = at, sheet.after(at)


def _is_about(features: LineFeatures) -> bool:
    return not features.bullet and not features.plain.endswith(":") and features.words <= _LONGEST_SUBJECT_WORDS


def _is_heading(sheet: RoleSheet, kind: int, at: int) -> bool:
    features = sheet.lines[at]
    if features.ended or features.bullet or features.words > 22 or ":" in features.plain:
        return False
    near = not sheet.blank_between(kind, at) or (features.words > 3 and sheet.roles[at + 1 : at + 2] == ["blank"])
    return near and (features.capitals or features.plain[:1].isalpha() or features.plain[:1] in '("“*')


def _starts_text(features: LineFeatures, *, alone: bool) -> bool:
    folded = features.folded
    if _ADDRESSED.match(folded) or (_GROUND.match(folded) and not features.capitals) or is_authority(features):
        return True
    speaks = holds(features.plain, "announcing") and not features.capitals and not _ABOUT.match(folded)
    return bool(speaks) and features.words > 8 and not alone


def _addressees(sheet: RoleSheet) -> None:
    for at in list(sheet.open_lines()):
        features = sheet.lines[at]
        if not _ADDRESSED.match(features.folded.lstrip("- ")) or features.full_stop or features.words > 30:
            continue
        sheet.give(at, "addressee")
        listed = features.plain.endswith((":", ";", ","))
        if listed:
            _listed_addressees(sheet, at)


def _listed_addressees(sheet: RoleSheet, at: int) -> None:
    last, following = at, sheet.after(at)
    while following < len(sheet.lines) and not sheet.roles[following] and not sheet.blank_between(last, following):
        item = sheet.lines[following]
        if not (item.bullet or item.plain.endswith((";", ","))) or (item.says_something and item.words > 12):
            return
        sheet.give(following, "addressee")
        if item.full_stop:
            return
        last, following = following, sheet.after(following)


def _grounds(sheet: RoleSheet) -> None:
    """Grounds stand before the text: the first line of the text ends them, in the paper and in each that follows it."""
    open_zone = True
    at = sheet.after(-1)
    while at < len(sheet.lines):
        role = sheet.roles[at]
        if role in ("kind", "subject", "header", "motto", "number", "place_date", "addressee", "stamp"):
            open_zone = True
        elif not role and open_zone:
            paragraph = _paragraph(sheet, at)
            text = " ".join(sheet.lines[line].folded for line in paragraph)
            if is_ground(text, capitals=sheet.lines[at].capitals):
                for line in paragraph:
                    sheet.give(line, "grounds")
            elif is_authority(sheet.lines[at]) and _before_grounds(sheet, at):
                sheet.give(at, "header")
            else:
                open_zone = False
            at = paragraph[-1]
        at = sheet.after(at)


def _paragraph(sheet: RoleSheet, at: int) -> list[int]:
    """The line and those a page or a file broke off from it."""
    lines = [at]
    while at + 1 < len(sheet.lines) and not sheet.roles[at + 1]:
        features, following = sheet.lines[at], sheet.lines[at + 1]
        new = following.bullet or (_GROUND.match(following.folded) and following.plain[:1].isupper())
        broken = not re.search(r"[.;:!?]$", features.plain) and features.words > 5
        if new or not broken:
            break
        if not (
            following.plain[:1].islower()
            or following.plain[:1].isdigit()
            or (len(features.plain) >= 60 and not features.ended)
        ):
            break
        at += 1
        lines.append(at)
    return lines


def is_ground(text: str, *, capitals: bool = False) -> bool:
    """Whether a folded paragraph cites what a paper rests on, and says nothing of its own."""
    text = re.sub(r"^[-+*•] ?", "", text).strip()
    opened = _GROUND.match(text)
    if opened is None or capitals or text.endswith((":", "!")):
        return False
    start = text[opened.end() :]
    cites = anywhere("sentence_words", "document").match(start) or text.startswith(
        ("can cu", "xet de nghi", "theo de nghi")
    )
    if not cites or not _CITED.search(text):
        return text.startswith("can cu") and text.endswith(";")
    if text.endswith((";", ";.")):
        return True
    clause = _MAIN_CLAUSE.search(text)
    said = anywhere("sentence_words", "announcing")
    if "nhu sau" in text or (clause and said.search(text[clause.start() :])):
        return False
    return text.startswith(("can cu", "xet de nghi", "theo de nghi")) or (
        text.endswith((".", ",")) and not clause and "," not in text[:-1]
    )


def _before_grounds(sheet: RoleSheet, at: int) -> bool:
    following = sheet.after(at)
    return (
        following < len(sheet.lines) and not sheet.roles[following] and is_ground(sheet.lines[following].folded + ";")
    )
