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
from broadcaster.station.clips import jobs
from broadcaster.station.clips.dictionary import unreleased_authors
from broadcaster.station.people.roles import Permission, commune_id, may
from broadcaster.station.rows import settings
from broadcaster.station.schema import Announcement, Person, Zone
from broadcaster.station.schema.announcement_fields import AnnouncementFields
from broadcaster.station.units.units import find_zones
from broadcaster.station.vocabulary.states import AnnouncementState

ALL_CLEAR = "all_clear"
CORRECTION = "correction"
ANSWERS = (ALL_CLEAR, CORRECTION)
"""What belongs to a running alarm, and never begins one."""
DRILL = "Diễn tập: "
SHIPPED = "ready_texts_shipped"
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

    Whoever copies them has written none of them, and may release them as they are, unless they wrote a reading that
    changes their words and that nobody released.
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
        announcement.authors = sorted(unreleased_authors(s, announcement.zones, announcement.text))
        jobs.let_wait(s, announcement)
    return made


def ship(s: Session, *, now_at: datetime) -> bool:
    """Put the shipped texts into the book of a new station, once, for its whole commune, so that they only have to be
    heard and released. True when that is behind it.

    They stand in the name of the first person who may write there; until there is one, nothing is done. A book that
    somebody began stays as it is, and what is withdrawn later does not come back by itself.
    """
    if settings.read(s, SHIPPED) is not None:
        return True
    zone, person = _whole_commune(s), None
    if zone is not None and not book(s):
        people = s.scalars(select(Person).order_by(Person.created_at, Person.username)).unique()
        person = next((each for each in people if may(s, each, Permission.WRITE, zone.unit_id)), None)
        if person is None:
            return False
        fill(s, zones=[zone], by=person, now_at=now_at)
    elif zone is None:
        return False
    settings.write(s, SHIPPED, True)
    return True


def _whole_commune(s: Session) -> Zone | None:
    return s.scalar(select(Zone).where(Zone.unit_id == commune_id(s))) if commune_id(s) else None


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
