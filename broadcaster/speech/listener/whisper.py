"""Whisper listens, Vietnamese, carrying nothing from one piece to the next."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
"""Samples per second it hears."""
WINDOW_SECONDS = 30
"""It always hears this much at once; shorter pieces are followed by silence."""
MOST_NATS = 18.4
"""Surprise of a syllable it held for impossible (a probability of one in a hundred million)."""

Samples = NDArray[np.float32]

_PACKAGES = ("ctranslate2", "tokenizers", "faster_whisper")


def is_installed() -> bool:
    """Whether the packages of the extra ``listener`` are there."""
    return all(find_spec(package) is not None for package in _PACKAGES)


class WhisperListener:
    """Says how surprised it is at words, and what it would have written itself; not thread-safe."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        import ctranslate2
        import tokenizers
        from faster_whisper.feature_extractor import FeatureExtractor

        self._model = ctranslate2.models.Whisper(
            str(folder), device="cpu", compute_type="int8", intra_threads=threads, inter_threads=1
        )
        self._storage = ctranslate2.StorageView
        self._tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._features = FeatureExtractor()
        names = ("<|startoftranscript|>", "<|vi|>", "<|transcribe|>", "<|notimestamps|>")
        self._prompt = [self._tokenizer.token_to_id(name) for name in names]
        self._figures = self._tokens_with_figures()

    def surprises(self, clip: Samples, words: Sequence[str]) -> list[float]:
        """Nats by which each of the true ``words`` surprises it (teacher forcing; 0 is certain).

        ``clip``: 16 kHz, at most 30 s, with exactly these words in it.
        """
        if len(clip) > WINDOW_SECONDS * RATE:
            raise ValueError("the listener hears at most 30 s at once")
        pieces = [self._tokenizer.encode(f" {word}", add_special_tokens=False).ids for word in words]
        tokens = [token for piece in pieces for token in piece]
        frames = min(3000, max(1, len(clip) // 160))
        (found,) = self._model.align(self._encoded(clip), self._prompt[:3], [tokens], [frames])
        probabilities = np.maximum(np.asarray(found.text_token_probs[: len(tokens)]), 1e-8)
        nats = iter(-np.log(probabilities))
        return [float(sum(next(nats, 0.0) for _ in piece)) for piece in pieces]

    def transcript(self, clip: Samples) -> str:
        """What it would write of ``clip`` (16 kHz, at most 30 s); numbers in words, as far as it can."""
        result = self._model.generate(
            self._encoded(clip),
            [self._prompt],
            beam_size=5,
            max_length=min(448, len(self._prompt) + 14 * len(clip) // RATE + 14),
            suppress_tokens=[-1, *self._figures],
        )[0]
        return str(self._tokenizer.decode(result.sequences_ids[0], skip_special_tokens=True)).strip()

    def _encoded(self, clip: Samples) -> Any:
        whole = np.pad(clip, (0, max(0, WINDOW_SECONDS * RATE - len(clip))))
        spectrum = self._features(whole)[:, :3000]
        return self._model.encode(self._storage.from_array(np.ascontiguousarray(spectrum[None], dtype=np.float32)))

    def _tokens_with_figures(self) -> list[int]:
        end = self._tokenizer.token_to_id("<|endoftext|>")
        decode = self._tokenizer.decode
        return [each for each in range(end) if any(c.isdigit() or c == "%" for c in decode([each]))]


def heard_at_16_khz(samples: Samples, *, sample_rate: int) -> Samples:
    """``samples`` at the listener's rate, through the whole spectrum."""
    if sample_rate == RATE:
        return samples
    count = int(len(samples) * RATE / sample_rate)
    spectrum = np.fft.rfft(samples)
    low = np.zeros(count // 2 + 1, dtype=spectrum.dtype)
    least = min(len(low), len(spectrum))
    low[:least] = spectrum[:least]
    return (np.fft.irfft(low, count) * (count / len(samples))).astype(np.float32)
