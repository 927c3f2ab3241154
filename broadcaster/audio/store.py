"""Finished clips on disk: named by their sha256, never changed, whole or not there at all."""

import errno
import hashlib
import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from broadcaster.errors import LoaError


class ClipNotStored(LoaError):
    """The clip could not be written."""


class DiskFull(ClipNotStored):
    """There is no room for the clip."""


@dataclass(frozen=True, slots=True)
class StoredClip:
    """A clip on disk."""

    path: Path
    """Where it is."""
    sha256: str
    """Its name and its content's digest, hexadecimal."""
    size_bytes: int
    """Its size in bytes."""


def store_clip(content: bytes, *, folder: Path) -> StoredClip:
    """Write beside, fsync, rename; raises ``DiskFull`` or, on any other fault of the disk, ``ClipNotStored``."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = folder / f"{sha256}.ogg"
    part = folder / f"{sha256}.{os.getpid()}.{threading.get_ident()}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_durably(content, part=part, path=path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise explained(error) from error
    return StoredClip(path, sha256, len(content))


def _write_durably(content: bytes, *, part: Path, path: Path) -> None:
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    _rename(part, path)


def made_durable(part: Path, path: Path) -> None:
    """The finished file ``part`` under its own name, safe from a loss of power. Raises ``OSError``."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    _rename(part, path)


def _rename(part: Path, path: Path) -> None:
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def explained(error: OSError) -> ClipNotStored:
    """What the disk refused, as something a person can act on."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull("clip.disk_full")
    return ClipNotStored("clip.not_written", cause=error.strerror)
