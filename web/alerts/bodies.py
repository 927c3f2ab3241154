"""Bodies about warnings of others."""

from datetime import datetime

import msgspec

from web.api.bodies import Answer, Request


class NewSource(Request, frozen=True, kw_only=True):
    """name: for people; url: of a feed that is asked every minute, or empty; certificate: PEM of whoever signs."""

    name: str
    certificate: str
    url: str = ""


class AllowanceWish(Request, frozen=True, kw_only=True):
    """drill: whether exercises or real emergencies shall sound by themselves."""

    drill: bool = False


class Allowance(Answer, frozen=True, kw_only=True):
    """confirmed_at: nothing is allowed while this is null; steps: what the caller may do with it now: confirm, end."""

    id: str
    drill: bool
    asked_by: str
    confirmed_by: str | None
    confirmed_at: datetime | None
    steps: list[str]


class Source(Answer, frozen=True, kw_only=True):
    """trouble: code of what hindered the last time it was asked; token: shown once, when the source is added;
    steps: what the caller may do with it now: allow, allow_drill, close."""

    id: str
    name: str
    url: str
    asked_at: datetime | None
    trouble: str | None
    allowances: list[Allowance]
    steps: list[str]
    token: str | None = None


class PastedPaper(Request, frozen=True, kw_only=True):
    """text: a warning of the weather service as pasted; leave: kinds of damage that are not to be repaired.

    bring_back, leave_out: numbers of lines that a person switched by hand.
    """

    text: str
    leave: tuple[str, ...] = ()
    bring_back: tuple[int, ...] = ()
    leave_out: tuple[int, ...] = ()


class Received(Answer, frozen=True, kw_only=True):
    """One message. outcome: prepared, ordered, ignored, refused, replaced or expired; reason: a code, or null."""

    id: str
    source: str
    identifier: str
    title: str
    drill: bool
    outcome: str
    reason: str | None
    zones: list[str]
    received_at: datetime
    expires_at: datetime | None
    announcement_id: str | None = msgspec.field(name="announcement")
    follows_id: str | None = msgspec.field(name="follows")
