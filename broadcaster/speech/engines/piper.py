"""Piper, the offline voice the operator installs: an ONNX model run by onnxruntime (``pip install .[piper]``)."""

import threading
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from broadcaster.errors import LoaError
from broadcaster.refusals.reasons import Reason
from broadcaster.speech.clauses import packed_clauses
from broadcaster.speech.deadline import Deadline
from broadcaster.speech.engine import Speech
from broadcaster.speech.engines.voice_files import VoiceFile, voice_files
from broadcaster.speech.errors import EngineFailed, EngineUnavailable, VoiceAbsent
from broadcaster.speech.voices import Voice

if TYPE_CHECKING:
    from piper import PiperVoice

_LONGEST_CLAUSE = 400
"""Characters a model is given at once: its memory grows with them."""


class PiperEngine:
    """Speaks with the voices taken in by ``loa voices add``; a model is checked and loaded once, when first needed."""

    name = "piper"
    parallel = 1  # onnxruntime spreads one sentence over every core by itself

    def __init__(self, folder: Path, *, wanted: str = "") -> None:
        self._folder = folder
        self._wanted = wanted
        self._lock = threading.Lock()
        self._loaded: dict[str, PiperVoice] = {}

    def version(self) -> str:
        """Package and the digests of all voices: a replaced voice file is a new version."""
        digests = "".join(voice.sha256[:8] for voice in voice_files(self._folder))
        return f"piper-{_package_version() or 'absent'}-{digests}"

    def available(self) -> Reason | None:
        if _package_version() is None:
            return Reason("piper.missing")
        if not self._voices():
            return Reason("piper.no_voice")
        return None

    def synthesize(self, sentence: str, *, voice: Voice, deadline: Deadline) -> Speech:
        if reason := self.available():
            raise VoiceAbsent.of(reason)
        chosen = self._chosen(voice.name)
        with self._lock:
            if deadline.passed:
                raise EngineFailed("piper.too_slow")
            return _say(self._load(chosen), sentence, rate_percent=voice.rate_percent)

    def _voices(self) -> list[VoiceFile]:
        return voice_files(self._folder)

    def _chosen(self, name: str) -> VoiceFile:
        name = name or self._wanted
        voices = self._voices()
        found = [voice for voice in voices if voice.name == name] if name else voices
        if not found:
            raise VoiceAbsent("piper.voice_unknown", voice=name)
        return found[0]

    def _load(self, chosen: VoiceFile) -> "PiperVoice":
        if chosen.sha256 not in self._loaded:
            from piper import PiperVoice

            try:
                chosen.check()
                self._loaded[chosen.sha256] = PiperVoice.load(chosen.model)
            except LoaError as error:
                raise EngineUnavailable.of(error.reason) from error
            except _unusable() as error:
                raise EngineUnavailable("piper.voice_not_loaded", voice=chosen.name) from error
        return self._loaded[chosen.sha256]


def _say(voice: "PiperVoice", sentence: str, *, rate_percent: int) -> Speech:
    from piper import SynthesisConfig

    slowness = voice.config.length_scale * 100 / rate_percent
    try:
        settings = SynthesisConfig(length_scale=slowness)
        clauses = packed_clauses(sentence, limit=_LONGEST_CLAUSE)
        chunks = [chunk for clause in clauses for chunk in voice.synthesize(clause, settings)]
    except _unusable() as error:
        raise EngineFailed("piper.unreadable") from error
    if not chunks:
        raise EngineFailed("piper.silent")
    samples = np.concatenate([chunk.audio_int16_array for chunk in chunks])
    return Speech(samples=samples, sample_rate=chunks[0].sample_rate)


def _unusable() -> tuple[type[Exception], ...]:
    """What a bad voice file may raise; onnxruntime's own classes have no common base but Exception."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    names = ("Fail", "InvalidArgument", "InvalidGraph", "InvalidProtobuf", "NoSuchFile", "RuntimeException")
    return (OSError, ValueError, KeyError, *(getattr(state, name) for name in names))


def _package_version() -> str | None:
    try:
        return version("piper-tts")
    except PackageNotFoundError:
        return None
