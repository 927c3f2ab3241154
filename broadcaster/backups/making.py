"""One backup, made and tried in a folder of our own before anything of an earlier one is touched."""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from pyrage import x25519

from broadcaster.backups import trial
from broadcaster.backups.files import archive, contents, databases, manifest, sealing
from broadcaster.backups.files.contents import Item
from broadcaster.backups.files.manifest import FileDigest, Manifest
from broadcaster.backups.limits import BackupLimits, digest
from broadcaster.backups.recovery_key import FOLDER, RecoveryKey
from broadcaster.config import Config
from broadcaster.errors import Unavailable
from broadcaster.protocol.agenda import AuditHead
from broadcaster.station.database.copies.facts import DatabaseFacts
from broadcaster.station.database.copies.shut_out import ShutOut
from broadcaster.station.upkeep import signed_heads


@dataclass(frozen=True, slots=True)
class Made:
    """path: of the file; content: its digest; manifest: what is in it."""

    path: Path
    content: FileDigest
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class _Gathered:
    """items: files that go in, as they were when they were read; files: their digests; facts: of the database;
    shut_out: who is let in no more by it; audit_head: end of the audit trail in it.
    """

    items: list[Item]
    files: dict[str, FileDigest]
    facts: DatabaseFacts
    shut_out: list[ShutOut]
    audit_head: AuditHead | None


@contextmanager
def work_folder(config: Config) -> Iterator[Path]:
    """Private and gone afterwards; what a killed backup left there goes too."""
    home = config.data_dir.absolute() / FOLDER
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in home.glob("work*"):
            shutil.rmtree(left, ignore_errors=True)
        folder = TemporaryDirectory(dir=home, prefix="work-", ignore_cleanup_errors=True)
    except OSError as error:
        raise Unavailable("backup.not_written", path=home, cause=error.strerror) from None
    with folder as name:
        yield Path(name)


def make(
    config: Config, work: Path, *, key: RecoveryKey | None, apart: Mapping[str, FileDigest], damaged: Iterable[str],
    whole: Iterable[Item], now_at: datetime, limits: BackupLimits,
) -> Made:  # fmt: skip
    """A backup in ``work``, opened and unpacked again as a restore would. None as key leaves it unsealed.

    ``apart``: files that lie beside all backups; ``whole``: such files that shall be in this one.
    Raises LoaError: nothing of it is any good then.
    """
    gathered = _gather(config, work, whole, limits)
    stated = _manifest(config, gathered, now_at)
    stated = msgspec.structs.replace(stated, apart=dict(apart), damaged=sorted(damaged))
    plain = work / "plain"
    archive.write(plain, stated, gathered.items, limits)
    shutil.rmtree(work / "gathered")
    path, identity = plain, None
    if key is not None:
        # a second key, forgotten when this ends: the station cannot open what it seals, and yet tries it
        identity = x25519.Identity.generate()
        path = work / "sealed"
        sealing.seal(plain, path, [key.recipient, str(identity.to_public())], limits)
        plain.unlink()
    trial.restore(path, work / "trial", identity=identity, expected=stated, limits=limits)
    with path.open("rb") as file:
        sha256, size = digest(file, limits)
    return Made(path, FileDigest(sha256, size), stated)


def _gather(config: Config, work: Path, whole: Iterable[Item], limits: BackupLimits) -> _Gathered:
    """Sound comes after the database: what the copy names was on disk before it."""
    folder = work / "gathered"
    folder.mkdir()
    try:
        before = signed_heads.of_station(config) if databases.is_postgresql(config) else None
        copy = databases.copy(config, folder, limits)
        facts = databases.facts(copy)
        head = before or (None if databases.is_postgresql(config) else signed_heads.of_copy(config, copy))
        items = [Item(copy.name, copy), *(_staged(item, folder) for item in contents.small(config)), *whole]
        files = {item.name: _digest(item, limits) for item in items}
    except OSError as error:
        raise Unavailable("backup.not_written", path=folder, cause=error.strerror or str(error)) from None
    return _Gathered(items, files, facts, databases.shut_out(config, copy), head)


def _staged(item: Item, folder: Path) -> Item:
    """As it is at this moment: whoever writes it meanwhile writes another file."""
    path = folder / item.name
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(item.path, path)
    return replace(item, path=path)


def _digest(item: Item, limits: BackupLimits) -> FileDigest:
    with item.path.open("rb") as file:
        return FileDigest(*digest(file, limits))


def _manifest(config: Config, gathered: _Gathered, now_at: datetime) -> Manifest:
    facts = gathered.facts
    return Manifest(
        program=manifest.program(),
        station=config.station.id,
        station_name=config.station.name,
        made_at=now_at,
        database=gathered.items[0].name,
        kind=facts.kind,
        revision=facts.revision,
        counts=facts.counts,
        settings=portable(config),
        files=gathered.files,
        shut_out=gathered.shut_out,
        audit_head=gathered.audit_head,
    )


def portable(config: Config) -> dict[str, Any]:
    """The settings in force that another machine needs too."""
    settings: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(replace(config, data_dir=Path()), enc_hook=str))
    return {name: value for name, value in settings.items() if name not in ("data_dir", "database")}
