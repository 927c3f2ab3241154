"""What surrounds the station's own words: a tune before them, a bed that gives way under them, a tune after them."""

from dataclasses import dataclass

from broadcaster.audio.assembly import TAIL_SILENCE_MS, opening
from broadcaster.audio.compose import SoundPiece, compose, faded, over_bed
from broadcaster.audio.horn import levelled, prepared
from broadcaster.audio.settings import AudioSettings
from broadcaster.audio.sound import Sound
from broadcaster.audio.trim import trimmed
from broadcaster.errors import Invalid

BED_BELOW_WORDS_DB = 14.0
"""So far a bed lies below the words on it: heard, and never in a horn's way of a consonant."""
BED_ALONE_BELOW_DB = 4.0
"""A bed that sounds alone is this much quieter than the words that follow."""
LEAD_MS = 1_500
"""How long a bed sounds alone before the words and after them."""
_GAP_MS = 500
_FADE_IN_MS, _FADE_OUT_MS = 60, 1_200
_INAUDIBLE = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class MusicSounds:
    """before, after: tunes around the words; bed: music under them. Each as it was brought, or None."""

    before: Sound | None = None
    bed: Sound | None = None
    after: Sound | None = None


def tune(sound: Sound, *, lufs: float) -> Sound:
    """Music that was brought, without silent ends, at ``lufs`` and with soft ends. Raises ``Invalid`` on silence."""
    if sound.peak < _INAUDIBLE:
        raise Invalid("sound.silent", field="recording")
    return faded(levelled(trimmed(sound), lufs=lufs), in_ms=_FADE_IN_MS, out_ms=_FADE_OUT_MS)


def tune_alone(sound: Sound, *, settings: AudioSettings) -> Sound:
    """A clip of nothing but the tune."""
    return compose([settings.lead_silence_ms, tune(sound, lufs=settings.loudness_lufs), TAIL_SILENCE_MS])


def surrounded(words: Sound, music: MusicSounds, *, chime_name: str | None, settings: AudioSettings) -> Sound:
    """A clip of ``words`` with its music; a tune before them stands in the chime's place."""
    if words.peak < _INAUDIBLE:
        raise Invalid("sound.silent")
    lufs = settings.loudness_lufs
    spoken = prepared(words, setting="mild", lufs=lufs)
    pieces: list[SoundPiece] = []
    if music.before is None:
        pieces += opening(chime_name, lufs=lufs, settings=settings)
    else:
        pieces += [settings.lead_silence_ms, tune(music.before, lufs=lufs), _GAP_MS]
    pieces.append(_on_bed(spoken, music.bed, lufs=lufs) if music.bed is not None else spoken)
    if music.after is not None:
        pieces += [_GAP_MS, tune(music.after, lufs=lufs)]
    return compose([*pieces, TAIL_SILENCE_MS])


def _on_bed(spoken: Sound, bed: Sound, *, lufs: float) -> Sound:
    """Levelled once more: what two sounds make together must not pass the ceiling."""
    alone = levelled(trimmed(bed), lufs=lufs - BED_ALONE_BELOW_DB)
    mixed = over_bed(spoken, alone, lead_ms=LEAD_MS, quieter_db=BED_BELOW_WORDS_DB - BED_ALONE_BELOW_DB)
    return levelled(mixed, lufs=lufs)
