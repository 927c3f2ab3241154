"""What stands around the announcements of a programme: the greeting with the date before them, the closing after."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from broadcaster.protocol.values import BroadcastClass
from broadcaster.refusals.reasons import Reason
from broadcaster.station.broadcasts.freezing import Content
from broadcaster.station.clips import station_clips
from broadcaster.station.clips.station_clips import StationWords
from broadcaster.station.programmes import greetings
from broadcaster.station.schema import Clip, Slot, Unit
from broadcaster.station.units import spoken_words
from broadcaster.station.vocabulary.states import UnitKind

ClipOf = Callable[[StationWords], Clip | None]
"""From words to the clip that says them, once it is made."""
WAITING = Reason("programme.frame_being_made")


@dataclass(frozen=True, slots=True)
class ProgrammeFrame:
    """greeting, closing: None when the slot has none or it is not made yet; unmade: something is still to be made."""

    greeting: Content | None = None
    closing: Content | None = None
    unmade: bool = False


def frame(s: Session, slot: Slot, day: date, *, now_at: datetime) -> ProgrammeFrame:
    """The frame of one date of a slot; what of it is not made yet is asked for."""
    return _frame(s, slot, day, lambda saying: station_clips.want(s, saying, now_at=now_at))


def made_frame(s: Session, slot: Slot, day: date) -> ProgrammeFrame:
    """The same of what is made already; asks for nothing and writes nothing."""
    return _frame(s, slot, day, lambda saying: station_clips.standing(s, saying)[0])


def _frame(s: Session, slot: Slot, day: date, clip_of: ClipOf) -> ProgrammeFrame:
    before = after = None
    if slot.greeting:
        opening = spoken_words.spoken(s, spoken_words.OPENING)
        text = greetings.greeting(day, _commune(s, slot), opening)
        before = _content(s, "Lời chào đầu chương trình", StationWords(text, "routine"), clip_of)
    if slot.closing:
        closing = spoken_words.spoken(s, spoken_words.CLOSING) or greetings.CLOSING
        after = _content(s, "Lời kết chương trình", StationWords(greetings.ended(closing)), clip_of)
    unmade = (slot.greeting and before is None) or (slot.closing and after is None)
    return ProgrammeFrame(before, after, unmade)


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
