"""A folder: of another disk, of a USB stick, of a share that the system mounted."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from broadcaster.backups.limits import CHUNK_BYTES, BackupLimits, Measured
from broadcaster.backups.places.place import refused


class Folder:
    """``path`` itself must be there: a stick that is not plugged in has none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.shown = str(path)

    def sizes(self, folder: str) -> dict[str, int]:
        try:
            self.path.stat()
            where = self.path / folder
            return (
                {each.name: each.stat().st_size for each in where.iterdir() if each.is_file()} if where.is_dir() else {}
            )
        except OSError as error:
            raise refused(self.shown, error) from None

    def write(self, name: str, source: BinaryIO, limits: BackupLimits) -> None:
        try:
            self.path.stat()
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                shutil.copyfileobj(Measured(source, limits), file, CHUNK_BYTES)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise refused(self.shown, error) from None

    @contextmanager
    def read(self, name: str) -> Iterator[BinaryIO]:
        try:
            with (self.path / name).open("rb") as file:
                # what was just written would come from memory, whatever the stick made of it
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
                yield file
        except OSError as error:
            raise refused(self.shown, error) from None

    def rename(self, name: str, to: str) -> None:
        try:
            (self.path / name).replace(self.path / to)
            _sync((self.path / to).parent)
        except OSError as error:
            raise refused(self.shown, error) from None

    def remove(self, name: str) -> None:
        try:
            (self.path / name).unlink(missing_ok=True)
        except OSError as error:
            raise refused(self.shown, error) from None


def _sync(folder: Path) -> None:
    """The new name outlives a pulled plug."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
