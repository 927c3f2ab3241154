"""Blanks in a pattern: ``[giờ họp: giờ]`` is a place to be filled, of a kind that says how it is typed and written."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from functools import partial

from broadcaster.errors import Invalid
from broadcaster.station.vocabulary.names import tidy

LONGEST = 500
"""Characters of one answer; a passage may have ten times as many."""


class BlankKind(StrEnum):
    """How a blank is typed; the value is what stands behind the colon."""

    WORDS = "chữ"
    DAY = "ngày"
    TIME = "giờ"
    MONEY = "tiền"
    PHONE = "điện thoại"
    PASSAGE = "đoạn"


_KINDS = "|".join(BlankKind)
_BLANK = re.compile(rf"\[\s*([^\[\]:\n]{{1,60}}?)\s*(?::\s*({_KINDS})\s*)?\]")


@dataclass(frozen=True, slots=True)
class Blank:
    """name: what is asked for, such as ``giờ họp``; kind: how it is typed."""

    name: str
    kind: BlankKind


def blanks(text: str) -> tuple[Blank, ...]:
    """Those of a text, each name once, in order; where one name has several kinds the first counts."""
    found: dict[str, Blank] = {}
    for match in _BLANK.finditer(text):
        found.setdefault(match[1], Blank(match[1], BlankKind(match[2] or BlankKind.WORDS)))
    return tuple(found.values())


def filled(text: str, answers: Mapping[str, str]) -> str:
    """The text with every blank written as its kind asks. ``answers`` by name, as typed.

    Raises Invalid with the blank's name as field.
    """
    written = {blank.name: _written(blank, answers.get(blank.name, "")) for blank in blanks(text)}
    return _BLANK.sub(lambda match: written[match[1]], text)


def dotted(text: str) -> str:
    """The text with dots for its blanks."""
    return _BLANK.sub("…", text)


def suggested(text: str) -> str:
    """A finished text with blanks where dates, times, amounts and telephone numbers stand."""
    counts: dict[str, int] = {}
    for kind, pattern in _FACTS:
        text = pattern.sub(partial(_new_blank, kind=kind, counts=counts), text)
    return text


_FACTS = (
    (BlankKind.PHONE, re.compile(r"(?<![\d.\[])0\d{2,3}[ .]?\d{3}[ .]?\d{3,4}(?!\d)")),
    (BlankKind.DAY, re.compile(r"(?<![\d/])\d{1,2}/\d{1,2}(?:/\d{4})?(?![\d/])")),
    (BlankKind.TIME, re.compile(r"(?<!\d)\d{1,2}(?:h\d{0,2}|:\d{2}| giờ(?: \d{1,2})?)(?!\w)")),
    (BlankKind.MONEY, re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{3})+ ?(?:đồng|đ)(?!\w)")),
)
"""What usually differs from one announcement of a kind to the next."""
_NAMES = {BlankKind.MONEY: "số tiền"}


def _new_blank(_found: re.Match[str], *, kind: BlankKind, counts: dict[str, int]) -> str:
    name = _NAMES.get(kind, kind.value)
    counts[name] = counts.get(name, 0) + 1
    number = f" {counts[name]}" if counts[name] > 1 else ""
    return f"[{name}{number}: {kind.value}]"


def _written(blank: Blank, answer: str) -> str:
    plain = answer.strip() if blank.kind is BlankKind.PASSAGE else tidy(answer)
    if not plain:
        raise Invalid("blank.empty", field=blank.name, blank=blank.name)
    if len(plain) > (LONGEST * 10 if blank.kind is BlankKind.PASSAGE else LONGEST):
        raise Invalid("blank.too_long", field=blank.name, blank=blank.name)
    try:
        return "".join(_spelled(blank.kind, plain))
    except ValueError:
        raise Invalid(_WRONG[blank.kind], field=blank.name, blank=blank.name) from None


def _spelled(kind: BlankKind, plain: str) -> Iterator[str]:
    """As an official writes it. Raises ValueError."""
    if kind is BlankKind.DAY:
        yield f"{_day(plain):%d/%m/%Y}"
    elif kind is BlankKind.TIME:
        at = time.fromisoformat(plain)
        yield f"{at.hour} giờ {at.minute:02}" if at.minute else f"{at.hour} giờ"
    elif kind is BlankKind.MONEY:
        yield f"{_amount(plain):,} đồng".replace(",", ".")
    else:
        yield plain.replace("[", "(").replace("]", ")")


def _day(plain: str) -> date:
    if "/" in plain:
        day, month, year = (int(each) for each in plain.split("/"))
        return date(year, month, day)
    return date.fromisoformat(plain)


def _amount(plain: str) -> int:
    digits = re.sub(r"[\s.,]|đồng$|đ$", "", plain)
    if not digits.isdecimal() or len(digits) > 12:
        raise ValueError(plain)
    return int(digits)


_WRONG = {BlankKind.DAY: "blank.day_wrong", BlankKind.TIME: "blank.time_wrong", BlankKind.MONEY: "blank.money_wrong"}
