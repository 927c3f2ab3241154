"""How long a backup may take, and that it ends when the station does."""

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO

from broadcaster.errors import Unavailable

CHUNK_BYTES = 1 << 18


@dataclass(slots=True)
class BackupLimits:
    """seconds: the whole may take; stop: set when the station ends; monotonic: the machine's own running time."""

    seconds: float = 4 * 3600.0
    stop: threading.Event = field(default_factory=threading.Event)
    monotonic: Callable[[], float] = time.monotonic
    _until: float = field(init=False)

    def __post_init__(self) -> None:
        self._until = self.monotonic() + self.seconds

    def check(self) -> None:
        """Raises Unavailable when the time is over or the station ends."""
        if self.stop.is_set():
            raise Unavailable("backup.stopped")
        if self.monotonic() > self._until:
            raise Unavailable("backup.too_slow", minutes=round(self.seconds / 60))


class Measured:
    """A file read or written through, that knows how much went by and its sha256; ``limits`` are asked each time."""

    def __init__(self, file: BinaryIO, limits: BackupLimits | None = None) -> None:
        self._file = file
        self._limits = limits
        self._hash = hashlib.sha256()
        self.size = 0

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def read(self, size: int = -1) -> bytes:
        self._ask()
        return self._note(self._file.read(size))

    def write(self, data: bytes) -> int:
        self._ask()
        self._file.write(data)
        return len(self._note(bytes(data)))

    def flush(self) -> None:
        self._file.flush()

    def _ask(self) -> None:
        if self._limits is not None:
            self._limits.check()

    def _note(self, data: bytes) -> bytes:
        self._hash.update(data)
        self.size += len(data)
        return data


def digest(file: BinaryIO, limits: BackupLimits | None = None) -> tuple[str, int]:
    """sha256 and length of what is left to read."""
    measured = Measured(file, limits)
    while measured.read(CHUNK_BYTES):
        pass
    return measured.sha256, measured.size
