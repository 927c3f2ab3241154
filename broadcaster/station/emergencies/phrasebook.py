"""Ready texts for emergencies: shipped, copied into the commune's own announcements, edited and approved there.

Once approved, the clip of each is held in store by every node of its zones, so that an order is a few hundred bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.announcements import announcements
from broadcaster.station.announcements.steps import Step, require_step
from broadcaster.station.schema import Announcement, Person, Zone
from broadcaster.station.schema.announcement_fields import AnnouncementFields
from broadcaster.station.units.units import find_zones
from broadcaster.station.vocabulary.states import AnnouncementState

ALL_CLEAR = "all_clear"
CORRECTION = "correction"
ANSWERS = (ALL_CLEAR, CORRECTION)
"""What belongs to a running alarm, and never begins one."""
DRILL = "Diễn tập: "
_DATA = Path(__file__).parent / "data" / "phrases.tsv"
_DEAD = (AnnouncementState.REJECTED, AnnouncementState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Phrase:
    """kind: of emergency; title, text: in Vietnamese; repeats: how many times the whole is said."""

    kind: str
    title: str
    repeats: int
    text: str


@cache
def shipped() -> tuple[Phrase, ...]:
    """The texts that come with the program, in the order they are shown."""
    rows = (line.split("\t") for line in _DATA.read_text(encoding="utf-8").splitlines()[1:])
    return tuple(Phrase(kind, title, int(repeats), text) for kind, title, repeats, text in rows)


def fill(s: Session, *, zones: Sequence[Zone | str], by: Person, now_at: datetime) -> list[Announcement]:
    """Drafts of the shipped texts these zones have none of yet. Raises Invalid or NotAllowed.

    Whoever copies them has written none of them, and may release them as they are.
    """
    wanted = {zone.id for zone in find_zones(s, [each.id if isinstance(each, Zone) else each for each in zones])}
    there = {each.phrase for each in book(s) if not each.drill and {zone.id for zone in each.zones} == wanted}
    made = [
        announcements.create(
            s,
            AnnouncementFields(
                title=each.title,
                text=each.text,
                zones=sorted(wanted),
                broadcast_class=BroadcastClass.EMERGENCY,
                repeats=each.repeats,
                phrase=each.kind,
            ),
            by=by,
            now_at=now_at,
        )
        for each in shipped()
        if each.kind not in there
    ]
    for announcement in made:
        announcement.authors = []
    return made


def drill_of(s: Session, announcement: Announcement, *, by: Person, now_at: datetime) -> Announcement:
    """A draft of the same words as an exercise, with a sound of its own.

    Raises NotAllowed, or Conflict for what is one already and for what has one.
    """
    require_step(s, Step.DRILL, announcement, by)
    written = AnnouncementFields(
        title=f"{DRILL}{announcement.title}"[:200],
        text=announcement.text,
        zones=announcement.zones,
        broadcast_class=BroadcastClass.EMERGENCY,
        repeats=announcement.repeats,
        drill=True,
        phrase=announcement.phrase,
    )
    return announcements.create(s, written, by=by, now_at=now_at)


def book(s: Session) -> list[Announcement]:
    """The commune's ready texts and their drills, in the order of the shipped ones."""
    chosen = select(Announcement).where(Announcement.phrase.is_not(None), Announcement.state.not_in(_DEAD))
    place = {each.kind: index for index, each in enumerate(shipped())}
    return sorted(
        s.scalars(chosen).unique(), key=lambda each: (place.get(each.phrase or "", 99), each.drill, each.created_at)
    )
