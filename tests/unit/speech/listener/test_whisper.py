import numpy as np
import pytest

from broadcaster.speech.listener.whisper import RATE, heard_at_16_khz


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 24_000, 48_000])
def test_a_tone_keeps_its_pitch_and_its_level_at_the_listeners_rate(rate: int) -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(rate) / rate).astype(np.float32)
    heard = heard_at_16_khz(tone, sample_rate=rate)
    assert len(heard) == RATE
    assert heard.dtype == np.float32
    assert int(np.argmax(np.abs(np.fft.rfft(heard)))) == 440
    assert float(np.std(heard)) == pytest.approx(float(np.std(tone)), rel=0.01)
