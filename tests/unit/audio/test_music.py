"""Music around words: it gives way under them, ends softly, and never passes the ceiling."""

import numpy as np
import pytest

from broadcaster.audio.horn import CEILING
from broadcaster.audio.loudness import loudness_lufs
from broadcaster.audio.music import LEAD_MS, MusicSounds, surrounded, tune, tune_alone
from broadcaster.audio.settings import AudioSettings
from broadcaster.audio.sound import CLIP_RATE, Sound, samples_of
from broadcaster.errors import Invalid
from tests.doubles.sounds import babble, energy_db, silence, tone

SETTINGS = AudioSettings()
WORDS = babble(6_000)
BED_HZ = 440.0


def part(sound: Sound, from_ms: float, to_ms: float) -> Sound:
    return Sound(sound.samples[samples_of(from_ms) : samples_of(to_ms)])


def level_db(sound: Sound) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(sound.samples**2)) + 1e-9))


def with_bed(bed: Sound) -> Sound:
    return surrounded(WORDS, MusicSounds(bed=bed), chime_name=None, settings=SETTINGS)


def test_a_bed_sounds_alone_then_gives_way_under_the_words_and_comes_back() -> None:
    words = Sound(np.concatenate([babble(2_000).samples, silence(900).samples, babble(2_000, seed=9).samples]))
    clip = surrounded(words, MusicSounds(bed=tone(3_000, pitch_hz=BED_HZ)), chime_name=None, settings=SETTINGS)
    words_at = SETTINGS.lead_silence_ms + LEAD_MS
    before = level_db(part(clip, words_at - 900, words_at - 800))
    pause = level_db(part(clip, words_at + 2_400, words_at + 2_600))
    after = level_db(part(clip, words_at + words.duration_ms + 700, words_at + words.duration_ms + 780))
    assert before - pause > 7
    assert after - pause > 5
    assert clip.duration_ms == pytest.approx(words_at + words.duration_ms + LEAD_MS + 300, abs=3)


def test_a_short_bed_lasts_as_long_as_the_words() -> None:
    clip = with_bed(tone(700, pitch_hz=BED_HZ))
    for at in range(SETTINGS.lead_silence_ms + 800, clip.duration_ms - 1_500, 500):
        assert part(clip, at, at + 400).peak > 0.005


@pytest.mark.parametrize("bed", [tone(2_000, level=0.9), babble(5_000, seed=3)])
def test_words_on_a_bed_are_as_loud_as_the_station_is_and_keep_the_ceiling(bed: Sound) -> None:
    clip = with_bed(bed)
    assert clip.peak <= CEILING + 1e-3
    assert loudness_lufs(clip) == pytest.approx(SETTINGS.loudness_lufs, abs=1.0)


def test_a_tune_stands_in_the_chimes_place_and_another_ends() -> None:
    plain = surrounded(WORDS, MusicSounds(), chime_name="routine", settings=SETTINGS)
    music = MusicSounds(before=tone(2_000, pitch_hz=900), after=tone(1_000, pitch_hz=600))
    clip = surrounded(WORDS, music, chime_name="routine", settings=SETTINGS)
    first = part(clip, SETTINGS.lead_silence_ms, SETTINGS.lead_silence_ms + 800)
    assert energy_db(first, 850, 950) > energy_db(first, 480, 560) + 20
    last = part(clip, clip.duration_ms - 1_250, clip.duration_ms - 800)
    assert energy_db(last, 550, 650) > energy_db(last, 850, 950) + 20
    assert clip.duration_ms > plain.duration_ms


def test_a_tune_is_levelled_begins_at_once_and_dies_away() -> None:
    quiet = Sound(np.concatenate([silence(1_000).samples, tone(4_000, level=0.02).samples]))
    made = tune(quiet, lufs=-16)
    assert made.duration_ms < 4_200
    assert loudness_lufs(made) == pytest.approx(-16, abs=1.5)
    assert level_db(part(made, made.duration_ms - 100, made.duration_ms)) < level_db(part(made, 500, 1_500)) - 15
    assert np.abs(made.samples[:24]).max() < 0.05
    assert len(tune_alone(quiet, settings=SETTINGS).samples) > len(made.samples) + CLIP_RATE // 2


def test_silence_is_no_tune() -> None:
    with pytest.raises(Invalid, match=r"."):
        tune(silence(2_000), lufs=-16)
