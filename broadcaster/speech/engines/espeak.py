"""espeak-ng, the voice that is always there: in this process, through ctypes.

The library comes with the ``espeakng-loader`` wheel, or from Debian's ``libespeak-ng1``. It keeps its state in
globals, so one lock serves the whole process; at a thousand times real time nobody waits for it.
"""

import ctypes
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from broadcaster.refusals.reasons import Reason
from broadcaster.speech.deadline import Deadline
from broadcaster.speech.engine import Speech
from broadcaster.speech.errors import EngineFailed, EngineUnavailable
from broadcaster.speech.voices import Voice

VOICES = {"north": "vi", "centre": "vi-vn-x-central", "south": "vi-vn-x-south"}

_SYNCHRONOUS = 2
_DO_NOT_EXIT = 0x8000
_UTF8 = 1
_RATE_PARAMETER, _VOLUME_PARAMETER = 1, 2
_VOLUME = 60
"""Of espeak-ng's 100: at 100 its own limiter flattens the loudest vowels; loudness is set later anyway."""
_BUFFER_MS = 500
_NORMAL_WORDS_PER_MINUTE = 140
"""Gives about 190 syllables a minute with the pauses of an announcement, the pace of a commune announcer."""

_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class _Library:
    """The loaded library; every call is made under ``lock``."""

    def __init__(self, path: str, *, data: str | None) -> None:
        self.lock = threading.Lock()
        self._pieces: list[bytes] = []
        self._deadline = Deadline.after(0)
        self._callback = _Callback(self._take)
        self._api = ctypes.CDLL(path)
        self._api.espeak_Info.restype = ctypes.c_char_p
        location = data.encode() if data else None
        self.sample_rate = int(self._api.espeak_Initialize(_SYNCHRONOUS, _BUFFER_MS, location, _DO_NOT_EXIT))
        if self.sample_rate <= 0:
            raise OSError("espeak_Initialize found no voice data")
        self._api.espeak_SetSynthCallback(self._callback)
        self._api.espeak_SetParameter(_VOLUME_PARAMETER, _VOLUME, 0)

    def version(self) -> str:
        return str(self._api.espeak_Info(None).decode())

    def say(self, sentence: str, *, name: str, words_per_minute: int, deadline: Deadline) -> bytes:
        with self.lock:
            self._pieces.clear()
            self._deadline = deadline
            if self._api.espeak_SetVoiceByName(name.encode()) != 0:
                raise EngineFailed("espeak.voice_unknown", voice=name)
            self._api.espeak_SetParameter(_RATE_PARAMETER, words_per_minute, 0)
            encoded = sentence.encode() + b"\0"
            self._api.espeak_Synth(encoded, ctypes.c_size_t(len(encoded)), 0, 0, 0, _UTF8, None, None)
            return b"".join(self._pieces)

    def _take(self, samples: Any, count: int, _events: object) -> int:
        if samples and count > 0:
            self._pieces.append(ctypes.string_at(samples, count * 2))
        return int(self._deadline.passed)


def _from_wheel() -> _Library:
    import espeakng_loader

    return _Library(str(espeakng_loader.get_library_path()), data=str(Path(espeakng_loader.get_data_path())))


def _from_debian() -> _Library:
    return _Library("libespeak-ng.so.1", data=None)


@cache
def _library() -> _Library | None:
    """The one library of this process, or None when neither source has it."""
    sources: tuple[Callable[[], _Library], ...] = (_from_wheel, _from_debian)
    for source in sources:
        try:
            return source()
        except (ImportError, OSError):
            continue
    return None


class EspeakEngine:
    """Vietnamese of the north, the centre and the south; needs no network and no voice file."""

    name = "espeak"
    parallel = 1

    def version(self) -> str:
        library = _library()
        return f"{library.version()}/{_NORMAL_WORDS_PER_MINUTE}/{_VOLUME}" if library else "absent"

    def available(self) -> Reason | None:
        return Reason("espeak.missing") if _library() is None else None

    def synthesize(self, sentence: str, *, voice: Voice, deadline: Deadline) -> Speech:
        library = _library()
        if library is None:
            raise EngineUnavailable("espeak.missing")
        spoken = library.say(
            sentence,
            name=voice.name or VOICES[voice.region],
            words_per_minute=_NORMAL_WORDS_PER_MINUTE * voice.rate_percent // 100,
            deadline=deadline,
        )
        if deadline.passed:
            raise EngineFailed("espeak.too_slow")
        samples = np.frombuffer(spoken, dtype=np.int16).copy()
        if not samples.any():
            raise EngineFailed("espeak.silent")
        return Speech(samples=samples, sample_rate=library.sample_rate)
