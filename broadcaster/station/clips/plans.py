"""From an announcement to the plan of its clip: which words, which voice, which chime."""

from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from broadcaster.audio.settings import HornSetting
from broadcaster.clip_plans import ClipPlan, RecordingPlan, plan_hash, recording_hash
from broadcaster.protocol.values import BroadcastClass
from broadcaster.refusals.reasons import encode
from broadcaster.station.clips import voice_choices
from broadcaster.station.clips.dictionary import reading_dictionary, unreleased_authors
from broadcaster.station.clips.voices import voice_of
from broadcaster.station.schema import Announcement, Version
from broadcaster.text import Script, normalize, reading_version


@dataclass(frozen=True, slots=True)
class NamedPlan:
    """plan: what to make, a recording by its sha256 alone; name: the hash of everything that decides how it sounds."""

    plan: ClipPlan | RecordingPlan
    name: str


def read_script(s: Session, text: str, *, repeat_key_facts: bool = False) -> Script:
    """The words that will be said, with the commune's own dictionary."""
    return normalize(text, dictionary=reading_dictionary(s), repeat_key_facts=repeat_key_facts)


def script_of(s: Session, announcement: Announcement) -> Script:
    """The words of this announcement, with the dictionaries of all the places where it sounds."""
    dictionary = reading_dictionary(s, announcement.zones)
    return normalize(announcement.text, dictionary=dictionary, repeat_key_facts=announcement.repeat_key_facts)


def note_authors(s: Session, announcement: Announcement) -> None:
    """Whoever wrote an unreleased reading that stands in it wrote part of its words."""
    wrote = unreleased_authors(s, announcement.zones, announcement.text)
    announcement.authors = sorted({*announcement.authors, *wrote})


def plan(s: Session, announcement: Announcement, script: Script) -> NamedPlan:
    """The clip this announcement needs when these are its words."""
    if announcement.recording_sha256 is not None:
        return _recorded(announcement, announcement.recording_sha256)
    wanted = ClipPlan(
        script=script,
        voice=voice_of(
            s, voice_choices.wanted(announcement, voice_choices.read(s)), rate_percent=announcement.rate_percent
        ),
        broadcast_class=announcement.broadcast_class.value,
        chime=announcement.broadcast_class.value,
        repeats=announcement.repeats,
        horn=_horn(announcement),
        drill=announcement.drill,
    )
    version = reading_dictionary(s, announcement.zones).version
    return NamedPlan(wanted, plan_hash(wanted, dictionary_version=version, reading_version=reading_version()))


def version_plan(announcement: Announcement, version: Version) -> NamedPlan:
    """The clip this version of the announcement needs."""
    return _recorded(announcement, version.recording_sha256)


def _recorded(announcement: Announcement, sha256: str) -> NamedPlan:
    wanted = RecordingPlan(
        recording=Path(sha256),
        chime=announcement.broadcast_class.value,
        repeats=announcement.repeats,
        horn=_horn(announcement),
        drill=announcement.drill,
    )
    return NamedPlan(wanted, recording_hash(wanted))


def _horn(announcement: Announcement) -> HornSetting:
    return "loud" if announcement.broadcast_class is BroadcastClass.EMERGENCY else "mild"


def take_script(announcement: Announcement, script: Script) -> None:
    """Write the words and the doubts about them into the announcement."""
    announcement.script = script.text
    announcement.doubts = [asdict(doubt) | {"reason": encode(doubt.reason)} for doubt in script.doubts]
