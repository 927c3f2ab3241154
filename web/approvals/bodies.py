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


class UnreleasedWords(Answer, frozen=True, kw_only=True):
    """name: greeting_opening, closing_words or commune_name; wanted: as typed; spoken: what is said meanwhile."""

    name: str
    wanted: str
    spoken: str


class UnreleasedReading(Answer, frozen=True, kw_only=True):
    """reading: as typed, null for a removal; spoken: what is said meanwhile, null for the rules alone."""

    id: str
    unit: str
    written: str
    reading: str | None
    spoken: str | None


class UnreleasedSpeech(Answer, frozen=True, kw_only=True):
    """All that the station does not say yet as it was typed."""

    words: list[UnreleasedWords]
    readings: list[UnreleasedReading]


class ReleasedWords(Request, frozen=True, kw_only=True):
    """wanted: the words as they were shown; refused (409) when they changed meanwhile."""

    wanted: str


class ReleasedReading(Request, frozen=True, kw_only=True):
    """reading: as it was shown, null for a removal; refused (409) when it changed meanwhile."""

    reading: str | None = None
