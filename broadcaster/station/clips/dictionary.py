"""The commune's reading dictionary: how names and abbreviations of the place are said."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid, NotFound
from broadcaster.station.audit import entries as audit
from broadcaster.station.people.roles import may, require
from broadcaster.station.rows import changes
from broadcaster.station.rows.finding import having
from broadcaster.station.schema import DictionaryEntry, Person, Unit
from broadcaster.station.vocabulary.names import tidy
from broadcaster.station.vocabulary.pages import SIZE, Page, page_of
from broadcaster.station.vocabulary.states import UnitKind
from broadcaster.text import DictionaryError, ReadingDictionary, ReadingEntry, normalize

LONGEST_WRITTEN, LONGEST_READING = 200, 400
"""Characters."""

_NARROWEST_LAST = case((Unit.kind == UnitKind.PROVINCE, 0), (Unit.kind == UnitKind.COMMUNE, 1), else_=2)


def entries(s: Session) -> list[DictionaryEntry]:
    """Every line, by what is written."""
    return list(s.scalars(select(DictionaryEntry).order_by(DictionaryEntry.written)))


def listing(s: Session, *, query: str = "", page: int = 1, size: int = SIZE) -> Page[DictionaryEntry]:
    """By what is written; ``query`` is looked for in writing and reading."""
    chosen = select(DictionaryEntry).order_by(DictionaryEntry.written, DictionaryEntry.id)
    chosen = chosen.where(*having(query, DictionaryEntry.written, DictionaryEntry.reading))
    return page_of(s, chosen, page=page, size=size)


def reading_dictionary(s: Session) -> ReadingDictionary:
    """All lines as the reading rules take them; the commune's word goes before the province's."""
    chosen = select(DictionaryEntry).join(Unit, Unit.id == DictionaryEntry.unit_id)
    lines = s.scalars(chosen.order_by(_NARROWEST_LAST, DictionaryEntry.written, DictionaryEntry.id))
    return ReadingDictionary(tuple(entry_of(line) for line in lines))


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
    if _same_writing(s, unit_id, entry.written):
        raise Conflict("dictionary.exists", field="written", written=entry.written)
    line = _line(entry, unit_id=unit_id, by=by, now_at=now_at)
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
        if before is not None and entry_of(before) == entry:
            continue
        if before is not None:
            s.delete(before)
            s.flush()
        new.append(_line(entry, unit_id=unit_id, by=by, now_at=now_at))
        s.add(new[-1])
    s.flush()
    details = {"lines": len(new), "replaced": sum(line.written in known for line in new)}
    audit.record(s, by=by, action="dictionary.imported", subject=f"unit:{unit_id}", now_at=now_at, details=details)
    changes.bump(s, "announcements")
    return new


def remove(s: Session, *, entry_id: str, by: Person, now_at: datetime) -> None:
    """Forget a line. Raises NotFound."""
    line = get(s, entry_id)
    require(s, by, "write", line.unit_id)
    _note(s, line, "dictionary.removed", by=by, now_at=now_at)
    s.delete(line)
    s.flush()


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


def _line(entry: ReadingEntry, *, unit_id: str, by: Person, now_at: datetime) -> DictionaryEntry:
    return DictionaryEntry(
        unit_id=unit_id,
        written=entry.written,
        reading=entry.reading,
        match_case=entry.match_case,
        whole_word=entry.whole_word,
        created_by_id=by.id,
        created_at=now_at,
    )


def _note(s: Session, line: DictionaryEntry, action: str, *, by: Person, now_at: datetime) -> None:
    details = {"written": line.written, "reading": line.reading}
    audit.record(s, by=by, action=action, subject=f"unit:{line.unit_id}", now_at=now_at, details=details)
    changes.bump(s, "announcements")
