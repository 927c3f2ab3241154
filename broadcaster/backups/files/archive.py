"""One backup as one file: a compressed tar whose first member says what all others must be."""

import io
import os
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from broadcaster.backups.files import manifest as manifests
from broadcaster.backups.files.contents import DATABASE, SAFE, Item
from broadcaster.backups.files.manifest import FileDigest, Manifest
from broadcaster.backups.limits import CHUNK_BYTES, BackupLimits, Measured
from broadcaster.errors import Invalid, Unavailable
from broadcaster.station.nodes.station_key import FILE as KEY

LEVEL = 4


def write(path: Path, manifest: Manifest, items: Iterable[Item], limits: BackupLimits) -> None:
    """Raises Unavailable when it cannot be written or a file changed meanwhile."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=LEVEL) as archive:
                _add(archive, manifests.NAME, io.BytesIO(manifests.encode(manifest)))
                for item in items:
                    _add_file(archive, item, manifest.files[item.name], limits)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise Unavailable("backup.not_written", path=path, cause=error.strerror or str(error)) from None


def unpack(path: Path, folder: Path, *, name: str, limits: BackupLimits | None = None) -> Manifest | None:
    """Everything into ``folder``, each file as the manifest says; None for a backup of version 0.2, which has none.

    Raises Invalid for what is no whole backup, Unavailable when ``folder`` cannot take it.
    """
    try:
        with tarfile.open(path, mode="r:*") as archive:
            return _unpacked(archive, folder, name, limits)
    except FileNotFoundError:
        raise Invalid("backup.not_found", path=name) from None
    except _NotWritten as error:
        raise Unavailable("backup.not_written", path=folder, cause=error.cause) from None
    except (tarfile.TarError, EOFError, OSError, ValueError, zlib.error) as error:
        raise Invalid("backup.broken", path=name, cause=str(error)[:200]) from None


def manifest(path: Path, *, name: str) -> Manifest | None:
    """The first member alone; None for a backup of version 0.2. Raises Invalid for what is no backup."""
    try:
        with tarfile.open(path, mode="r:*") as archive:
            first = archive.next()
            known = first is not None and first.name == manifests.NAME
            return manifests.decode(_bytes(archive, first), name) if first is not None and known else None
    except (tarfile.TarError, EOFError, OSError, ValueError, zlib.error) as error:
        raise Invalid("backup.broken", path=name, cause=str(error)[:200]) from None


class _NotWritten(Exception):
    """The disk that is unpacked to refuses; its own fault, not the backup's."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.cause = error.strerror or str(error)


def _unpacked(archive: tarfile.TarFile, folder: Path, name: str, limits: BackupLimits | None) -> Manifest | None:
    manifest: Manifest | None = None
    written: dict[str, FileDigest] = {}
    for member in archive:
        if not written and manifest is None and member.name == manifests.NAME:
            manifest = manifests.decode(_bytes(archive, member), name)
            continue
        _require_expected(member, manifest)
        written[member.name] = _write(archive, member, folder / member.name, limits)
    if manifest is not None and written != manifest.files:
        wrong = sorted(each for each in manifest.files if written.get(each) != manifest.files[each])
        raise tarfile.TarError(f"missing or changed: {', '.join(wrong[:3])}")
    if DATABASE not in written and manifest is None:
        raise tarfile.TarError("no database in it")
    return manifest


def _require_expected(member: tarfile.TarInfo, manifest: Manifest | None) -> None:
    """No other name than a backup has may come out of the file; of an old one the names are known beforehand."""
    if manifest is None:
        known = member.name in (DATABASE, KEY) or Item(member.name, Path()).is_old_sound
    else:
        known = member.name in manifest.files
    if not member.isfile() or not known or not SAFE.fullmatch(member.name):
        raise tarfile.TarError(f"unexpected name {member.name[:80]}")


def _bytes(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    content = archive.extractfile(member)
    if content is None or member.size > manifests.MOST_BYTES:
        raise tarfile.TarError(f"unexpected name {member.name[:80]}")
    with content:
        return content.read()


def _write(archive: tarfile.TarFile, member: tarfile.TarInfo, path: Path, limits: BackupLimits | None) -> FileDigest:
    """Only the bytes: neither modes nor owners nor links of the archive come in."""
    content = archive.extractfile(member)
    if content is None:
        raise tarfile.TarError(f"unexpected name {member.name[:80]}")
    with content:
        measured = Measured(content, limits)  # type: ignore[arg-type]  # reads as every binary file does
        _copy(_chunks(measured), path)
    return FileDigest(measured.sha256, measured.size)


def _chunks(measured: Measured) -> Iterator[bytes]:
    while chunk := measured.read(CHUNK_BYTES):
        yield chunk


def _copy(chunks: Iterator[bytes], path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
    except OSError as error:
        raise _NotWritten(error) from None
    with file:
        for chunk in chunks:
            try:
                file.write(chunk)
            except OSError as error:
                raise _NotWritten(error) from None


def _add(archive: tarfile.TarFile, name: str, file: io.BytesIO) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(file.getbuffer()), 0o600
    archive.addfile(member, file)


def _add_file(archive: tarfile.TarFile, item: Item, content: FileDigest, limits: BackupLimits) -> None:
    member = tarfile.TarInfo(item.name)
    member.size, member.mode = content.size_bytes, 0o600
    with item.path.open("rb") as file:
        measured = Measured(file, limits)
        archive.addfile(member, measured)
    if measured.sha256 != content.sha256:
        raise Unavailable("backup.changed_meanwhile", path=item.path)
