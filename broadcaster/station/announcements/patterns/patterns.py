"""Patterns for what is announced again and again: shipped, and the commune's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Invalid, NotFound
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.announcements.drafts import check_text
from broadcaster.station.announcements.patterns import blanks
from broadcaster.station.announcements.patterns.blanks import Blank
from broadcaster.station.audit import entries as audit
from broadcaster.station.people.roles import require
from broadcaster.station.schema import PatternRow, Person
from broadcaster.station.vocabulary.names import name_of

_DATA = Path(__file__).parent / "data" / "patterns.tsv"


@dataclass(frozen=True, slots=True)
class Pattern:
    """id; title and text with their blanks; broadcast_class; own: whether the commune wrote it."""

    id: str
    title: str
    broadcast_class: BroadcastClass
    text: str
    own: bool = False

    @property
    def name(self) -> str:
        """The title with dots where the blanks are."""
        return blanks.dotted(self.title)

    @property
    def blanks(self) -> tuple[Blank, ...]:
        """What is to be filled in, in order; those of the title first."""
        return blanks.blanks(f"{self.title}\n{self.text}")


@cache
def shipped() -> tuple[Pattern, ...]:
    """Those that come with the program."""
    rows = (line.split("\t") for line in _DATA.read_text(encoding="utf-8").splitlines()[1:])
    return tuple(Pattern(kind, title, BroadcastClass(of), text.replace("\\n", "\n")) for kind, title, of, text in rows)


def listing(s: Session) -> list[Pattern]:
    """The commune's own first, the newest of them first."""
    own = select(PatternRow).where(PatternRow.removed_at.is_(None)).order_by(PatternRow.created_at.desc())
    return [*(_own(row) for row in s.scalars(own)), *shipped()]


def get(s: Session, pattern_id: str) -> Pattern:
    """Raises NotFound."""
    row = s.get(PatternRow, pattern_id)
    if row is not None and row.removed_at is None:
        return _own(row)
    for each in shipped():
        if each.id == pattern_id:
            return each
    raise NotFound("pattern.not_found")


def fill(pattern: Pattern, answers: Mapping[str, str]) -> tuple[str, str]:
    """Title and text with the answers in their blanks. Raises Invalid with the name of the blank as field."""
    title = blanks.filled(pattern.title, answers)
    return name_of(title[:200], field="title", longest=200), blanks.filled(pattern.text, answers)


def add(s: Session, *, title: str, text: str, broadcast_class: str, by: Person, now_at: datetime) -> Pattern:
    """A pattern of the commune's own. Raises Invalid or NotAllowed."""
    require(s, by, "write", None)
    if broadcast_class not in set(BroadcastClass):
        raise Invalid("pattern.class_unknown", field="class")
    row = PatternRow(
        title=name_of(title, field="title", longest=200),
        text=check_text(text),
        broadcast_class=BroadcastClass(broadcast_class),
        created_by_id=by.id,
        created_at=now_at,
    )
    s.add(row)
    s.flush()
    _note(s, row, "pattern.added", by=by, now_at=now_at)
    return _own(row)


def remove(s: Session, *, pattern_id: str, by: Person, now_at: datetime) -> None:
    """Take an own pattern away. Raises NotFound, also for a shipped one, or NotAllowed."""
    require(s, by, "write", None)
    row = s.get(PatternRow, pattern_id)
    if row is None or row.removed_at is not None:
        raise NotFound("pattern.not_own")
    row.removed_at = now_at
    _note(s, row, "pattern.removed", by=by, now_at=now_at)


def _own(row: PatternRow) -> Pattern:
    return Pattern(row.id, row.title, row.broadcast_class, row.text, own=True)


def _note(s: Session, row: PatternRow, action: str, *, by: Person, now_at: datetime) -> None:
    audit.record(s, by=by, action=action, subject=f"pattern:{row.id}", now_at=now_at, details={"title": row.title})
