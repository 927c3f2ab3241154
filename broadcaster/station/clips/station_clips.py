"""Clips the station makes for itself, of fixed words and the date: asked for when a programme is filled."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from broadcaster.clip_plans import ClipPlan, Music, plan_hash
from broadcaster.protocol.values import BroadcastClass
from broadcaster.refusals.reasons import Reason
from broadcaster.speech import AUTO
from broadcaster.station.clips import clips, voice_choices
from broadcaster.station.clips.clip_queue import ClipQueue
from broadcaster.station.clips.dictionary import station_dictionary
from broadcaster.station.clips.voices import voice_of
from broadcaster.station.rows.inserting import insert_once
from broadcaster.station.schema import Clip, StationClip
from broadcaster.text import normalize, reading_version

QUEUE = ClipQueue(StationClip, StationClip.plan_hash, StationClip.created_at, topics=("slots", "jobs"))
"""Programmes that wait for one are filled anew when it is made; one that failed is tried again after a while."""


@dataclass(frozen=True, slots=True)
class StationWords:
    """text: the words, as written; chime: before them; voice: who says them, as an announcement asks for one; music:
    around them, each file by its sha256."""

    text: str
    chime: str | None = None
    voice: str = AUTO
    music: Music | None = None


def want(s: Session, saying: StationWords, *, now_at: datetime) -> Clip | None:
    """The finished clip of it; None while it is still to be made, which is then asked for."""
    name = name_of(s, saying)
    made = clips.find(s, name)
    if made is None:
        s.execute(insert_once(s, StationClip, plan_hash=name, created_at=now_at, **_columns(saying)))
        row = s.get_one(StationClip, name, populate_existing=True)
        made = s.get(Clip, row.clip_sha256) if row.clip_sha256 else None
    return made


def name_of(s: Session, saying: StationWords) -> str:
    """The hash of everything that decides how it sounds."""
    wanted = plan(s, saying)
    return plan_hash(wanted, dictionary_version=station_dictionary(s).version, reading_version=reading_version())


def standing(s: Session, saying: StationWords) -> tuple[Clip | None, Reason | None]:
    """The clip of it, if it is made, and why it could not be made, if so."""
    name = name_of(s, saying)
    row = s.get(StationClip, name)
    made = clips.find(s, name) or (s.get(Clip, row.clip_sha256) if row and row.clip_sha256 else None)
    return made, row.error if row else None


def is_asked(s: Session, saying: StationWords) -> bool:
    """Whether somebody asked for it before."""
    return s.get(StationClip, name_of(s, saying)) is not None


def plan(s: Session, saying: StationWords) -> ClipPlan:
    """How it is to sound."""
    return ClipPlan(
        script=normalize(saying.text, dictionary=station_dictionary(s)),
        voice=voice_of(s, saying.voice if saying.voice != AUTO else voice_choices.read(s).routine),
        broadcast_class=BroadcastClass.ROUTINE.value,
        chime=saying.chime,
        music=saying.music,
    )


def plan_of(s: Session, row: StationClip) -> ClipPlan:
    """The same of what was asked for."""
    music = Music(**row.music) if row.music else None
    return plan(s, StationWords(row.text, row.chime, row.voice, music))


def _columns(saying: StationWords) -> dict[str, object]:
    music = saying.music.recordings() if saying.music else {}
    return {"text": saying.text, "chime": saying.chime, "voice": saying.voice, "music": music or None}
