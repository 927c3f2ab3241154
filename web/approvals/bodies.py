"""Bodies about what changed since a decision."""

from datetime import datetime
from typing import Any

import msgspec

from web.announcements.bodies import Announcement
from web.api.bodies import Answer, Request
from web.wishes.bodies import Outcome


class ChangedWords(Answer, frozen=True, kw_only=True):
    """change: same, gone or new; words: with the spaces between them."""

    change: str
    words: str


class Fact(Answer, frozen=True, kw_only=True):
    """What a field was and is."""

    before: Any
    now: Any


class Difference(Answer, frozen=True, kw_only=True):
    """Since the last time somebody approved, returned or rejected the announcement; all null when nobody did.

    text: the text as it was and is, in one row; empty when no word changed.
    facts: other fields that changed, by name.
    """

    action: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    comment: str | None = None
    text: list[ChangedWords] = msgspec.field(default_factory=list)
    facts: dict[str, Fact] = msgspec.field(default_factory=dict)


class Approval(Request, frozen=True, kw_only=True):
    """content_hash: of what was heard; refused (422) without it, and (409) when the announcement changed meanwhile."""

    content_hash: str = ""


class Approved(Announcement, frozen=True, kw_only=True):
    """The announcement as it was released. outcome: what became of the time it was sent with."""

    outcome: Outcome


class Comment(Request, frozen=True, kw_only=True):
    """comment: what the author should know."""

    comment: str = ""
