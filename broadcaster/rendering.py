"""Script to clip: the whole way from words to a finished file, knowing no database."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from broadcaster.audio.compose import Piece, compose
from broadcaster.audio.encode import opus
from broadcaster.audio.horn import HornSetting
from broadcaster.audio.loudness import loudness_lufs
from broadcaster.audio.programme import programme
from broadcaster.audio.settings import AudioSettings
from broadcaster.audio.sound import Sound
from broadcaster.audio.store import StoredClip, store_clip
from broadcaster.audio.trim import trimmed
from broadcaster.errors import Invalid, LoaError
from broadcaster.speech import SpeechCancelled, SpeechSettings, Voice
from broadcaster.speech.chain import SpeechChain, Spoken
from broadcaster.speech.factory import build_chain

if TYPE_CHECKING:
    from broadcaster.text import Script

RENDERING_VERSION = 1
"""Raised whenever the same plan would sound different."""
DRILL_WORDS = "Đây là thông báo diễn tập, không phải báo động thật."
"""Said before and after every reading of a drill, whatever its text says."""
SYLLABLES_A_MINUTE = 190

_DRILL_PAUSE_MS = 600
_SPEECH_DONE, _SOUND_DONE = 0.7, 0.8

Progress = Callable[[float, str], None]
"""Called with the fraction done and a few Vietnamese words on what is being done."""
Cancelled = Callable[[], bool]


def _tell_nobody(_fraction: float, _stage: str) -> None:
    return None


def _never() -> bool:
    return False


class RenderCancelled(LoaError):
    """Somebody stopped the work; nothing was kept."""


@dataclass(frozen=True)
class ClipPlan:
    """Everything that decides how a clip sounds."""

    script: "Script"
    """The words to be said."""
    voice: Voice
    """The voice asked for."""
    broadcast_class: str
    """``routine``, ``priority`` or ``emergency``."""
    chime: str | None
    """Name of the chime before the words, or None; a drill always has the drill's."""
    repeats: int = 1
    """How many times the words are said, 1 to 5."""
    horn: HornSetting = "mild"
    """How hard the sound is worked on for horns."""
    drill: bool = False
    """Sounds unmistakably like a drill."""


@dataclass(frozen=True)
class RenderedClip:
    """A finished clip on disk."""

    path: Path
    """The file."""
    sha256: str
    """Digest of the file, hexadecimal; also its name."""
    size_bytes: int
    """Size of the file in bytes."""
    duration_ms: int
    """How long it sounds, in ms."""
    engine: str
    """The engine that spoke all of it, or ``upload``."""
    fallback_reason: str | None
    """Vietnamese sentence on why the voice asked for was passed over, or None."""
    loudness_lufs: float
    """Measured loudness in LUFS (ITU-R BS.1770)."""


class SoundConfig(Protocol):
    """What the renderer needs of the station's configuration."""

    @property
    def data_dir(self) -> Path: ...
    @property
    def clips_dir(self) -> Path: ...
    @property
    def speech(self) -> SpeechSettings: ...
    @property
    def audio(self) -> AudioSettings: ...


def plan_hash(plan: ClipPlan, *, dictionary_version: str, reading_version: str) -> str:
    """Names the clip before it is made: equal plans read by equal rules have equal hashes."""
    sentences = [(sentence.text, sentence.pause_ms) for sentence in plan.script.sentences]
    facts = {
        "sentences": sentences,
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
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def build_renderer(config: SoundConfig) -> "Renderer":
    chain = build_chain(
        config.speech,
        cache_dir=config.data_dir / "sentences",
        voices_dir=config.data_dir / "voices",
    )
    return Renderer(chain=chain, clips_dir=config.clips_dir, settings=config.audio)


class Renderer:
    """Makes clips; thread-safe; a clip is whole on disk or not there at all."""

    def __init__(self, *, chain: SpeechChain, clips_dir: Path, settings: AudioSettings | None = None) -> None:
        self.chain = chain
        self.clips_dir = clips_dir
        self.settings = settings or AudioSettings()

    def render(
        self,
        plan: ClipPlan,
        *,
        progress: Progress = _tell_nobody,
        cancelled: Cancelled = _never,
    ) -> RenderedClip:
        """Raises ``Invalid``, ``SpeechUnavailable``, ``RenderCancelled`` or ``DiskFull``, each with its sentence."""
        sound, spoken = self.perform(plan, progress=progress, cancelled=cancelled)
        stored = self._encoded(sound, progress=progress, cancelled=cancelled)
        return RenderedClip(
            path=stored.path,
            sha256=stored.sha256,
            size_bytes=stored.size_bytes,
            duration_ms=sound.duration_ms,
            engine=spoken.engine,
            fallback_reason=spoken.fallback_reason,
            loudness_lufs=round(loudness_lufs(sound), 1),
        )

    def perform(
        self, plan: ClipPlan, *, progress: Progress = _tell_nobody, cancelled: Cancelled = _never
    ) -> tuple[Sound, Spoken]:
        """The sound of ``plan`` before encoding, and who spoke it."""
        self._check(plan)
        spoken = self._speak(plan, progress=progress, cancelled=cancelled)
        progress(_SPEECH_DONE, "đang chỉnh âm thanh cho loa")
        sound = programme(
            _reading(plan, spoken),
            horn=plan.horn,
            chime_name="drill" if plan.drill else plan.chime,
            repeats=plan.repeats,
            settings=self.settings,
        )
        return sound, spoken

    def _check(self, plan: ClipPlan) -> None:
        if not plan.script.sentences:
            raise Invalid("Văn bản đọc đang trống; hãy nhập nội dung bản tin.", field="text")
        if not 1 <= plan.repeats <= 5:
            raise Invalid("Số lần đọc phải từ 1 đến 5.", field="repeats")
        syllables = sum(len(sentence.text.split()) for sentence in plan.script.sentences)
        minutes = syllables * plan.repeats * 100 / plan.voice.rate_percent / SYLLABLES_A_MINUTE
        if minutes > self.settings.longest_clip_minutes:
            raise Invalid(
                f"Bản tin đọc mất khoảng {minutes:.0f} phút, dài hơn mức {self.settings.longest_clip_minutes} phút;"
                " hãy chia thành nhiều bản tin.",
                field="text",
            )

    def _speak(self, plan: ClipPlan, *, progress: Progress, cancelled: Cancelled) -> Spoken:
        progress(0.0, "đang đọc")
        sentences = [sentence.text for sentence in plan.script.sentences]
        if plan.drill:
            sentences.append(DRILL_WORDS)
        try:
            return self.chain.speak(
                sentences,
                voice=plan.voice,
                progress=lambda done, total: progress(_SPEECH_DONE * done / total, f"đang đọc câu {done}/{total}"),
                cancelled=cancelled,
            )
        except SpeechCancelled as error:
            raise RenderCancelled(str(error)) from error

    def _encoded(self, sound: Sound, *, progress: Progress, cancelled: Cancelled) -> StoredClip:
        def step(fraction: float) -> None:
            if cancelled():
                raise RenderCancelled("Đã dừng tạo tệp phát theo yêu cầu; bản tin chưa thay đổi.")
            progress(_SOUND_DONE + (1 - _SOUND_DONE) * fraction, "đang ghi tệp phát")

        content = opus(
            sound,
            bitrate_bps=self.settings.bitrate_bps,
            complexity=self.settings.encoder_complexity,
            progress=step,
        )
        return store_clip(content, folder=self.clips_dir)


def _reading(plan: ClipPlan, spoken: Spoken) -> Sound:
    """One reading of the script, with its pauses; no pause after the last sentence."""
    said = [trimmed(Sound.from_pcm16(speech.samples, sample_rate=speech.sample_rate)) for speech in spoken.sentences]
    pieces: list[Piece] = []
    for sound, sentence in zip(said, plan.script.sentences, strict=False):
        pieces += [sound, sentence.pause_ms]
    if plan.drill:
        return compose([said[-1], _DRILL_PAUSE_MS, *pieces[:-1], _DRILL_PAUSE_MS, said[-1]])
    return compose(pieces[:-1])
