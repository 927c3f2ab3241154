"""What stands around the announcements of a programme: the greeting with the date before them, the closing after, and
the commune's own music around and between.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from broadcaster.clip_plans import Music
from broadcaster.protocol.values import BroadcastClass
from broadcaster.refusals.reasons import Reason
from broadcaster.station.broadcasts.freezing import Content
from broadcaster.station.clips import station_clips, tunes
from broadcaster.station.clips.station_clips import StationWords
from broadcaster.station.programmes import greetings
from broadcaster.station.relays.takes import NOTHING_RELAYED, RelayPart
from broadcaster.station.schema import Clip, Slot, Tune, Unit
from broadcaster.station.units import spoken_words
from broadcaster.station.vocabulary.states import UnitKind

ClipOf = Callable[[StationWords], Clip | None]
"""From words to the clip that says them, once it is made."""
WAITING = Reason("programme.frame_being_made")


@dataclass(frozen=True, slots=True)
class ProgrammeFrame:
    """greeting, closing: None when the slot has none or it is not made yet; filler: between announcements; unmade:
    something is still to be made; unapproved: names of music that was chosen and that nobody approved; relay: what was
    taken of another station for this date."""

    greeting: Content | None = None
    closing: Content | None = None
    filler: Content | None = None
    unmade: bool = False
    unapproved: tuple[str, ...] = ()
    relay: RelayPart = NOTHING_RELAYED


def between(filler: Content, following: Content) -> Content:
    """The filler before one content: in one programme each is a broadcast of its own."""
    both = f"{filler.content_hash}\n{following.announcement_id or ''}\n{following.content_hash}"
    return replace(filler, content_hash=hashlib.sha256(both.encode()).hexdigest())


def frame(s: Session, slot: Slot, day: date, *, now_at: datetime) -> ProgrammeFrame:
    """The frame of one date of a slot; what of it is not made yet is asked for."""
    return _frame(s, slot, day, lambda saying: station_clips.want(s, saying, now_at=now_at))


def made_frame(s: Session, slot: Slot, day: date) -> ProgrammeFrame:
    """The same of what is made already; asks for nothing and writes nothing."""
    return _frame(s, slot, day, lambda saying: station_clips.standing(s, saying)[0])


def _frame(s: Session, slot: Slot, day: date, clip_of: ClipOf) -> ProgrammeFrame:
    chosen = [each for each in (slot.opening_tune_id, slot.ending_tune_id, slot.bed_id, slot.filler_id) if each]
    usable = tunes.usable(s, chosen)
    opening, ending, bed, filler = (
        usable.get(each or "") for each in (slot.opening_tune_id, slot.ending_tune_id, slot.bed_id, slot.filler_id)
    )
    before = _greeting(s, slot, day, clip_of, (opening, bed)) if slot.greeting else _alone(opening, "Nhạc hiệu mở đầu")
    after = _closing(s, clip_of, (ending, bed)) if slot.closing else _alone(ending, "Nhạc kết chương trình")
    unmade = (slot.greeting and before is None) or (slot.closing and after is None)
    missing = tuple(sorted(tune.name for each in chosen if each not in usable and (tune := s.get(Tune, each))))
    return ProgrammeFrame(before, after, _alone(filler, "Nhạc đệm"), unmade, missing)


def _greeting(
    s: Session, slot: Slot, day: date, clip_of: ClipOf, music: tuple[Tune | None, Tune | None]
) -> Content | None:
    """With its tune, which stands in the chime's place, and its bed."""
    tune, bed = music
    text = greetings.greeting(day, _commune(s, slot), spoken_words.spoken(s, spoken_words.OPENING))
    chime = None if tune else "routine"
    around = _music(before=tune, bed=bed)
    return _content(s, "Lời chào đầu chương trình", StationWords(text, chime, music=around), clip_of)


def _closing(s: Session, clip_of: ClipOf, music: tuple[Tune | None, Tune | None]) -> Content | None:
    tune, bed = music
    words = greetings.ended(spoken_words.spoken(s, spoken_words.CLOSING) or greetings.CLOSING)
    return _content(s, "Lời kết chương trình", StationWords(words, music=_music(bed=bed, after=tune)), clip_of)


def _music(**around: Tune | None) -> Music | None:
    found = {place: tune.recording_sha256 for place, tune in around.items() if tune is not None}
    return Music(**found) if found else None


def _alone(tune: Tune | None, title: str) -> Content | None:
    """A tune as a content of its own."""
    if tune is None or tune.clip_sha256 is None:
        return None
    return Content(
        announcement_id=None,
        title=title,
        script=f"♪ {tune.name}",
        broadcast_class=BroadcastClass.ROUTINE,
        drill=False,
        clip_sha256=tune.clip_sha256,
        content_hash=hashlib.sha256(f"{title}\n{tune.clip_sha256}".encode()).hexdigest(),
    )


def _content(s: Session, title: str, saying: StationWords, clip_of: ClipOf) -> Content | None:
    clip = clip_of(saying)
    if clip is None:
        return None
    script = station_clips.plan(s, saying).script.text
    return Content(
        announcement_id=None,
        title=title,
        script=script,
        broadcast_class=BroadcastClass.ROUTINE,
        drill=False,
        clip_sha256=clip.sha256,
        content_hash=hashlib.sha256(f"{script}\n{clip.sha256}".encode()).hexdigest(),
    )


def _commune(s: Session, slot: Slot) -> str:
    """The name of the commune the slot's zones lie in; empty when they name no unit."""
    unit = next((zone.unit for zone in slot.zones if zone.unit is not None), None)
    while unit is not None and unit.kind is not UnitKind.COMMUNE:
        unit = s.get(Unit, unit.parent_id) if unit.parent_id else None
    return spoken_words.spoken(s, spoken_words.COMMUNE) if unit else ""
