"""Writing to a stick that may be pulled out at any moment: beside, fsynced, renamed."""

import hashlib
import os
import shutil
from pathlib import Path

from broadcaster.errors import Conflict


def put(path: Path, content: bytes) -> None:
    """Raises OSError."""
    beside = path.with_name(path.name + ".new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def copy_clip(source: Path, target: Path, *, sha256: str) -> None:
    """Unless it lies there whole already. Raises Conflict when the station lacks it, OSError."""
    if target.is_file() and _hash(target) == sha256:
        return
    if not source.is_file():
        raise Conflict("stick.clip_gone", clip=source.name)
    beside = target.with_name(target.name + ".new")
    with source.open("rb") as there, beside.open("wb") as here:
        shutil.copyfileobj(there, here)
        here.flush()
        os.fsync(here.fileno())
    beside.replace(target)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
