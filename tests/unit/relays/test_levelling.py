"""A stream is brought to the station's loudness slowly, and nothing passes the ceiling."""

import numpy as np
import pytest

from broadcaster.audio.horn import CEILING
from broadcaster.audio.loudness import loudness_lufs
from broadcaster.audio.sound import Sound, samples_of
from broadcaster.relays.levelling import Leveller
from tests.doubles.sounds import babble


def levelled(sound: Sound, *, pieces: int = 7_000) -> Sound:
    leveller, pcm = Leveller(lufs=-16.0), sound.to_pcm16()
    blocks = [block for at in range(0, len(pcm), pieces) for block in leveller.add(pcm[at : at + pieces].tobytes())]
    return Sound(np.concatenate([*blocks, leveller.rest()]))


def scaled(sound: Sound, factor: float) -> Sound:
    return Sound((sound.samples * factor).astype(np.float32))


@pytest.mark.parametrize("factor", [0.2, 0.6, 1.6])
def test_quiet_and_loud_streams_come_out_alike(factor: float) -> None:
    made = levelled(scaled(babble(12_000), factor))
    settled = Sound(made.samples[samples_of(3_000) :])
    assert loudness_lufs(settled) == pytest.approx(-16.0, abs=2.5)
    assert made.peak <= CEILING + 1e-4


def test_the_sound_is_as_long_as_it_was_however_it_was_cut() -> None:
    sound = babble(3_330)
    one, other = levelled(sound, pieces=1_000), levelled(sound, pieces=50_000)
    assert len(one.samples) == len(sound.samples)
    assert np.array_equal(one.samples, other.samples)


def test_a_pause_is_not_pumped_up() -> None:
    quiet = scaled(babble(6_000, seed=5), 0.002)
    made = levelled(Sound(np.concatenate([babble(8_000).samples, quiet.samples])))
    assert Sound(made.samples[-samples_of(5_000) :]).peak < 0.02


def test_the_gain_moves_slowly_once_it_has_settled() -> None:
    made = levelled(Sound(np.concatenate([scaled(babble(8_000), 0.7).samples, scaled(babble(4_000), 0.2).samples])))
    after = Sound(made.samples[samples_of(8_400) : samples_of(9_200)])
    later = Sound(made.samples[samples_of(11_000) : samples_of(11_800)])
    assert loudness_lufs(after) < loudness_lufs(later) + 1
