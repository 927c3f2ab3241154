"""Bodies about announcements in other languages."""

from datetime import datetime

from web.announcements.bodies import Clip, Rendering
from web.api.bodies import Answer, Request


class ChosenLanguages(Request, frozen=True, kw_only=True):
    """languages: codes of /languages in the order they sound; "vi" is the text itself. Empty: as the unit above."""

    languages: list[str]


class Language(Answer, frozen=True, kw_only=True):
    """code (ISO 639), name in Vietnamese."""

    code: str
    name: str


class ZoneLanguages(Answer, frozen=True, kw_only=True):
    """What a zone listens to, in order; empty: as the unit above it."""

    id: str
    name: str
    languages: list[str]


class Version(Answer, frozen=True, kw_only=True):
    """The announcement in one other language.

    text: its words where somebody wrote them down.
    stale: the announcement's text changed since; it must be recorded again, confirmed or taken back before approval.
    """

    language: str
    name: str
    text: str
    recording_name: str
    stale: bool
    clip: Clip | None
    rendering: Rendering | None
    made_by: str
    made_at: datetime


class Versions(Answer, frozen=True, kw_only=True):
    """revision: of the announcement; missing: names of the nodes whose language has no version."""

    revision: int
    items: list[Version]
    missing: dict[str, list[str]]
