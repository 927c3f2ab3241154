"""The commune's reading dictionary: how names and abbreviations of the place are said."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid, NotFound
from broadcaster.station import audit, changes
from broadcaster.station.roles import require
from broadcaster.station.schema import DictionaryEntry, Person
from broadcaster.station.words import name_of
from broadcaster.text import DictionaryError, Entry, ReadingDictionary, normalize


def entries(s: Session) -> list[DictionaryEntry]:
    """Every line, by what is written."""
    return list(s.scalars(select(DictionaryEntry).order_by(DictionaryEntry.written)))


def reading_dictionary(s: Session) -> ReadingDictionary:
    """All lines as the reading rules take them."""
    return ReadingDictionary(tuple(_entry(line) for line in entries(s)))


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
    line = DictionaryEntry(
        unit_id=unit_id,
        written=name_of(written, field="written", longest=200),
        reading=name_of(reading, field="reading", longest=400),
        match_case=match_case,
        whole_word=whole_word,
        created_by_id=by.id,
        created_at=now_at,
    )
    _check(s, line)
    s.add(line)
    s.flush()
    _note(s, line, "dictionary.added", by=by, now_at=now_at)
    return line


def remove(s: Session, *, entry_id: str, by: Person, now_at: datetime) -> None:
    """Forget a line. Raises NotFound."""
    line = s.get(DictionaryEntry, entry_id)
    if line is None:
        raise NotFound("Không có mục này trong từ điển đọc. Hãy tải lại trang.")
    require(s, by, "write", line.unit_id)
    _note(s, line, "dictionary.removed", by=by, now_at=now_at)
    s.delete(line)


def _entry(line: DictionaryEntry) -> Entry:
    return Entry(line.written, line.reading, match_case=line.match_case, whole_word=line.whole_word)


def _check(s: Session, line: DictionaryEntry) -> None:
    if s.scalar(select(DictionaryEntry).where(DictionaryEntry.written == line.written)):
        raise Conflict(f"“{line.written}” đã có trong từ điển đọc. Hãy xóa mục cũ trước.", field="written")
    try:
        ReadingDictionary((_entry(line),))
    except DictionaryError as error:
        raise Invalid(str(error), field="reading") from None
    if not normalize(line.reading).text.strip():
        raise Invalid("Cách đọc này không có từ nào đọc được. Hãy ghi bằng chữ tiếng Việt.", field="reading")


def _note(s: Session, line: DictionaryEntry, action: str, *, by: Person, now_at: datetime) -> None:
    details = {"written": line.written, "reading": line.reading}
    audit.record(s, by=by, action=action, subject=f"unit:{line.unit_id}", now_at=now_at, details=details)
    changes.bump(s, "announcements")
