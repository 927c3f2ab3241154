"""What a clip is to be, and what it became: values that load no sound library, so that any process may hold them."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from broadcaster.audio.recording.found import Found
from broadcaster.audio.settings import HornSetting
from broadcaster.errors import LoaError
from broadcaster.refusals.reasons import Reason
from broadcaster.speech import Voice

if TYPE_CHECKING:
    from broadcaster.text import Script

RENDERING_VERSION = 1
"""Raised whenever the same plan would sound different."""
READING_OF_RECORDINGS = 2
"""Raised whenever the same recording would be read differently; 1 believed headers and lost or repeated sound."""
RELAY_ENGINE = "relay"
"""Stands where an engine's name would, in a clip taken from a stream of another station."""
RECORDINGS = "recordings"
"""Folder among the clips in which uploaded files lie, each named by its sha256."""

Progress = Callable[[float, Reason], None]
"""Called with the fraction done and a few Vietnamese words on what is being done."""
Cancelled = Callable[[], bool]


@dataclass(frozen=True, kw_only=True)
class Music:
    """Uploaded music around words: before and after them, and under them; each the sha256 of a recording, or None."""

    before: str | None = None
    bed: str | None = None
    after: str | None = None

    def recordings(self) -> dict[str, str]:
        """Those there are, by their place."""
        named = {"before": self.before, "bed": self.bed, "after": self.after}
        return {place: sha256 for place, sha256 in named.items() if sha256 is not None}


@dataclass(frozen=True)
class ClipPlan:
    """Words to be said.

    script: the words, sentence by sentence.
    voice: the voice asked for.
    broadcast_class: ``routine``, ``priority`` or ``emergency``.
    chime: name of the chime before the words, or None; a drill always has the drill's.
    repeats: how many times the words are said, 1 to 5.
    horn: how hard the sound is worked on for horns.
    drill: makes it sound unmistakably like a drill.
    music: what surrounds the words; never of an emergency.
    """

    script: "Script"
    voice: Voice
    broadcast_class: str
    chime: str | None
    repeats: int = 1
    horn: HornSetting = "mild"
    drill: bool = False
    music: Music | None = None


@dataclass(frozen=True)
class TunePlan:
    """Music that was uploaded, to be made a clip of its own.

    recording: sha256 of the uploaded file.
    most_seconds: the longest it may be.
    """

    recording: str
    most_seconds: int


@dataclass(frozen=True)
class RecordingPlan:
    """A recording to be broadcast; it goes through the same chain as speech.

    recording: the uploaded file, of any kind that can be read.
    chime: name of the chime before it, or None; a drill always has the drill's.
    repeats: how many times it is played, 1 to 5.
    horn: how hard the sound is worked on for horns.
    drill: gives it the drill's chime.
    """

    recording: Path
    chime: str | None
    repeats: int = 1
    horn: HornSetting = "mild"
    drill: bool = False


class RenderCancelled(LoaError):
    """Somebody stopped the work; nothing was kept."""


@dataclass(frozen=True)
class RenderedClip:
    """A finished clip on disk.

    path: the file.
    sha256: digest of the file, hexadecimal; also its name.
    size_bytes: size of the file.
    duration_ms: how long it sounds.
    engine: the engine that spoke all of it, or ``upload``.
    fallback_reason: why the voice asked for was passed over, or None.
    loudness_lufs: measured loudness (ITU-R BS.1770).
    recorded: what was found in the recording it was made from; None when a voice spoke.
    """

    path: Path
    sha256: str
    size_bytes: int
    duration_ms: int
    engine: str
    fallback_reason: Reason | None
    loudness_lufs: float
    recorded: Found | None = None


def plan_hash(plan: ClipPlan, *, dictionary_version: str, reading_version: str) -> str:
    """Names the clip before it is made: equal plans read by equal rules have equal hashes (sha256, hexadecimal)."""
    facts = {
        "sentences": [(sentence.text, sentence.pause_ms) for sentence in plan.script.sentences],
        "voice": asdict(plan.voice),
        "class": plan.broadcast_class,
        "chime": plan.chime,
        "repeats": plan.repeats,
        "horn": plan.horn,
        "drill": plan.drill,
        "dictionary": dictionary_version,
        "reading": reading_version,
        "rendering": RENDERING_VERSION,
    }
    if plan.music is not None and plan.music.recordings():  # without any, names stay as before there was music
        facts["music"] = plan.music.recordings()
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def tune_hash(plan: TunePlan) -> str:
    """The same for music whose file is named by its sha256."""
    facts = {"tune": plan.recording, "reading": READING_OF_RECORDINGS, "rendering": RENDERING_VERSION}
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def recording_hash(plan: RecordingPlan) -> str:
    """The same for a recording whose file is named by its sha256."""
    facts = {
        "recording": plan.recording.name,
        "reading": READING_OF_RECORDINGS,
        "chime": plan.chime,
        "repeats": plan.repeats,
        "horn": plan.horn,
        "drill": plan.drill,
        "rendering": RENDERING_VERSION,
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
