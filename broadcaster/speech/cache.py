"""Sentences already said, kept on disk.

One file per sentence: a digest of what follows, the sample rate, the PCM16 samples. A file that a power cut spoiled
does not match its digest and counts as absent, so nothing needs an fsync here.
"""

import hashlib
import os
import struct
import threading
from contextlib import suppress
from pathlib import Path

import numpy as np

from broadcaster.speech.engine import Speech
from broadcaster.speech.voices import Voice

_DIGEST_BYTES = 16
_RATE = struct.Struct("<I")
_WRITES_BETWEEN_PRUNES = 200


def sentence_key(sentence: str, *, voice: Voice, version: str) -> str:
    """Names the sound of ``sentence``: same words, same voice, same engine version."""
    parts = (sentence, voice.engine, voice.name, voice.region, str(voice.rate_percent), version)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


class SentenceCache:
    """Keeps at most about ``limit_bytes`` on disk; the least recently used sentence goes first."""

    def __init__(self, folder: Path, *, limit_bytes: int) -> None:
        self._folder = folder
        self._limit_bytes = limit_bytes
        self._writes = 0
        self._lock = threading.Lock()

    def get(self, key: str) -> Speech | None:
        path = self._path(key)
        try:
            stored = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        return _unpacked(stored)

    def put(self, key: str, speech: Speech) -> None:
        """Keep ``speech``; a full or read-only disk only costs the saving, never the clip."""
        path = self._path(key)
        part = path.with_suffix(f".{threading.get_ident()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(_packed(speech))
            part.replace(path)
        except OSError:
            with suppress(OSError):
                part.unlink()
            return
        self._prune_now_and_then()

    def prune(self) -> None:
        """Delete the least recently used sentences above the limit, and leftovers of interrupted writes."""
        files = [(stat.st_mtime, stat.st_size, path) for path in self._files() if (stat := _stat(path))]
        total = sum(size for _, size, _ in files)
        for _, size, path in sorted(files):
            if total <= self._limit_bytes:
                break
            path.unlink(missing_ok=True)
            total -= size

    def _prune_now_and_then(self) -> None:
        with self._lock:
            self._writes += 1
            due = self._writes % _WRITES_BETWEEN_PRUNES == 1
        if due:
            self.prune()

    def _files(self) -> list[Path]:
        return list(self._folder.glob("*/*"))

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.pcm"


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _packed(speech: Speech) -> bytes:
    body = _RATE.pack(speech.sample_rate) + speech.samples.astype("<i2").tobytes()
    return _digest(body) + body


def _unpacked(stored: bytes) -> Speech | None:
    digest, body = stored[:_DIGEST_BYTES], stored[_DIGEST_BYTES:]
    if len(body) <= _RATE.size or _digest(body) != digest:
        return None
    samples = np.frombuffer(body, dtype="<i2", offset=_RATE.size).astype(np.int16)
    return Speech(samples=samples, sample_rate=_RATE.unpack_from(body)[0])


def _digest(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=_DIGEST_BYTES).digest()
