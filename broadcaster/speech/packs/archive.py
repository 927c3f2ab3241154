"""A pack as a file: a zip or tar archive, taken apart without trusting a name, a size or a link in it."""

import hashlib
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from broadcaster.errors import Invalid
from broadcaster.speech.packs.manifest import NAME, is_inside

ENDINGS = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.xz")
MOST_MEMBERS = 600
LARGEST_BYTES = 2_000_000_000
"""Unpacked; Supertonic's four graphs and ten voices are about 260 MB."""
_PIECE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    size_bytes: int
    is_folder: bool
    is_plain: bool
    entry: object


def unpack(archive: Path, folder: Path) -> Path:
    """Lay the files of ``archive`` into ``folder``; the folder that holds ``voice.json``.

    Raises Invalid: for links, devices, names that lead elsewhere or stand twice, for more than 600 files or 2 GB, for
    what is no archive or damaged. What was laid there until then is the caller's to delete.
    """
    try:
        with _opened(archive) as reader:
            members = _checked(reader.members())
            _lay_out(reader, members, folder)
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, NotImplementedError, RuntimeError) as error:
        raise Invalid("pack.archive_broken", file=archive.name) from error
    except OSError as error:
        raise Invalid("pack.archive_unusable", file=archive.name, cause=error.strerror or str(error)) from error
    return _root(folder)


def _checked(members: Iterator[_Member]) -> list[_Member]:
    found: list[_Member] = []
    names: set[str] = set()
    for member in members:
        name = member.name.rstrip("/").removeprefix("./")
        if name in ("", ".") and member.is_folder:
            continue
        if not is_inside(name) or not (member.is_folder or member.is_plain):
            raise Invalid("pack.path_outside", path=name[:120])
        if name.casefold() in names:
            raise Invalid("pack.listed_twice")
        names.add(name.casefold())
        found.append(_Member(name, member.size_bytes, member.is_folder, member.is_plain, member.entry))
        if len(found) > MOST_MEMBERS or sum(each.size_bytes for each in found) > LARGEST_BYTES:
            raise Invalid("pack.too_large", megabytes=LARGEST_BYTES // 1_000_000, files=MOST_MEMBERS)
    return found


def _lay_out(reader: "_ZipReader | _TarReader", members: list[_Member], folder: Path) -> None:
    left = LARGEST_BYTES
    for member in members:
        target = folder / member.name
        if member.is_folder:
            target.mkdir(parents=True, exist_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        with reader.open(member.entry) as source, target.open("xb") as file:
            left -= _copied(source, file, most=left)


def _copied(source: IO[bytes], target: IO[bytes], *, most: int) -> int:
    """Counted while it is unpacked: what the archive says of its sizes may be a lie."""
    copied = 0
    while piece := source.read(_PIECE_BYTES):
        copied += len(piece)
        if copied > most:
            raise Invalid("pack.too_large", megabytes=LARGEST_BYTES // 1_000_000, files=MOST_MEMBERS)
        target.write(piece)
    return copied


def _root(folder: Path) -> Path:
    """Where the manifest lies: at the top, or in the one folder there is."""
    if (folder / NAME).is_file():
        return folder
    inner = [each for each in folder.iterdir() if each.is_dir()]
    if len(inner) == 1 and (inner[0] / NAME).is_file():
        return inner[0]
    raise Invalid("pack.manifest_missing")


class _ZipReader:
    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file

    def members(self) -> Iterator[_Member]:
        for each in self._file.infolist():
            kind = each.external_attr >> 28  # upper bits of the Unix mode; 0 where the archive comes from elsewhere
            plain = kind in (0, 0o10) and not each.is_dir()
            yield _Member(each.filename, each.file_size, each.is_dir(), plain, each)

    def open(self, entry: object) -> IO[bytes]:
        assert isinstance(entry, zipfile.ZipInfo)
        return self._file.open(entry)


class _TarReader:
    def __init__(self, file: tarfile.TarFile) -> None:
        self._file = file

    def members(self) -> Iterator[_Member]:
        for each in self._file:
            yield _Member(each.name, each.size, each.isdir(), each.isreg() and not each.issparse(), each)

    def open(self, entry: object) -> IO[bytes]:
        assert isinstance(entry, tarfile.TarInfo)
        opened = self._file.extractfile(entry)
        if opened is None:
            raise tarfile.ReadError(entry.name)
        return opened


@contextmanager
def _opened(archive: Path) -> Iterator["_ZipReader | _TarReader"]:
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as zipped:
            yield _ZipReader(zipped)
        return
    with tarfile.open(archive, "r:*") as tarred:
        yield _TarReader(tarred)


def digest(path: Path) -> str:
    """sha256, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
