"""What a form can take over from a paper: number, kind, title, body, dates, hamlets, telephones, accounts and sums."""

import re
from collections.abc import Sequence
from datetime import date

from broadcaster.text.papers.fields.days import days_in, paper_day
from broadcaster.text.papers.fields.hamlets import hamlets_in
from broadcaster.text.papers.fields.money import accounts_in, amounts_in, phones_in
from broadcaster.text.papers.folding import fold
from broadcaster.text.papers.head import is_kind, marks
from broadcaster.text.papers.knowledge import kinds, kinds_by_mark, opener
from broadcaster.text.papers.line_features import LineFeatures, in_capitals
from broadcaster.text.papers.marks import body_before
from broadcaster.text.papers.values import Fields, PaperLine

_NUMBER = re.compile(
    r"(?:S[ốôoỐ]\s*[:.]?\s*)?(\d{1,5}[a-zA-Z]?\s?[/-]\s?(?:\d{4}\s?/\s?)?[A-ZĐ][\wĐđ&]*(?:\s?[/-]\s?[A-ZĐ][\wĐđ&]*)*)",
    re.IGNORECASE,
)
_OF_A_WARNING = re.compile(r"S[ốôoỐ]\s*:\s*(\S.{0,60}?/\s?\d{1,2}\s?[hH]\s?\d{0,2}[\w/.-]{0,30})")
"""The weather service numbers its warnings by kind and hour: LQSL-12/09h30/BKAN."""
_ABOUT = re.compile(r"^\(?(?:v/v|về việc|ve viec|vv)\s*[:.]?\s*", re.IGNORECASE)
_BEFORE = re.compile(r"^[\W_]+")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_STANDING = re.compile(r"^\s*(?:TM|T/M|T\.M|KT|TL|TUQ)[./ ]+\s*")


def fields_of(lines: Sequence[PaperLine], *, today: date | None = None) -> Fields:
    """Read the fields from sorted lines. ``today`` gives the year where the paper names none."""
    spoken = [line for line in lines if line.spoken]
    text = "\n".join(line.said for line in spoken)
    issued_on = paper_day([line.text for line in lines if line.role in ("number", "place_date", "header", "signature")])
    number = _number(lines)
    return Fields(
        number=number,
        kind=_kind(lines, number),
        title=_title(lines),
        issuer=_issuer(lines),
        issued_on=issued_on,
        valid_until=max(days_in(text, since=issued_on, today=today), default=None),
        hamlets=hamlets_in(text),
        phones=phones_in(text),
        accounts=accounts_in(text),
        amounts=amounts_in(text),
    )


def _number(lines: Sequence[PaperLine]) -> str:
    for line in lines:
        if line.role != "number":
            continue
        found = _OF_A_WARNING.search(line.text) or _NUMBER.search(line.text)
        if found:
            return re.sub(r"\s", "", found[1])
    return ""


def _kind(lines: Sequence[PaperLine], number: str) -> str:
    """By the line that names it, else by the mark in the number, else an office letter."""
    for line in lines:
        if line.role == "kind" or (line.spoken and line.role == "body" and is_kind(LineFeatures(line.text))):
            folded = _EDGES.sub("", fold(line.said))
            name = next((kind for kind in kinds() if folded == kind or folded.startswith(kind + " ")), None)
            if name:
                return kinds()[name]
    mark = re.split(r"[/-]", re.sub(r"^\d+[a-zA-Z]?[/-](?:\d{4}/)?", "", number))[0] if number else ""
    return kinds_by_mark().get(mark, "công văn" if number else "")


def _title(lines: Sequence[PaperLine]) -> str:
    """The first subject; else what follows the kind on its own line; else the first sentence."""
    subject = " ".join(_subject(lines))
    kind = next((line.said for line in lines if line.role == "kind"), "")
    if subject and _names_its_subject(kind):
        return f"{kind.strip()} {subject}"
    if subject:
        return subject[1:-1] if subject.startswith("(") and subject.endswith(")") else subject
    if len(kind.split()) > 3:
        return _BEFORE.sub("", kind).strip(" .:;,-–*")
    first = next(
        (line.said for line in lines if line.role in ("body", "kind") and line.spoken and len(line.said) > 20), ""
    )
    return re.split(r"(?<=[.!?:])\s", first)[0].strip(" .:!")


def _names_its_subject(kind: str) -> bool:
    """Whether the line of the kind goes on under it: TIN CẢNH BÁO LŨ QUÉT, then TRÊN ĐỊA BÀN TỈNH …"""
    folded = _EDGES.sub("", fold(kind))
    name = next((name for name in kinds() if folded == name or folded.startswith(name + " ")), folded)
    return name.startswith("tin ") and folded != name


def _subject(lines: Sequence[PaperLine]) -> list[str]:
    """The lines of the first subject: those that stand together."""
    found: list[PaperLine] = []
    for line in lines:
        if line.role == "subject" and (not found or line.line == found[-1].line + 1):
            found.append(line)
    return [next(iter(LineFeatures(line.text).cells), "") for line in found]


def title_for_form(fields: Fields) -> str:
    """One line that names the paper: "Thông báo về việc tiêm vắc xin …"; the kind is not said twice."""
    title, kind = fields.title, fields.kind
    about = _ABOUT.match(title)
    topic = title[about.end() :] if about else title
    if not kind or fold(topic).startswith(fold(kind)) or kind in ("công văn", "lịch"):
        return topic[:1].upper() + topic[1:]
    separator = " về việc " if about else ": "
    return f"{kind[:1].upper()}{kind[1:]}{separator}{topic}" if topic else f"{kind[:1].upper()}{kind[1:]}"


def _issuer(lines: Sequence[PaperLine]) -> str:
    """The body in the paper's head; the one above it is left out. Else the body that signs."""
    names: list[str] = []
    for line in lines:
        if line.role in ("kind", "subject", "addressee", "body"):
            break
        if line.role in ("header", "motto", "number", "place_date"):
            names += _bodies(LineFeatures(line.text))
    for line in lines:
        if not names and line.role == "signature":
            names += _bodies(LineFeatures(_STANDING.sub("", line.text)))
    start = max(
        (at for at, name in enumerate(names[:3]) if not opener("organisations", "place").match(fold(name))), default=0
    )
    return re.sub(r"\s+", " ", " ".join(names[start:3])).strip(" *-–")


def _bodies(features: LineFeatures) -> list[str]:
    found: list[str] = []
    for cell, mark in zip(features.cells, marks(features), strict=False):
        before = body_before(cell)
        if before or mark == "body" or (mark == "" and in_capitals(cell)):
            found.append(before or cell)
    return found
