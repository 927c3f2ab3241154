"""Does a machine still make out the words through a horn, in noise?

Beside ESTOI: Whisper base is told the true words and says how surprised it is, in nats a
syllable; lower is better, under 0.2 is nothing. Each line is the difference to "off" at the same place, with the middle
95 % when clips and seeds are drawn anew. It is a machine: it ranks treatments of the same clip, tones and people it
does not measure. Needs the extra ``listener``; without it the row says so and passes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir

import numpy as np
from pystoi import stoi

from bench.rig.outdoors import Array, a_level, at_the_listener, noises
from broadcaster.audio.compose import compose
from broadcaster.audio.horn import prepared
from broadcaster.audio.loudness import loudness_lufs
from broadcaster.audio.sound import CLIP_RATE, Sound
from broadcaster.audio.trim import trimmed
from broadcaster.speech import Deadline, Voice
from broadcaster.speech.engines.espeak import EspeakEngine
from broadcaster.speech.listener.model_files import model_folder
from broadcaster.speech.listener.whisper import WhisperListener, heard_at_16_khz, is_installed
from broadcaster.text import normalize

TEXTS = Path("tests/data/announcements")
LONGEST_SECONDS = 24
PLACES: tuple[tuple[str, float], ...] = (("quiet", 0), ("traffic", 5), ("traffic", 0), ("rain", 5), ("rain", 0))
"""Noise, and plain speech at −16 LUFS above it, dB A-weighted."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """setting: horn processing; lufs: loudness wanted; own: as the chain leaves it, or brought to −16 LUFS exactly."""

    setting: str
    lufs: float = -16.0
    own: bool = False

    @property
    def name(self) -> str:
        return f"{self.setting}, {'own' if self.own else 'equal'} {self.lufs:.0f} LUFS"


TREATMENTS = (
    Treatment("off"),
    Treatment("mild"),
    Treatment("strong"),
    Treatment("mild", -14.0, own=True),
    Treatment("strong", -14.0, own=True),
)


@dataclass(frozen=True, slots=True)
class SpokenText:
    """words: what is said; sound: untouched."""

    words: list[str]
    sound: Sound


def spoken_texts(count: int) -> list[SpokenText]:
    """Pieces of the announcements, each of at most 24 s of espeak-ng, in the order of the files."""
    made: list[SpokenText] = []
    for path in sorted(TEXTS.glob("*.txt")):
        made += _pieces(path)
    return made[:: max(1, len(made) // count)][:count]


def _pieces(path: Path) -> Iterator[SpokenText]:
    engine, words, sounds = EspeakEngine(), list[str](), list[Sound]()
    for sentence in normalize(path.read_text()).sentences:
        said = engine.synthesize(sentence.text, voice=Voice("espeak", "", "north"), deadline=Deadline.after(60))
        sound = trimmed(Sound.from_pcm16(said.samples, sample_rate=said.sample_rate))
        length_ms = sum(each.duration_ms for each in sounds) + sound.duration_ms
        if sounds and length_ms > LONGEST_SECONDS * 1000:
            yield SpokenText(words, _joined(sounds))
            words, sounds = [], []
        if sound.duration_ms <= LONGEST_SECONDS * 1000:
            words, sounds = words + _words(sentence.text), [*sounds, sound]
    if sounds:
        yield SpokenText(words, _joined(sounds))


def _words(text: str) -> list[str]:
    bare = "".join(each if each.isalpha() or each.isspace() else " " for each in text.lower())
    return bare.split()


def _joined(sounds: Sequence[Sound]) -> Sound:
    return compose([piece for sound in sounds for piece in (sound, 250)])


def treated(sound: Sound, treatment: Treatment) -> Array:
    ready = prepared(sound, setting=treatment.setting, lufs=treatment.lufs)  # type: ignore[arg-type]
    samples = ready.samples.astype(np.float64)
    return samples if treatment.own else samples * 10 ** ((treatment.lufs - loudness_lufs(ready)) / 20)


def measured(text: SpokenText, treatment: Treatment, listener: WhisperListener, *, seeds: int) -> Array:
    """Nats a syllable and ESTOI at every place and seed: shape (places, seeds, 2)."""
    plain = treated(text.sound, TREATMENTS[0])
    level = a_level(at_the_listener(plain))
    there = at_the_listener(treated(text.sound, treatment))
    table = np.zeros((len(PLACES), seeds, 2))
    for seed in range(seeds):
        noise = noises(plain, seed=seed)
        for index, (place, snr_db) in enumerate(PLACES):
            if place == "quiet" and seed:
                table[index, seed] = table[index, 0]
                continue
            mixed = there if place == "quiet" else there + noise[place] * level * 10 ** (-snr_db / 20)
            table[index, seed] = (_nats(mixed, text, listener), stoi(plain, mixed, CLIP_RATE, extended=True))
    return table


def _nats(mixed: Array, text: SpokenText, listener: WhisperListener) -> float:
    heard = heard_at_16_khz((0.1 * mixed / np.std(mixed)).astype(np.float32), sample_rate=CLIP_RATE)
    return sum(listener.surprises(heard, text.words)) / len(text.words)


def interval(differences: Array, *, rounds: int = 2000) -> tuple[float, float]:
    """The middle 95 % of the mean when clips (axis 0) and seeds (axis 1) are drawn anew."""
    random = np.random.default_rng(1)
    clips, seeds = differences.shape
    picked = [
        differences[np.ix_(random.integers(0, clips, clips), random.integers(0, seeds, seeds))].mean()
        for _ in range(rounds)
    ]
    low, high = np.percentile(picked, [2.5, 97.5])
    return float(low), float(high)


def print_listener(*, count: int = 10, seeds: int = 2) -> None:
    """Both meters over so many clips and seeds; nothing but a line where the listener is not installed."""
    folder = model_folder(Path(gettempdir()) / "loa-listener") if is_installed() else None
    if folder is None:
        print("\nmachine listener left out: pip install .[listener] brings it")
        return
    listener, texts = WhisperListener(folder), spoken_texts(count)
    syllables = sum(len(text.words) for text in texts)
    print(f"\n{len(texts)} clips of espeak-ng (north), {syllables} syllables, {seeds} seeds of noise, Whisper base")
    print_tables(
        {each: np.array([measured(text, each, listener, seeds=seeds) for text in texts]) for each in TREATMENTS}
    )


def print_tables(tables: dict[Treatment, Array]) -> None:
    """One line a treatment, one column a place."""
    print(" " * 22 + "".join(f"{place + (f' {snr:+g} dB' if place != 'quiet' else ''):>34s}" for place, snr in PLACES))
    for treatment, table in tables.items():
        print(f"{treatment.name:22s}" + "".join(_cell(table, tables[TREATMENTS[0]], at) for at in range(len(PLACES))))
    print("nats a syllable (difference to off, middle 95 %) and ESTOI; lower nats and higher ESTOI are better")


def _cell(table: Array, off: Array, at: int) -> str:
    nats, estoi = table[:, at, :, 0], table[:, at, :, 1]
    change = nats - off[:, at, :, 0]
    low, high = interval(change)
    return f"{nats.mean():9.2f} ({change.mean():+.2f}, {low:+.2f}…{high:+.2f}) {estoi.mean():.3f}"
