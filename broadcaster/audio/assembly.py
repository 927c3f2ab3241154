"""A clip's order of events: silence, chime, the words as often as wanted, silence."""

from collections.abc import Sequence
from functools import cache

from broadcaster.audio.chime import chime
from broadcaster.audio.compose import SoundPiece, compose
from broadcaster.audio.horn import levelled, prepared
from broadcaster.audio.settings import LOUD, AudioSettings, HornSetting
from broadcaster.audio.sound import Sound
from broadcaster.errors import Invalid

TAIL_SILENCE_MS = 300
_QUIETER_DB = 10.0
_INAUDIBLE = 0.001
"""Peak below which a recording counts as silent (−60 dB)."""


def assembled(
    words: Sound, *, horn: HornSetting, chime_name: str | None, repeats: int, settings: AudioSettings
) -> Sound:
    """``words`` made ready for horns, behind their chime; raises ``Invalid`` when there is nothing to hear."""
    if words.peak < _INAUDIBLE:
        raise Invalid("sound.silent")
    lufs = settings.strong_loudness_lufs if horn in LOUD else settings.loudness_lufs
    words = prepared(words, setting=horn, lufs=lufs)
    readings: list[SoundPiece] = [settings.repeat_gap_ms, words] * repeats
    return compose([*opening(chime_name, lufs=lufs, settings=settings), *readings[1:], TAIL_SILENCE_MS])


def chime_alone(name: str, *, settings: AudioSettings) -> Sound:
    """A chime without words, much quieter than an announcement."""
    quiet = levelled(chime(name), lufs=settings.loudness_lufs - _QUIETER_DB)
    return compose([settings.lead_silence_ms, quiet, TAIL_SILENCE_MS])


def opening(name: str | None, *, lufs: float, settings: AudioSettings) -> Sequence[SoundPiece]:
    """Silence, and the chime with the pause after it, if there is one."""
    lead = settings.lead_silence_ms
    return [lead, _chime(name, lufs), settings.chime_gap_ms] if name else [lead]


@cache
def _chime(name: str, lufs: float) -> Sound:
    return levelled(chime(name), lufs=lufs)
