"""Bodies about patterns with blanks."""

import msgspec

from broadcaster.protocol.values import BroadcastClass
from web.api.bodies import Answer, Request


class NewPattern(Request, frozen=True, kw_only=True):
    """title, text: with blanks such as [ngày họp: ngày]; kinds: chữ (left out), ngày, giờ, tiền, điện thoại, đoạn."""

    title: str
    text: str
    broadcast_class: BroadcastClass = msgspec.field(name="class", default=BroadcastClass.ROUTINE)


class Answers(Request, frozen=True, kw_only=True):
    """answers: what stands in each blank, by its name; a day as 2026-11-28, a time as 07:30, money as digits."""

    answers: dict[str, str]


class Blank(Answer, frozen=True, kw_only=True):
    """name: what is asked for; kind: how it is typed."""

    name: str
    kind: str


class Pattern(Answer, frozen=True, kw_only=True):
    """own: whether the commune wrote it."""

    id: str
    title: str
    text: str
    broadcast_class: BroadcastClass = msgspec.field(name="class")
    own: bool
    blanks: list[Blank]


class FilledPattern(Answer, frozen=True, kw_only=True):
    """Ready to be sent to /announcements, with zones."""

    title: str
    text: str
    broadcast_class: BroadcastClass = msgspec.field(name="class")
