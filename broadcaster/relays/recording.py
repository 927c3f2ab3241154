"""A relayed stream as a clip: levelled and encoded while it comes, so that it is finished when the stream is."""

import math

import numpy as np

from broadcaster.audio.encode import OpusWriter, decoded_peak, decoded_sound, opus
from broadcaster.audio.loudness import SILENCE_LUFS, loudness_lufs
from broadcaster.audio.settings import AudioSettings
from broadcaster.audio.sound import CLIP_RATE, Samples, Sound, samples_of
from broadcaster.relays.levelling import Leveller

FADE_IN_MS, FADE_OUT_MS = 300, 4_000
_SAFE_PEAK = 0.94
_HEARD_LUFS = -40.0


class RelayRecording:
    """Sound goes in block by block; an Ogg Opus file comes out. Only the end is held back, to fade it."""

    def __init__(self, settings: AudioSettings, *, volume_db: float, fades: bool) -> None:
        self._settings = settings
        self._fade_samples = samples_of(FADE_OUT_MS) if fades else 0
        self._leveller = Leveller(lufs=settings.loudness_lufs + volume_db)
        self._writer = self._new_writer()
        self._writer.add(np.zeros(samples_of(settings.lead_silence_ms), np.float32))
        self._held = np.zeros(0, np.float32)
        self._begun = False
        self._powers: list[float] = []

    @property
    def duration_ms(self) -> int:
        """How long the clip would be if it ended now, as far as its blocks are whole."""
        return round((self._writer.samples + len(self._held)) * 1000 / CLIP_RATE)

    @property
    def loudness_lufs(self) -> float:
        """Of what was heard so far, pauses left out."""
        return 10 * math.log10(sum(self._powers) / len(self._powers)) if self._powers else SILENCE_LUFS

    def add(self, pcm: bytes) -> None:
        for block in self._leveller.add(pcm):
            self._take(block)

    def finish(self, *, most_ms: int | None = None) -> bytes:
        """The whole file, cut to ``most_ms`` of sound; the recording can be used no more."""
        self._take(self._leveller.rest())
        if most_ms is not None:
            room = max(0, samples_of(most_ms) - self._writer.samples)
            self._held = self._held[:room]
        fading = min(len(self._held), self._fade_samples)
        if fading:
            self._held = self._held.copy()
            self._held[-fading:] *= np.linspace(1, 0, fading, dtype=np.float32) ** 2
        self._writer.add(self._held)
        self._held = np.zeros(0, np.float32)
        content = self._writer.finish()
        return content if decoded_peak(content) <= 1.0 else _quieter(content, self._settings)

    def _take(self, block: Samples) -> None:
        if not len(block):
            return
        found = loudness_lufs(Sound(block))
        if found > _HEARD_LUFS:
            self._powers.append(10 ** (found / 10))
        if not self._begun:
            block, self._begun = _rising(block), True
        self._held = np.concatenate([self._held, block])
        ready = len(self._held) - self._fade_samples
        if ready > 0:
            self._writer.add(self._held[:ready])
            self._held = self._held[ready:]

    def _new_writer(self) -> OpusWriter:
        return OpusWriter(bitrate_bps=self._settings.bitrate_bps, complexity=self._settings.encoder_complexity)


def _rising(block: Samples) -> Samples:
    count = min(len(block), samples_of(FADE_IN_MS))
    risen = block.copy()
    risen[:count] *= np.linspace(0, 1, count, dtype=np.float32)
    return risen


def _quieter(content: bytes, settings: AudioSettings) -> bytes:
    """A low bit rate overshot its input: once more, from what was encoded, quieter by the excess."""
    sound = decoded_sound(content)
    sound = Sound((sound.samples * (_SAFE_PEAK / max(sound.peak, 1.0))).astype(np.float32))
    return opus(sound, bitrate_bps=settings.bitrate_bps, complexity=settings.encoder_complexity)
