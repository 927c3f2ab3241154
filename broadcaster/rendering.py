"""Script to clip: the whole way from words to a finished file, knowing no database."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from broadcaster.audio.assembly import assembled, chime_alone
from broadcaster.audio.compose import SoundPiece, compose
from broadcaster.audio.decode import DecodedRecording, decoded
from broadcaster.audio.encode import opus
from broadcaster.audio.loudness import loudness_lufs
from broadcaster.audio.music import MusicSounds, surrounded, tune_alone
from broadcaster.audio.settings import AudioSettings
from broadcaster.audio.sound import Sound
from broadcaster.audio.store import DiskFull, store_clip
from broadcaster.audio.trim import trimmed
from broadcaster.clip_plans import (
    RECORDINGS,
    RENDERING_VERSION,
    Cancelled,
    ClipPlan,
    Music,
    Progress,
    RecordingPlan,
    RenderCancelled,
    RenderedClip,
    TunePlan,
    plan_hash,
)
from broadcaster.errors import Invalid
from broadcaster.refusals.reasons import Reason
from broadcaster.speech import SpeechCancelled, SpeechSettings, SpeechUnavailable
from broadcaster.speech.chain import SpeechChain, Spoken
from broadcaster.speech.engine import Speech
from broadcaster.speech.factory import build_chain

__all__ = [
    "DRILL_WORDS",
    "RENDERING_VERSION",
    "Cancelled",
    "ClipPlan",
    "DiskFull",
    "Progress",
    "RecordingPlan",
    "RenderCancelled",
    "RenderedClip",
    "Renderer",
    "SpeechUnavailable",
    "TunePlan",
    "build_renderer",
    "plan_hash",
]

DRILL_WORDS = "Đây là thông báo diễn tập, không phải báo động thật."
"""Said before and after every reading of a drill, whatever its text says."""
SYLLABLES_A_MINUTE = 190
WORDLESS = {"chirp": "chime"}
"""Chimes that sound alone, and what stands where an engine's name would."""
UPLOAD = "upload"
"""Stands where an engine's name would, in a clip made from a recording."""

_DRILL_PAUSE_MS = 600
_SPEECH_DONE, _SOUND_DONE = 0.7, 0.8


def _tell_nobody(_fraction: float, _stage: Reason) -> None:
    return None


def _never() -> bool:
    return False


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


def build_renderer(config: SoundConfig) -> "Renderer":
    """Sentences are kept in ``data_dir/sentences``, Piper's voices lie in ``data_dir/voices``."""
    chain = build_chain(config.speech, cache_dir=config.data_dir / "sentences", voices_dir=config.data_dir / "voices")
    return Renderer(chain=chain, clips_dir=config.clips_dir, settings=config.audio)


class Renderer:
    """Makes clips; thread-safe; a clip is whole on disk or not there at all."""

    def __init__(self, *, chain: SpeechChain, clips_dir: Path, settings: AudioSettings | None = None) -> None:
        self.chain = chain
        self.clips_dir = clips_dir
        self.settings = settings or AudioSettings()

    def render(
        self, plan: ClipPlan, *, progress: Progress = _tell_nobody, cancelled: Cancelled = _never
    ) -> RenderedClip:
        """Raises ``Invalid``, ``SpeechUnavailable``, ``RenderCancelled`` or ``DiskFull``."""
        if plan.chime in WORDLESS:
            alone = chime_alone(plan.chime, settings=self.settings)
            return self._finished(alone, engine=WORDLESS[plan.chime], fallback=None, step=_step(progress, cancelled))
        sound, spoken = self.perform(plan, progress=progress, cancelled=cancelled)
        return self._finished(
            sound, engine=spoken.engine, fallback=spoken.fallback_reason, step=_step(progress, cancelled)
        )

    def render_recording(
        self, plan: RecordingPlan, *, progress: Progress = _tell_nobody, cancelled: Cancelled = _never
    ) -> RenderedClip:
        """The same for an uploaded file; raises ``Invalid`` when it cannot be broadcast."""
        self._check_repeats(plan.repeats)
        progress(0.0, Reason("stage.reading_recording"))
        recording = decoded(plan.recording, settings=self.settings)
        words = trimmed(recording.sound)
        self._check_length(words.duration_ms / 60_000, plan.repeats)
        progress(_SPEECH_DONE, Reason("stage.shaping"))
        sound = self._assembled(words, plan)
        made = self._finished(sound, engine=UPLOAD, fallback=None, step=_step(progress, cancelled))
        return replace(made, recorded=recording.found)

    def render_tune(self, plan: TunePlan) -> RenderedClip:
        """The clip of uploaded music alone; raises ``Invalid`` when it cannot be broadcast."""
        recording = self._brought(plan.recording)
        if recording.sound.duration_ms > plan.most_seconds * 1000:
            raise Invalid("tune.too_long", field="recording", most_seconds=plan.most_seconds)
        sound = tune_alone(recording.sound, settings=self.settings)
        made = self._finished(sound, engine=UPLOAD, fallback=None, step=_step(_tell_nobody, _never))
        return replace(made, recorded=recording.found)

    def perform(
        self, plan: ClipPlan, *, progress: Progress = _tell_nobody, cancelled: Cancelled = _never
    ) -> tuple[Sound, Spoken]:
        """The sound of ``plan`` before encoding, and who spoke it."""
        self._check(plan)
        spoken = self._speak(plan, progress=progress, cancelled=cancelled)
        progress(_SPEECH_DONE, Reason("stage.shaping"))
        reading = compose(_reading(plan, spoken))
        if plan.music is not None and plan.music.recordings():
            return self._surrounded(reading, plan, plan.music), spoken
        return self._assembled(reading, plan), spoken

    def _surrounded(self, words: Sound, plan: ClipPlan, music: Music) -> Sound:
        brought = {place: self._brought(sha256).sound for place, sha256 in music.recordings().items()}
        return surrounded(words, MusicSounds(**brought), chime_name=plan.chime, settings=self.settings)

    def _brought(self, sha256: str) -> DecodedRecording:
        file = self.clips_dir / RECORDINGS / sha256
        if not file.is_file():
            raise Invalid("recording.original_gone", field="recording")
        return decoded(file, settings=self.settings)

    def _assembled(self, words: Sound, plan: ClipPlan | RecordingPlan) -> Sound:
        return assembled(
            words,
            horn=plan.horn,
            chime_name="drill" if plan.drill else plan.chime,
            repeats=plan.repeats,
            settings=self.settings,
        )

    def _check(self, plan: ClipPlan) -> None:
        if not plan.script.sentences:
            raise Invalid("script.empty", field="text")
        if plan.music is not None and plan.broadcast_class == "emergency":
            raise Invalid("tune.emergency")
        self._check_repeats(plan.repeats)
        syllables = sum(len(sentence.text.split()) for sentence in plan.script.sentences)
        self._check_length(syllables * 100 / plan.voice.rate_percent / SYLLABLES_A_MINUTE, plan.repeats)

    def _check_repeats(self, repeats: int) -> None:
        if not 1 <= repeats <= 5:
            raise Invalid("announcement.repeats_out_of_range", field="repeats")

    def _check_length(self, minutes_once: float, repeats: int) -> None:
        minutes, longest = minutes_once * repeats, self.settings.longest_clip_minutes
        if minutes > longest:
            raise Invalid("announcement.too_long_to_hear", field="text", minutes=round(minutes), longest=longest)

    def _speak(self, plan: ClipPlan, *, progress: Progress, cancelled: Cancelled) -> Spoken:
        progress(0.0, Reason("stage.reading"))
        sentences = [sentence.text for sentence in plan.script.sentences]
        if plan.drill:
            sentences.append(DRILL_WORDS)
        try:
            return self.chain.speak(
                sentences,
                voice=plan.voice,
                progress=lambda done, total: progress(_SPEECH_DONE * done / total, _reading_sentence(done, total)),
                cancelled=cancelled,
            )
        except SpeechCancelled as error:
            raise RenderCancelled.of(error.reason) from error

    def _finished(
        self, sound: Sound, *, engine: str, fallback: Reason | None, step: Callable[[float], None]
    ) -> RenderedClip:
        content = opus(
            sound,
            bitrate_bps=self.settings.bitrate_bps,
            complexity=self.settings.encoder_complexity,
            progress=step,
        )
        stored = store_clip(content, folder=self.clips_dir)
        return RenderedClip(
            path=stored.path,
            sha256=stored.sha256,
            size_bytes=stored.size_bytes,
            duration_ms=sound.duration_ms,
            engine=engine,
            fallback_reason=fallback,
            loudness_lufs=round(loudness_lufs(sound), 1),
        )


def _reading_sentence(done: int, total: int) -> Reason:
    return Reason("stage.reading_sentence", done=done, total=total)


def _step(progress: Progress, cancelled: Cancelled) -> Callable[[float], None]:
    """Tells how far the encoder is, and stops it when asked."""

    def step(fraction: float) -> None:
        if cancelled():
            raise RenderCancelled("clip.cancelled")
        progress(_SOUND_DONE + (1 - _SOUND_DONE) * fraction, Reason("stage.writing"))

    return step


def _reading(plan: ClipPlan, spoken: Spoken) -> Iterator[SoundPiece]:
    """One reading of the script, with its pauses; no pause after the last sentence."""
    drill = [_trimmed(spoken.sentences[-1])] if plan.drill else []
    for sound in drill:
        yield from (sound, _DRILL_PAUSE_MS)
    pause_ms = 0
    for speech, sentence in zip(spoken.sentences, plan.script.sentences, strict=False):
        yield from (pause_ms, _trimmed(speech))
        pause_ms = sentence.pause_ms
    for sound in drill:
        yield from (_DRILL_PAUSE_MS, sound)


def _trimmed(speech: Speech) -> Sound:
    return trimmed(Sound.from_pcm16(speech.samples, sample_rate=speech.sample_rate))
