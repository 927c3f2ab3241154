"""Bodies in JSON: what all of them are, and those of no one room. Each room holds its own in ``bodies.py``."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

Instant = Annotated[datetime, Meta(tz=True, description="Thời điểm kèm múi giờ, ví dụ 2026-11-21T17:00:00+07:00.")]
TimeOfDay = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="Giờ địa phương, HH:MM.")]
Weekday = Annotated[int, Meta(ge=0, le=6, description="0 là Thứ Hai, 6 là Chủ nhật.")]
Degrees = Annotated[list[float], Meta(min_length=2, max_length=2)]
"""Latitude and longitude."""
Minutes = Annotated[list[int], Meta(min_length=2, max_length=2)]
"""After local midnight: from, to."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A body the station gives."""


class Request(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A body somebody sends. A misspelt field is refused, not ignored."""


class Failure(Answer, frozen=True, kw_only=True):
    """Why it was not done.

    code: what was refused, the same in every language; all codes stand in ``docs/refusals.md``.
    field: the field of the request it is about, or null.
    message: one sentence that says what to do: in Vietnamese, or in English for who accepts that language.
    """

    code: str
    field: str | None
    message: str


class Zone(Answer, frozen=True, kw_only=True):
    """id, name: the zone as others name it."""

    id: str
    name: str
