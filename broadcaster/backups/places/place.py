"""What a place can do, and how a file is put there so that it is whole or not there at all."""

import contextlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from broadcaster.backups.files.manifest import FileDigest
from broadcaster.backups.limits import BackupLimits, digest
from broadcaster.errors import Unavailable
from broadcaster.refusals.reasons import Reason

PART = ".part"
MARK = "loa-backups.json"
"""Lies in every place that was used once: a stick that is not plugged in is an empty folder without it."""


class Place(Protocol):
    """Names are relative, with slashes. Whatever does not work raises Unavailable with what to do."""

    shown: str
    """The place in words, without passwords."""

    def sizes(self, folder: str) -> dict[str, int]:
        """Length of every file in a folder, by name; none for a folder that is not there."""

    def write(self, name: str, source: BinaryIO, limits: BackupLimits) -> None:
        """Folders are made; on return the bytes are on the disk."""

    def read(self, name: str) -> AbstractContextManager[BinaryIO]:
        """From the disk itself where that can be had."""

    def rename(self, name: str, to: str) -> None:
        """In the place of whatever has that name."""

    def remove(self, name: str) -> None:
        """Gone afterwards, also when it was not there."""


@dataclass(frozen=True, slots=True)
class Access:
    """What opening a place needs.

    data_dir: of the station; its key for other machines and their known keys lie there.
    seconds: longest silence of another machine. host_key: ``SHA256:…`` expected of it, or empty.
    password: asked of a person; empty for the one in the address.
    """

    data_dir: Path
    seconds: float = 20.0
    host_key: str = ""
    password: str = ""


@contextmanager
def opened(address: str, access: Access) -> Iterator[Place]:
    """The place at this address: a folder, or ``sftp://user@host:port/folder``."""
    if address.startswith("sftp://"):
        from broadcaster.backups.places import sftp

        with sftp.connected(address, access) as place:
            yield place
    else:
        from broadcaster.backups.places.folder import Folder

        yield Folder(Path(address.removeprefix("file://")))


def shown(address: str) -> str:
    """An address without its password."""
    scheme, separator, rest = address.partition("://")
    if not separator or "@" not in rest:
        return address
    account, _, host = rest.rpartition("@")
    return f"{scheme}://{account.partition(':')[0]}@{host}"


def require_known(place: Place, *, new: bool) -> None:
    """Raises Unavailable for a place that was used and now is another, or empty: a stick is not plugged in.

    ``new``: whoever asks says that it is a new one.
    """
    if MARK not in place.sizes("") and not new:
        raise Unavailable("backup.place_not_marked", place=place.shown)


def store(place: Place, name: str, path: Path, content: FileDigest, limits: BackupLimits) -> None:
    """Written beside, read again, and only then put in the place of an earlier one. Raises Unavailable."""
    part = name + PART
    try:
        with path.open("rb") as source:
            place.write(part, source, limits)
        if read_again(place, part, limits) != content:
            raise Unavailable("backup.place_lies", place=place.shown, file=name)
        place.rename(part, name)
    except BaseException:
        with contextlib.suppress(Unavailable):
            place.remove(part)
        raise


def read_again(place: Place, name: str, limits: BackupLimits) -> FileDigest:
    """What really lies there."""
    with place.read(name) as file:
        return FileDigest(*digest(file, limits))


def refused(place: str, error: OSError) -> Unavailable:
    """What a disk says, in words."""
    import errno

    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Unavailable("backup.place_full", place=place)
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return Unavailable("backup.place_read_only", place=place)
    return Unavailable("backup.place_gone", place=place, cause=Reason("reason.as_written", words=_words(error)))


def _words(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__
