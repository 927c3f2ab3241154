"""Words typed on pages of settings that the station itself says: the opening and the closing of programmes, the name of
the commune.

A change is heard only after somebody else who may approve released it; until then the station says what it said before.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, NotAllowed, NotFound
from broadcaster.station.audit import entries as audit
from broadcaster.station.people.roles import require
from broadcaster.station.rows import changes, settings
from broadcaster.station.schema import Person, Unit
from broadcaster.station.vocabulary.states import UnitKind

OPENING, CLOSING, COMMUNE = "greeting_opening", "closing_words", "commune_name"
NAMES = (OPENING, CLOSING, COMMUNE)
_WAITING = "unreleased."


@dataclass(frozen=True, slots=True)
class UnreleasedWords:
    """name: one of NAMES; wanted: as typed now; spoken: what the station says meanwhile; authors: ids of who typed."""

    name: str
    wanted: str
    spoken: str
    authors: tuple[str, ...]


def spoken(s: Session, name: str) -> str:
    """What the station may say."""
    waiting = settings.read(s, _WAITING + name)
    return str(waiting["spoken"]) if waiting else _typed(s, name)


def note_change(s: Session, name: str, before: str, after: str, *, by: Person | None) -> None:
    """Somebody typed other words; ``by`` of None is the machine's own terminal, which needs nobody's release."""
    if by is None or before == after:
        return
    waiting = settings.read(s, _WAITING + name) or {"spoken": before, "authors": []}
    authors = sorted({*waiting["authors"], by.id})
    still = None if after == waiting["spoken"] else {"spoken": waiting["spoken"], "authors": authors}
    settings.write(s, _WAITING + name, still)


def unreleased(s: Session) -> list[UnreleasedWords]:
    """All that waits for a second person."""
    found = [(name, settings.read(s, _WAITING + name)) for name in NAMES]
    return [
        UnreleasedWords(name, _typed(s, name), waiting["spoken"], tuple(waiting["authors"]))
        for name, waiting in found
        if waiting
    ]


def release(s: Session, *, name: str, wanted: str, by: Person, now_at: datetime) -> None:
    """The station says it from now on. ``wanted`` is what this person was shown.

    Raises NotFound when nothing waits, NotAllowed for whoever typed part of it, Conflict when it is another by now.
    """
    waiting = next((each for each in unreleased(s) if each.name == name), None)
    if waiting is None:
        raise NotFound("words.nothing_waits")
    require_may_release(s, waiting, by)
    if wanted != waiting.wanted:
        raise Conflict("words.changed_since_seen", field="wanted")
    settings.write(s, _WAITING + name, None)
    details = {"before": waiting.spoken, "after": waiting.wanted}
    audit.record(s, by=by, action="settings.released", subject=f"settings:{name}", now_at=now_at, details=details)
    changes.bump(s, "slots")


def require_may_release(s: Session, words: UnreleasedWords, by: Person) -> None:
    """Raises NotAllowed, also for whoever typed part of them."""
    require(s, by, "approve", None)
    if by.id in words.authors:
        raise NotAllowed("words.own_words")


def _typed(s: Session, name: str) -> str:
    if name != COMMUNE:
        return str(settings.read(s, name, ""))
    commune = s.scalars(select(Unit).where(Unit.kind == UnitKind.COMMUNE).order_by(Unit.id).limit(1)).first()
    return commune.name if commune else ""
