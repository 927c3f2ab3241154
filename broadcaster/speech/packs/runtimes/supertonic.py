"""Supertonic (Supertone Inc.; its weights are under OpenRAIL-M): four graphs, a table of letters, a style per voice.

Roles ``duration_predictor``, ``text_encoder``, ``vector_estimator``, ``vocoder``, ``config`` (tts.json), ``indexer``
(unicode_indexer.json); each speaker's ``style`` is one file of voice_styles/. The steps follow the publisher's own
example: durations, an encoding of the text, noise cleaned ``steps`` times under that encoding, then the vocoder.
"""

import json
import zlib
from pathlib import Path
from typing import Any
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from broadcaster.errors import Invalid
from broadcaster.speech.packs.manifest import PackSpeaker
from broadcaster.speech.packs.runtimes.graphs import Graph
from broadcaster.speech.packs.runtimes.port import Wave
from broadcaster.speech.packs.shelf import InstalledPack

_STEPS = 8
_LONGEST_SECONDS = 90.0
"""Of one sentence; a duration beyond it is a fault of the model."""

Floats = NDArray[np.float32]


class SupertonicRuntime:
    """Speed divides the durations the model predicts. The noise is drawn from the words: they always sound the same."""

    def __init__(self, pack: InstalledPack) -> None:
        names = ("duration_predictor", "text_encoder", "vector_estimator", "vocoder")
        self._durations, self._encoder, self._estimator, self._vocoder = (Graph(pack.path(name)) for name in names)
        config = json.loads(pack.path("config").read_text(encoding="utf-8"))
        self.sample_rate = int(config["ae"]["sample_rate"])
        self._latent_samples = int(config["ae"]["base_chunk_size"]) * int(config["ttl"]["chunk_compress_factor"])
        self._latent_size = int(config["ttl"]["latent_dim"]) * int(config["ttl"]["chunk_compress_factor"])
        self._indexer: list[int] = json.loads(pack.path("indexer").read_text(encoding="utf-8"))
        self._styles = {
            each.id: (_style(pack.folder / each.style, "style_ttl"), _style(pack.folder / each.style, "style_dp"))
            for each in pack.manifest.speakers
            if each.style
        }
        self._steps = int(pack.manifest.options.get("steps", _STEPS))
        self._tag = str(pack.manifest.options.get("language_tag", "vi"))
        if not 1 <= self._steps <= 50:
            raise Invalid("pack.option_invalid", option="steps")

    def missing(self, text: str) -> set[str]:
        return {letter for letter in self._letters(text) if self._index(letter) < 0}

    def say(self, text: str, *, speaker: PackSpeaker, rate_percent: int) -> Wave:
        if speaker.id not in self._styles:
            raise Invalid("pack.role_missing", role="style")
        style_ttl, style_dp = self._styles[speaker.id]
        known = [index for letter in self._letters(text) if (index := self._index(letter)) >= 0]
        mask = np.ones((1, 1, len(known)), np.float32)
        about: dict[str, NDArray[Any]] = {"text_ids": np.array([known], np.int64), "text_mask": mask}
        seconds = float(self._durations.run({**about, "style_dp": style_dp}).reshape(-1)[0]) * 100 / rate_percent
        if not 0 < seconds < _LONGEST_SECONDS:
            raise ValueError(f"the model wants {seconds} s for one sentence")
        encoded = self._encoder.run({**about, "style_ttl": style_ttl})
        under = {"text_emb": encoded, "style_ttl": style_ttl, "text_mask": mask}
        latent = self._cleaned(self._noise(seconds, text), under)
        return self._vocoder.run({"latent": latent}).reshape(-1)[: int(seconds * self.sample_rate)].astype(np.float32)

    def _noise(self, seconds: float, text: str) -> Floats:
        count = -(-int(seconds * self.sample_rate) // self._latent_samples) or 1
        random = np.random.default_rng(zlib.crc32(text.encode()))
        return random.standard_normal((1, self._latent_size, count)).astype(np.float32)

    def _cleaned(self, latent: Floats, under: dict[str, Any]) -> Floats:
        mask = np.ones((1, 1, latent.shape[2]), np.float32)
        total = np.array([self._steps], np.float32)
        for step in range(self._steps):
            now = {"noisy_latent": latent, "latent_mask": mask, "current_step": np.array([step], np.float32)}
            latent = self._estimator.run({**under, **now, "total_step": total}).astype(np.float32)
        return latent

    def _letters(self, text: str) -> str:
        """Decomposed, as the model was taught: a tone is a sign of its own behind its vowel."""
        plain = normalize("NFKD", text)
        return f"<{self._tag}>{plain}</{self._tag}>" if self._tag else plain

    def _index(self, letter: str) -> int:
        code = ord(letter)
        return int(self._indexer[code]) if code < len(self._indexer) else -1


def _style(path: Path, name: str) -> Floats:
    stored = json.loads(path.read_text(encoding="utf-8"))[name]
    flat = np.array(stored["data"], dtype=np.float32).reshape(-1)
    return flat.reshape(1, *(int(each) for each in stored["dims"][1:]))
