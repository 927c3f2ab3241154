"""What programs send and are answered about the reading dictionary."""

from typing import Annotated

from msgspec import Meta

from broadcaster.station.clips import dictionary
from web.api.bodies import Answer, Request


class NewReading(Request, frozen=True, kw_only=True):
    """How something is said.

    unit: the commune or province whose dictionary it goes into.
    written: as it stands in announcements; reading: the words to be said, in letters.
    match_case: capitals must be the same; whole_word: it must stand alone.
    """

    unit: str
    written: Annotated[str, Meta(max_length=dictionary.LONGEST_WRITTEN)]
    reading: Annotated[str, Meta(max_length=dictionary.LONGEST_READING)]
    match_case: bool = False
    whole_word: bool = True


class Reading(Answer, frozen=True, kw_only=True):
    """One entry; the fields are those of NewReading."""

    id: str
    unit: str
    written: str
    reading: str
    match_case: bool
    whole_word: bool


class Readings(Answer, frozen=True, kw_only=True):
    """A page of entries."""

    items: list[Reading]
    page: int
    pages: int
    total: int
