"""The folder of a USB stick, read and written at both ends. A stick is a stranger's: nothing on it leads anywhere else.

Every file is opened inside the folder that is held open, never through a link, and only when it is an ordinary file:
a link, a pipe or a device is refused. What is written is whole or the old one after the stick was pulled out.
"""

import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader, BufferedWriter
from pathlib import Path
from typing import Self

from broadcaster.protocol.stick import layout as stick

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class NotPlain(OSError):
    """A link, pipe or device stands where an ordinary file or folder belongs. ``filename`` is its name."""


class StickFolder:
    """One folder of a stick, held open; a context. Names are relative to it and name no other folder."""

    def __init__(self, path: Path | str, *, inside: int | None = None) -> None:
        """The folder may be a link only where whoever runs us named it, not when it carries the stick's own name.

        Raises NotPlain, OSError.
        """
        strangers = inside is not None or Path(path).name == stick.FOLDER
        if strangers:
            _require(path, inside, folder=True)
        self._handle = os.open(path, _FOLDER | (os.O_NOFOLLOW if strangers else 0), dir_fd=inside)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)

    def folder(self, name: str, *, make: bool = False) -> "StickFolder":
        """A folder in it, made on request. Raises NotPlain, OSError."""
        if make:
            with suppress(FileExistsError):
                os.mkdir(name, dir_fd=self._handle)
        return StickFolder(_bare(name), inside=self._handle)

    def names(self) -> list[str]:
        """Of everything in it, sorted."""
        return sorted(os.listdir(self._handle))  # noqa: PTH208 - of a folder held open, not of a path

    @contextmanager
    def opened(self, name: str) -> Iterator[BufferedReader]:
        """The file for reading. Raises FileNotFoundError, NotPlain, OSError."""
        _require(_bare(name), self._handle)
        with os.fdopen(os.open(name, _READ, dir_fd=self._handle), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise NotPlain(None, "not an ordinary file", name)
            yield file

    def read(self, name: str, limit_bytes: int) -> bytes:
        """At most one byte more than the limit; empty when there is no such file. Raises NotPlain, OSError."""
        try:
            with self.opened(name) as file:
                return file.read(limit_bytes + 1)
        except FileNotFoundError:
            return b""

    def sha256(self, name: str) -> str | None:
        """Of the file's content, hex; None when there is no such file. Raises NotPlain, OSError."""
        try:
            with self.opened(name) as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            return None

    def changed_ns(self, name: str) -> int | None:
        """When the ordinary file of this name was last written; None for none. Raises OSError."""
        try:
            found = os.stat(_bare(name), dir_fd=self._handle, follow_symlinks=False)
        except FileNotFoundError:
            return None
        return found.st_mtime_ns if stat.S_ISREG(found.st_mode) else None

    def put(self, name: str, content: bytes) -> None:
        """Written beside, fsynced, renamed; a link in the way is replaced, never followed. Raises OSError."""
        with self._beside(name) as file:
            file.write(content)

    def copy(self, name: str, source: Path) -> None:
        """``put`` of a file of our own. Raises OSError."""
        with source.open("rb") as ours, self._beside(name) as file:
            shutil.copyfileobj(ours, file)

    @contextmanager
    def _beside(self, name: str) -> Iterator[BufferedWriter]:
        beside = _bare(name) + ".new"
        with suppress(FileNotFoundError):
            os.unlink(beside, dir_fd=self._handle)
        with os.fdopen(os.open(beside, _WRITE, 0o666, dir_fd=self._handle), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, name, src_dir_fd=self._handle, dst_dir_fd=self._handle)
        os.fsync(self._handle)


def _bare(name: str) -> str:
    if "/" in name or name in ("", ".", ".."):
        raise NotPlain(None, "not a name", name)
    return name


def _require(path: Path | str, inside: int | None, *, folder: bool = False) -> None:
    """Looked at before it is opened: opening a device may already do something. Raises NotPlain, OSError."""
    mode = os.stat(path, dir_fd=inside, follow_symlinks=False).st_mode
    if not (stat.S_ISDIR(mode) if folder else stat.S_ISREG(mode)):
        raise NotPlain(None, "a link or a device", Path(path).name)
