"""A backup is opened, unpacked and looked through: in a temporary place after it was made, and before a restore."""

import shutil
from pathlib import Path

from pyrage import x25519

from broadcaster.backups.files import archive, databases, sealing
from broadcaster.backups.files.contents import DATABASE
from broadcaster.backups.files.manifest import Manifest, encode
from broadcaster.backups.limits import BackupLimits
from broadcaster.errors import Invalid


def restore(
    path: Path, folder: Path, *, identity: x25519.Identity | None, expected: Manifest, limits: BackupLimits
) -> None:
    """Restore into ``folder`` and throw it away again. Raises LoaError when a restore would not bring all of it."""
    folder.mkdir()
    found = unpack(path, folder, identity=identity, name=path.name, limits=limits)
    if found is None or encode(found) != encode(expected):
        raise Invalid("backup.broken", path=path.name, cause="manifest")
    shutil.rmtree(folder)


def unpack(
    path: Path, folder: Path, *, identity: x25519.Identity | None, name: str, limits: BackupLimits | None = None
) -> Manifest | None:
    """Everything of the backup into ``folder``, its database sound and of a schema this program knows.

    None for a backup of version 0.2, which says nothing of itself. Raises Invalid, Unavailable.
    """
    if sealing.is_sealed(path):
        if identity is None:
            raise Invalid("backup.key_needed", field="key", path=name)
        plain = folder / ".plain"
        with path.open("rb") as file:
            sealing.unseal(file, plain, identity, name)
    else:
        plain = path
    try:
        manifest = archive.unpack(plain, folder, name=name, limits=limits)
    finally:
        if plain is not path:
            plain.unlink(missing_ok=True)
    _require_sound(folder, manifest)
    return manifest


def manifest(path: Path, *, identity: x25519.Identity | None, name: str) -> Manifest | None:
    """What a backup says of itself; the rest of it is not looked at. Raises Invalid, Unavailable."""
    if not sealing.is_sealed(path):
        return archive.manifest(path, name=name)
    if identity is None:
        raise Invalid("backup.key_needed", field="key", path=name)
    plain = path.with_name(f"{path.name}.plain")
    try:
        with path.open("rb") as file:
            sealing.unseal(file, plain, identity, name)
        return archive.manifest(plain, name=name)
    finally:
        plain.unlink(missing_ok=True)


def _require_sound(folder: Path, manifest: Manifest | None) -> None:
    facts = databases.facts(folder / (manifest.database if manifest else DATABASE))
    if manifest is not None and (facts.counts, facts.revision) != (manifest.counts, manifest.revision):
        raise Invalid("backup.database_broken", cause="counts")
