"""Teaching the station how something is read: the dictionary changes, and the clips of drafts that say it follow."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Invalid, NotAllowed
from broadcaster.refusals.reasons import Reason
from broadcaster.station.clips import dictionary, jobs, station_clips
from broadcaster.station.clips.plans import script_of
from broadcaster.station.clips.station_clips import StationWords
from broadcaster.station.schema import Announcement, Clip, DictionaryEntry, Person
from broadcaster.station.vocabulary.names import folded, tidy
from broadcaster.station.vocabulary.states import AnnouncementState
from broadcaster.text import DictionaryError, ReadingDictionary, ReadingEntry

MOST_LINES = 5_000
"""Of one file."""
UNSETTLED = (AnnouncementState.DRAFT, AnnouncementState.RETURNED)
"""Announcements whose sound may still change; what was sent for approval keeps the words that were heard."""


def teach(
    s: Session,
    *,
    unit_id: str,
    written: str,
    reading: str,
    by: Person,
    now_at: datetime,
    match_case: bool = False,
    whole_word: bool = True,
) -> DictionaryEntry:
    """A new line of the dictionary, raising as ``dictionary.add``."""
    line = dictionary.add(
        s,
        unit_id=unit_id,
        written=written,
        reading=reading,
        match_case=match_case,
        whole_word=whole_word,
        by=by,
        now_at=now_at,
    )
    renew(s, [line.written], by=by, now_at=now_at)
    return line


def listen(s: Session, *, written: str, reading: str, by: Person, now_at: datetime) -> None:
    """Have the reading said, to be heard before it is saved. Raises Invalid when it cannot be said, or NotAllowed."""
    if not dictionary.scopes(s, by=by):
        raise NotAllowed("dictionary.not_yours")
    station_clips.want(s, StationWords(dictionary.checked(ReadingEntry(written, reading)).reading), now_at=now_at)


def heard(s: Session, reading: str) -> tuple[Clip | None, Reason | None]:
    """The sound of a reading once it is made, or why it could not be made."""
    return station_clips.standing(s, StationWords(tidy(reading)))


def forget(s: Session, *, entry_id: str, by: Person, now_at: datetime) -> None:
    """Raises NotFound or NotAllowed."""
    written = dictionary.get(s, entry_id).written
    dictionary.remove(s, entry_id=entry_id, by=by, now_at=now_at)
    renew(s, [written], by=by, now_at=now_at)


def take_over(s: Session, *, unit_id: str, content: str, by: Person, now_at: datetime) -> list[DictionaryEntry]:
    """Lines of a file as ``ReadingDictionary.to_tsv`` writes it; those that changed something.

    Raises Invalid that names the line, and then takes none.
    """
    new = dictionary.put(s, unit_id=unit_id, lines=_lines(content), by=by, now_at=now_at)
    renew(s, [line.written for line in new], by=by, now_at=now_at)
    return new


def renew(s: Session, writings: Sequence[str], *, by: Person, now_at: datetime) -> list[Announcement]:
    """Have the clips of unsettled announcements made again whose words are no longer what was read; whoever changed the
    words wrote part of them."""
    sought = [folded(each) for each in writings]
    renewed = []
    for each in s.scalars(select(Announcement).where(Announcement.state.in_(UNSETTLED))).unique():
        if _says_any(each.text, sought) and _reads_differently(s, each):
            each.authors = sorted({*each.authors, by.id})
            jobs.queue(s, announcement=each, now_at=now_at)
            renewed.append(each)
    return renewed


def _says_any(text: str, sought: Iterable[str]) -> bool:
    plain = folded(text)
    return any(each in plain for each in sought)


def _reads_differently(s: Session, announcement: Announcement) -> bool:
    return script_of(s, announcement).text != announcement.script


def _lines(content: str) -> tuple[ReadingEntry, ...]:
    try:
        lines = ReadingDictionary.from_tsv(content).entries
    except DictionaryError as error:
        raise Invalid("dictionary.line_wrong", field="file", line=error.line, why=error.reason) from None
    if not lines:
        raise Invalid("dictionary.file_empty", field="file")
    if len(lines) > MOST_LINES:
        raise Invalid("dictionary.file_too_long", field="file", lines=len(lines), most=MOST_LINES)
    return lines
