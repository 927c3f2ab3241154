"""A stream becomes a clip while it runs: the length asked for, a soft end, the station's loudness."""

import numpy as np
import pytest

from broadcaster.audio.encode import OpusWriter, decoded_sound, opus
from broadcaster.audio.loudness import loudness_lufs
from broadcaster.audio.settings import AudioSettings
from broadcaster.audio.sound import Sound, samples_of
from broadcaster.relays.recording import RelayRecording
from tests.doubles.sounds import babble

SETTINGS = AudioSettings(encoder_complexity=2)


def recorded(sound: Sound, *, fades: bool = True, most_ms: int | None = None) -> tuple[Sound, RelayRecording]:
    recording, pcm = RelayRecording(SETTINGS, volume_db=0, fades=fades), sound.to_pcm16()
    for at in range(0, len(pcm), 12_000):
        recording.add(pcm[at : at + 12_000].tobytes())
    return decoded_sound(recording.finish(most_ms=most_ms)), recording


def level(sound: Sound, from_ms: int, to_ms: int) -> float:
    return float(np.sqrt(np.mean(sound.samples[samples_of(from_ms) : samples_of(to_ms)] ** 2)))


@pytest.mark.long
def test_the_clip_has_the_length_and_loudness_it_should() -> None:
    clip, recording = recorded(babble(12_000), fades=False)
    assert clip.duration_ms == pytest.approx(SETTINGS.lead_silence_ms + 12_000, abs=40)
    assert recording.duration_ms == pytest.approx(clip.duration_ms, abs=40)
    assert loudness_lufs(clip) == pytest.approx(SETTINGS.loudness_lufs, abs=2.5)
    assert recording.loudness_lufs == pytest.approx(loudness_lufs(clip), abs=2)
    assert clip.peak <= 1.0


@pytest.mark.long
def test_the_end_dies_away_or_is_cut() -> None:
    steady = Sound(np.tile(babble(500).samples, 20))
    faded, cut = recorded(steady)[0], recorded(steady, fades=False)[0]
    assert level(faded, faded.duration_ms - 400, faded.duration_ms) < 0.15 * level(faded, 3_000, 5_000)
    assert level(cut, cut.duration_ms - 1_000, cut.duration_ms) > 0.5 * level(cut, 3_000, 5_000)


@pytest.mark.long
def test_what_came_too_much_is_left_out_before_the_end_is_faded() -> None:
    most_ms = SETTINGS.lead_silence_ms + 9_000
    clip = recorded(babble(12_000), most_ms=most_ms)[0]
    assert clip.duration_ms == pytest.approx(most_ms, abs=40)


def test_a_file_is_the_same_however_its_samples_were_cut() -> None:
    sound = babble(2_500)
    whole = opus(sound, complexity=2)
    writer = OpusWriter(bitrate_bps=20_000, complexity=2)
    for at in range(0, len(sound.samples), 7_919):
        writer.add(sound.samples[at : at + 7_919])
    assert writer.finish() == whole
