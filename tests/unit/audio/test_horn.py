import numpy as np
import pytest

from broadcaster.audio.horn import CEILING, prepared
from broadcaster.audio.loudness import loudness_lufs
from broadcaster.audio.settings import HornSetting
from broadcaster.audio.sound import Sound
from tests.doubles.sounds import babble, crest_db, energy_db, silence, tone

EVERY: list[HornSetting] = ["off", "mild", "loud", "strong"]


@pytest.mark.parametrize(("setting", "lufs"), [("off", -16.0), ("mild", -16.0), ("strong", -14.0)])
def test_the_result_is_as_loud_as_asked_and_never_above_the_ceiling(setting: HornSetting, lufs: float) -> None:
    ready = prepared(babble(), setting=setting, lufs=lufs)
    assert ready.peak <= CEILING + 1e-6
    assert loudness_lufs(ready) == pytest.approx(lufs, abs=1.0)


@pytest.mark.parametrize("setting", EVERY)
def test_nothing_moves_in_time(setting: HornSetting) -> None:
    said = Sound(np.concatenate([silence(500).samples, tone(300, pitch_hz=1500).samples, silence(700).samples]))
    ready = prepared(said, setting=setting, lufs=-16)
    assert len(ready.samples) == len(said.samples)
    heard = np.flatnonzero(np.abs(ready.samples) > 0.05)
    assert heard[0] == pytest.approx(12_000, abs=48)
    assert heard[-1] == pytest.approx(19_200, abs=96)


@pytest.mark.parametrize("setting", EVERY)
def test_a_soft_first_word_is_not_lost(setting: HornSetting) -> None:
    said = Sound(np.concatenate([tone(200, level=0.02).samples, silence(100).samples, babble(3000).samples]))
    ready = prepared(said, setting=setting, lufs=-16)
    first = np.sqrt(np.mean(ready.samples[:4800] ** 2))
    assert first >= np.sqrt(np.mean(said.samples[:4800] ** 2))


@pytest.mark.parametrize("setting", ["mild", "strong"])
def test_what_a_horn_cannot_radiate_is_taken_away(setting: HornSetting) -> None:
    plain = prepared(babble(), setting="off", lufs=-16)
    shaped = prepared(babble(), setting=setting, lufs=-16)
    assert energy_db(shaped, 20, 150) < energy_db(plain, 20, 150) - 15
    assert energy_db(shaped, 2000, 4000) > energy_db(plain, 2000, 4000) + 2


def test_strong_is_steadier_than_mild_and_mild_than_off() -> None:
    off, mild, strong = (crest_db(prepared(babble(), setting=each, lufs=-20)) for each in ("off", "mild", "strong"))
    assert strong < mild < off


@pytest.mark.parametrize("setting", EVERY)
def test_silence_stays_silent(setting: HornSetting) -> None:
    assert prepared(silence(1000), setting=setting, lufs=-16).peak == 0.0
