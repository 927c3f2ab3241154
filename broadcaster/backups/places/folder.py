"""A folder: of another disk, of a USB stick, of a share that the system mounted. It is a stranger's: nothing in it that
is a link, a pipe or a device is followed, opened or written through."""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from broadcaster.backups.limits import CHUNK_BYTES, BackupLimits, Measured
from broadcaster.backups.places.place import refused

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class Folder:
    """``path`` itself must be there, and may be a link: a stick that is not plugged in has none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.shown = str(path)

    def sizes(self, folder: str) -> dict[str, int]:
        try:
            with self._inside(folder) as handle, os.scandir(handle) as found:
                return {
                    each.name: each.stat(follow_symlinks=False).st_size
                    for each in found
                    if each.is_file(follow_symlinks=False)
                }
        except FileNotFoundError as error:
            if self.path.is_dir():
                return {}
            raise refused(self.shown, error) from None
        except OSError as error:
            raise refused(self.shown, error) from None

    def write(self, name: str, source: BinaryIO, limits: BackupLimits) -> None:
        try:
            with self._beside(name, make=True) as (handle, last):
                with suppress(FileNotFoundError):
                    os.unlink(last, dir_fd=handle)  # whatever stands there by this name
                with os.fdopen(os.open(last, _NEW, 0o600, dir_fd=handle), "wb") as file:
                    shutil.copyfileobj(Measured(source, limits), file, CHUNK_BYTES)
                    file.flush()
                    os.fsync(file.fileno())
        except OSError as error:
            raise refused(self.shown, error) from None

    @contextmanager
    def read(self, name: str) -> Iterator[BinaryIO]:
        try:
            with self._beside(name) as (handle, last), os.fdopen(os.open(last, _READ, dir_fd=handle), "rb") as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise OSError(None, "not an ordinary file", name)
                # what was just written would come from memory, whatever the stick made of it
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
                yield file
        except OSError as error:
            raise refused(self.shown, error) from None

    def rename(self, name: str, to: str) -> None:
        try:
            with self._beside(name) as (source, last), self._beside(to) as (target, new):
                os.replace(last, new, src_dir_fd=source, dst_dir_fd=target)
                os.fsync(target)  # the new name outlives a pulled plug
        except OSError as error:
            raise refused(self.shown, error) from None

    def remove(self, name: str) -> None:
        try:
            with self._beside(name) as (handle, last):
                os.unlink(last, dir_fd=handle)
        except FileNotFoundError:
            return
        except OSError as error:
            raise refused(self.shown, error) from None

    @contextmanager
    def _beside(self, name: str, *, make: bool = False) -> Iterator[tuple[int, str]]:
        """The folder that holds the name, held open, and the last part of the name."""
        path = PurePosixPath(name)
        with self._inside(str(path.parent), make=make) as handle:
            yield handle, path.name

    @contextmanager
    def _inside(self, folder: str, *, make: bool = False) -> Iterator[int]:
        """A folder below this one, held open; none on the way may be a link. Raises OSError."""
        handle = os.open(self.path, _FOLDER)
        try:
            for part in PurePosixPath(folder).parts:
                if part == "..":
                    raise OSError(None, "leads out of the folder", folder)
                if make:
                    with suppress(FileExistsError):
                        os.mkdir(part, 0o700, dir_fd=handle)
                within = os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=handle)
                os.close(handle)
                handle = within
            yield handle
        finally:
            os.close(handle)
