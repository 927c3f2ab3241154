"""Is it understood through a horn, in noise?  ``python -m bench.intelligibility [TEXT_FILE]``

Speech → chain → same loudness or same peak → horn → 150 m of air → noise → ESTOI against the untouched speech.
"Worth" is how many dB louder plain, loudness-normalised speech would have to be for the same score. The level of the
noise is set by plain speech at the listener, A-weighted. ESTOI is not validated for a tonal language and this is one
synthetic voice: compare the rows, do not boast of the figures.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pystoi import stoi

from bench.rig.machine_listener import print_listener
from bench.rig.outdoors import a_level, at_the_listener, noises
from bench.rig.ssdrc import ssdrc
from broadcaster.audio.compose import compose
from broadcaster.audio.dynamics import limited
from broadcaster.audio.filters import filtered, high_pass
from broadcaster.audio.horn import CHAINS, prepared, shaped
from broadcaster.audio.loudness import loudness_lufs
from broadcaster.audio.sound import CLIP_RATE, Sound
from broadcaster.audio.trim import trimmed
from broadcaster.speech import Deadline, Voice
from broadcaster.speech.engines.espeak import EspeakEngine
from broadcaster.text import normalize

Array = NDArray[np.float64]
Chain = Callable[[Sound], Sound]

TEXT = Path("tests/data/announcements/06-dich-ta-lon.txt")
SNRS_DB = (-5, 0)
_CURVE_DB = np.arange(-15, 21, 2.5)


def _ssdrc_limited(sound: Sound) -> Sound:
    samples = ssdrc(sound.samples.astype(np.float64))
    cut = filtered((samples / np.max(np.abs(samples))).astype(np.float32), high_pass(300))
    return Sound(limited(cut, ceiling=0.5 * float(np.max(np.abs(cut)))))


CHAIN_OF: dict[str, Chain] = {
    "plain, loudness only": lambda sound: sound,
    "high-pass 300 Hz only": lambda sound: Sound(filtered(sound.samples, high_pass(300))),
    "mild (default)": lambda sound: shaped(sound, CHAINS["mild"]),
    "strong (emergency)": lambda sound: shaped(sound, CHAINS["strong"]),
    "anchor: SSDRC": lambda sound: Sound(ssdrc(sound.samples.astype(np.float64)).astype(np.float32)),
    "anchor: SSDRC, limited": _ssdrc_limited,
}


def speech(path: Path) -> Sound:
    """About half a minute of the announcement, said by espeak-ng."""
    engine, pieces = EspeakEngine(), []
    for sentence in normalize(path.read_text()).sentences[:5]:
        said = engine.synthesize(sentence.text, voice=Voice("espeak", "", "north"), deadline=Deadline.after(60))
        pieces += [trimmed(Sound.from_pcm16(said.samples, sample_rate=said.sample_rate)), 250]
    return compose(pieces)


def scaled(sound: Sound, plain: Sound, *, equal: str) -> Array:
    """``sound`` brought to the loudness or to the peak of ``plain``."""
    match equal:
        case "loudness":
            gain = 10 ** ((loudness_lufs(plain) - loudness_lufs(sound)) / 20)
        case _:
            gain = plain.peak / sound.peak
    return sound.samples.astype(np.float64) * gain


class Square:
    """One text, one noise: scores any chain, and says what it is worth."""

    def __init__(self, reference: Array, noise: Array) -> None:
        self._reference = reference
        plain = at_the_listener(reference)
        self._noise = noise * a_level(plain)
        self._curve = [self._estoi(plain, snr) for snr in _CURVE_DB]

    def score(self, sent: Array, snr_db: float) -> tuple[float, float]:
        """ESTOI, and the dB by which plain speech would have to be louder for it."""
        estoi = self._estoi(at_the_listener(sent), snr_db)
        return estoi, float(np.interp(estoi, self._curve, _CURVE_DB)) - snr_db

    def _estoi(self, heard: Array, snr_db: float) -> float:
        mixed = heard + self._noise * 10 ** (-snr_db / 20)
        return float(stoi(self._reference, mixed, CLIP_RATE, extended=True))


def main() -> None:
    plain = speech(Path(sys.argv[1]) if len(sys.argv) > 1 else TEXT)
    reference = plain.samples.astype(np.float64)
    made = {name: chain(plain) for name, chain in CHAIN_OF.items()}
    print(f"{plain.duration_ms / 1000:.0f} s of espeak-ng; ESTOI, and in brackets what the chain is worth in dB\n")
    squares = {name: Square(reference, noise) for name, noise in noises(reference).items()}
    for equal in ("loudness", "peak"):
        _print_table(equal, made, plain, squares)
    _print_quiet(made, reference)
    print_listener()


def _print_table(equal: str, made: dict[str, Sound], plain: Sound, squares: dict[str, Square]) -> None:
    heads = [f"{noise} {snr:+d} dB" for noise in squares for snr in SNRS_DB]
    print(f"equal {equal:9s}             " + " ".join(f"{head:>21s}" for head in heads))
    for name, sound in made.items():
        sent = scaled(sound, plain, equal=equal)
        scores = [square.score(sent, snr) for square in squares.values() for snr in SNRS_DB]
        print(f"{name:27s} " + " ".join(f"{estoi:14.3f} ({worth:+4.1f})" for estoi, worth in scores))
    print()


def _print_quiet(made: dict[str, Sound], reference: Array) -> None:
    print("in quiet, at the listener (crest factor after the chain)")
    for name, sound in made.items():
        samples = sound.samples.astype(np.float64)
        crest_db = 20 * np.log10(sound.peak / np.sqrt(np.mean(samples**2)))
        print(
            f"{name:27s} {stoi(reference, at_the_listener(samples), CLIP_RATE, extended=True):.3f} ({crest_db:.1f} dB)"
        )
    finished = {name: prepared(Sound(reference.astype(np.float32)), setting=name, lufs=lufs) for name, lufs in _TARGETS}
    for name, sound in finished.items():
        samples = sound.samples.astype(np.float64)
        estoi = stoi(reference, at_the_listener(samples), CLIP_RATE, extended=True)
        print(f"finished, {name:17s} {estoi:.3f} (peak {sound.peak:.2f}, {loudness_lufs(sound):.1f} LUFS)")


_TARGETS = (("off", -16.0), ("mild", -16.0), ("strong", -14.0))

if __name__ == "__main__":
    main()
