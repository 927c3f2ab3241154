import io

import numpy as np
import pytest
import soundfile

from broadcaster.audio.encode import decoded_peak, opus, wav
from broadcaster.audio.horn import prepared
from broadcaster.audio.sound import CLIP_RATE, Sound
from tests.doubles.sounds import babble, silence, tone

pytestmark = pytest.mark.long


def read(content: bytes) -> tuple[np.ndarray, int]:  # type: ignore[type-arg]
    samples, rate = soundfile.read(io.BytesIO(content), dtype="float32")
    return samples, rate


@pytest.mark.parametrize("duration_ms", [1, 19, 20, 21, 500, 10_000, 10_001])
def test_a_nodes_decoder_gets_every_sample_back(duration_ms: int) -> None:
    sound = tone(duration_ms)
    samples, rate = read(opus(sound))
    assert rate == CLIP_RATE
    assert len(samples) == len(sound.samples)


def test_nothing_moves_in_time() -> None:
    sound = Sound(np.concatenate([silence(300).samples, babble(2000).samples, silence(300).samples]))
    samples, _ = read(opus(sound))
    lags = np.correlate(samples[4000:44_000], sound.samples[4480:43_520], mode="valid")
    assert abs(int(np.argmax(lags)) - 480) <= 12, "within half a millisecond"


def test_a_minute_of_speech_is_at_most_200_kilobytes() -> None:
    content = opus(prepared(babble(20_000), setting="strong", lufs=-13), bitrate_bps=24_000)
    assert len(content) * 3 <= 200_000


def test_a_clip_is_ogg_opus_mono() -> None:
    with soundfile.SoundFile(io.BytesIO(opus(tone(500)))) as clip:
        assert (clip.format, clip.subtype, clip.channels) == ("OGG", "OPUS", 1)


def test_the_same_sound_gives_the_same_bytes() -> None:
    assert opus(babble(1000)) == opus(babble(1000))


@pytest.mark.parametrize("seed", range(3))
def test_a_full_scale_sound_does_not_clip_when_decoded(seed: int) -> None:
    loud = babble(2000, seed=seed)
    loudest = Sound(np.clip(loud.samples * 6, -1, 1))
    assert decoded_peak(opus(loudest)) <= 1.0


def test_progress_rises_to_one_and_may_stop_the_work() -> None:
    stated: list[float] = []
    opus(silence(25_000), progress=stated.append)
    assert stated == sorted(stated)
    assert stated[-1] == 1.0

    def stop(fraction: float) -> None:
        raise KeyError(fraction)

    with pytest.raises(KeyError):
        opus(silence(25_000), progress=stop)


def test_wav_holds_the_same_sound() -> None:
    samples, rate = read(wav(tone(500)))
    assert rate == CLIP_RATE
    assert np.allclose(samples, tone(500).samples, atol=1e-4)
