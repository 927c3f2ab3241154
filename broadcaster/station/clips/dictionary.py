"""The commune's reading dictionary: how names and abbreviations of the place are said."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid, NotFound
from broadcaster.station.audit import entries as audit
from broadcaster.station.clips.steps import ReadingStep, require_reading_step
from broadcaster.station.people.roles import may, require, upwards
from broadcaster.station.rows import changes
from broadcaster.station.rows.text_search import having
from broadcaster.station.schema import DictionaryEntry, Person, Unit, Zone
from broadcaster.station.units.units import units_of
from broadcaster.station.vocabulary.names import folded, tidy
from broadcaster.station.vocabulary.pages import SIZE, Page, page_of
from broadcaster.station.vocabulary.states import UnitKind
from broadcaster.text import DictionaryError, ReadingDictionary, ReadingEntry, normalize
from broadcaster.text.page.cleaning import clean

LONGEST_WRITTEN, LONGEST_READING = 200, 400
"""Characters."""

_THERE = DictionaryEntry.removed_at.is_(None)
_NARROWEST_LAST = case((Unit.kind == UnitKind.PROVINCE, 0), (Unit.kind == UnitKind.COMMUNE, 1), else_=2)


def entries(s: Session) -> list[DictionaryEntry]:
    """Every line, by what is written."""
    return list(s.scalars(select(DictionaryEntry).where(_THERE).order_by(DictionaryEntry.written)))


def listing(s: Session, *, query: str = "", page: int = 1, size: int = SIZE) -> Page[DictionaryEntry]:
    """By what is written, with those whose removal waits; ``query`` is looked for in writing and reading."""
    chosen = select(DictionaryEntry).order_by(DictionaryEntry.written, DictionaryEntry.id)
    chosen = chosen.where(*having(query, DictionaryEntry.written, DictionaryEntry.reading))
    return page_of(s, chosen, page=page, size=size)


def reading_dictionary(s: Session, zones: Iterable[Zone] = ()) -> ReadingDictionary:
    """The lines that hold wherever these zones lie, as the reading rules take them, the narrower unit's word first: a
    line of one hamlet never changes the words of another. Without zones those of the commune and the province."""
    lines = s.scalars(_lines_of(_units_over(s, zones)).where(_THERE))
    return ReadingDictionary(tuple(entry_of(line) for line in lines))


def station_dictionary(s: Session) -> ReadingDictionary:
    """The lines by which the station reads what it says itself: the commune's and the province's, as released."""
    lines = s.scalars(_lines_of(_units_over(s, ())).where(DictionaryEntry.released.is_not(None)))
    return ReadingDictionary(tuple(ReadingEntry(line.written, **line.released) for line in lines if line.released))


def unreleased_authors(s: Session, zones: Iterable[Zone], text: str) -> set[str]:
    """Who wrote lines nobody released yet that may stand in this text: they wrote part of its words."""
    plain = _as_read(text)
    lines = s.scalars(_lines_of(_units_over(s, zones)))  # also those whose removal nobody released
    return {by for line in lines if is_waiting(line) and _as_read(line.written) in plain for by in line.authors}


def _as_read(text: str) -> str:
    """For comparing as the reader does: without what it cleans away, in its letters."""
    return folded(clean(text).text)


def _lines_of(units: frozenset[str]) -> Select[Any]:
    chosen = select(DictionaryEntry).join(Unit, Unit.id == DictionaryEntry.unit_id)
    chosen = chosen.where(DictionaryEntry.unit_id.in_(sorted(units)))
    return chosen.order_by(_NARROWEST_LAST, DictionaryEntry.written, DictionaryEntry.id)


def _units_over(s: Session, zones: Iterable[Zone]) -> frozenset[str]:
    """The commune, the province, and the hamlet in which all of it lies."""
    wide = frozenset(s.scalars(select(Unit.id).where(Unit.kind != UnitKind.HAMLET)))
    reached = {unit_id for zone in zones for unit_id in units_of(s, zone) if unit_id}
    if not reached:
        return wide
    return wide | frozenset.intersection(*(frozenset(upwards(s, unit_id)) for unit_id in reached))


def scopes(s: Session, *, by: Person) -> list[Unit]:
    """The communes and provinces whose dictionary this person may change, communes first."""
    chosen = select(Unit).where(Unit.kind.in_([UnitKind.COMMUNE, UnitKind.PROVINCE]))
    return [unit for unit in s.scalars(chosen.order_by(Unit.kind, Unit.name)) if may(s, by, "write", unit.id)]


def get(s: Session, entry_id: str) -> DictionaryEntry:
    """Raises NotFound."""
    line = s.get(DictionaryEntry, entry_id)
    if line is None:
        raise NotFound("dictionary.not_found")
    return line


def add(
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
    """A new line. Raises Conflict when the writing has one, Invalid when its reading cannot be said."""
    require(s, by, "write", unit_id)
    entry = checked(ReadingEntry(written, reading, match_case=match_case, whole_word=whole_word))
    before = _same_writing(s, unit_id, entry.written)
    if before is not None and before.removed_at is None:
        raise Conflict("dictionary.exists", field="written", written=entry.written)
    line = _line(entry, unit_id=unit_id, by=by, now_at=now_at, before=before)
    s.add(line)
    s.flush()
    _note(s, line, "dictionary.added", by=by, now_at=now_at)
    return line


def put(
    s: Session, *, unit_id: str, lines: Sequence[ReadingEntry], by: Person, now_at: datetime
) -> list[DictionaryEntry]:
    """Take over many lines at once; one that is there with another reading is replaced. Those that changed something.

    Raises Invalid naming the line, and then takes none.
    """
    require(s, by, "write", unit_id)
    known = {line.written: line for line in s.scalars(_of(unit_id))}
    new = []
    for entry in {each.written: each for each in map(checked, lines)}.values():
        before = known.get(entry.written)
        if before is not None and before.removed_at is None and entry_of(before) == entry:
            continue
        line = _line(entry, unit_id=unit_id, by=by, now_at=now_at, before=before)
        new.append(line)
        s.add(line)
    s.flush()
    details = {"lines": len(new), "replaced": sum(line.written in known for line in new)}
    audit.record(s, by=by, action="dictionary.imported", subject=f"unit:{unit_id}", now_at=now_at, details=details)
    changes.bump(s, "announcements")
    return new


def remove(s: Session, *, entry_id: str, by: Person, now_at: datetime) -> None:
    """Forget a line; what the station says by it stays until its removal is released. Raises NotFound."""
    line = get(s, entry_id)
    require_reading_step(s, ReadingStep.REMOVE, line, by)
    _note(s, line, "dictionary.removed", by=by, now_at=now_at)
    if line.released is None:
        s.delete(line)
    else:
        line.removed_at, line.authors = now_at, sorted({*line.authors, by.id})
    s.flush()


def release(s: Session, *, entry_id: str, reading: str, by: Person, now_at: datetime) -> None:
    """The station itself says it so from now on, or no more. ``reading`` is what this person was shown; empty for a
    removal.

    Raises NotFound, NotAllowed for whoever wrote part of it, Conflict when it is another by now.
    """
    line = get(s, entry_id)
    require_reading_step(s, ReadingStep.RELEASE, line, by)
    if reading != ("" if line.removed_at else line.reading):
        raise Conflict("dictionary.changed_since_seen", field="reading")
    _note(s, line, "dictionary.released", by=by, now_at=now_at)
    if line.removed_at is not None:
        s.delete(line)
    else:
        line.released, line.authors = _form(entry_of(line)), []
    s.flush()
    changes.bump(s, "slots")


def waiting(s: Session) -> list[DictionaryEntry]:
    """Lines that the station does not say yet as they stand, or says still."""
    return [line for line in s.scalars(select(DictionaryEntry).order_by(DictionaryEntry.written)) if is_waiting(line)]


def is_waiting(line: DictionaryEntry) -> bool:
    """Whether it differs from what was released."""
    return line.removed_at is not None or line.released != _form(entry_of(line))


def _form(entry: ReadingEntry) -> dict[str, Any]:
    return {"reading": entry.reading, "match_case": entry.match_case, "whole_word": entry.whole_word}


def _line(
    entry: ReadingEntry, *, unit_id: str, by: Person, now_at: datetime, before: DictionaryEntry | None = None
) -> DictionaryEntry:
    """The line as it is now typed; ``before`` is the one of the same writing, which may be one taken out."""
    line = before or DictionaryEntry(unit_id=unit_id, written=entry.written, authors=[])
    line.reading, line.match_case, line.whole_word = entry.reading, entry.match_case, entry.whole_word
    line.created_by_id, line.created_at, line.removed_at = by.id, now_at, None
    line.authors = sorted({*line.authors, by.id})
    return line


def entry_of(line: DictionaryEntry) -> ReadingEntry:
    """The line as the reading rules take it."""
    return ReadingEntry(line.written, line.reading, match_case=line.match_case, whole_word=line.whole_word)


def checked(entry: ReadingEntry) -> ReadingEntry:
    """The entry, tidied. Raises Invalid with the field that cannot be used."""
    written, reading = tidy(entry.written), tidy(entry.reading)
    if not written or written.startswith("#"):
        raise Invalid("dictionary.no_word", field="written")
    if not reading:
        raise Invalid("dictionary.no_reading", field="reading", written=written[:40])
    if len(written) > LONGEST_WRITTEN:
        raise Invalid("dictionary.word_too_long", field="written", longest=LONGEST_WRITTEN)
    if len(reading) > LONGEST_READING:
        raise Invalid("dictionary.reading_too_long", field="reading", longest=LONGEST_READING)
    tidied = ReadingEntry(written, reading, match_case=entry.match_case, whole_word=entry.whole_word)
    _check_speakable(tidied)
    return tidied


def _check_speakable(entry: ReadingEntry) -> None:
    try:
        ReadingDictionary.from_tsv(ReadingDictionary((entry,)).to_tsv())
    except DictionaryError as error:
        raise Invalid.of(error.reason, field="reading") from None
    if not normalize(entry.reading).text.strip():
        raise Invalid("dictionary.reading_unspeakable", field="reading")


def _of(unit_id: str) -> Select[Any]:
    return select(DictionaryEntry).where(DictionaryEntry.unit_id == unit_id)


def _same_writing(s: Session, unit_id: str, written: str) -> DictionaryEntry | None:
    found: DictionaryEntry | None = s.scalar(_of(unit_id).where(DictionaryEntry.written == written))
    return found


def _note(s: Session, line: DictionaryEntry, action: str, *, by: Person, now_at: datetime) -> None:
    details = {"written": line.written, "reading": line.reading}
    audit.record(s, by=by, action=action, subject=f"unit:{line.unit_id}", now_at=now_at, details=details)
    changes.bump(s, "announcements")
