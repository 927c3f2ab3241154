"""A station brought back from a backup: looked through in a folder beside, then put in the place of another."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from pyrage import x25519

from broadcaster.backups import later, trial
from broadcaster.backups.files import databases, names, sealing
from broadcaster.backups.files.contents import APART, DATABASE, DUMP, SAFE
from broadcaster.backups.files.manifest import Manifest
from broadcaster.backups.making import portable
from broadcaster.backups.places.place import Access, Place, opened
from broadcaster.backups.stock import SUFFIX
from broadcaster.config import Config
from broadcaster.errors import Conflict, Invalid, LoaError, Unavailable
from broadcaster.station.copies import restored
from broadcaster.station.database.copies import postgresql, sqlite
from broadcaster.station.database.copies.shut_out import ShutOut

SETTINGS = "restored-config.yaml"
"""The configuration of the backup, when another is in force here."""
_LOCAL = ("backup", "speech", "audio")
"""Settings that may well be others on another machine."""


@dataclass(frozen=True, slots=True)
class BackupSource:
    """address: a file, a folder with backups whose newest is meant, or an ``sftp://…`` address of either.

    access: to another machine; identity: the recovery key, None for an unsealed backup.
    """

    address: str
    access: Access
    identity: x25519.Identity | None = None


@dataclass(frozen=True, slots=True)
class Restored:
    """name: of the backup; manifest: None for version 0.2's; aside: where the station before lies now, None for none.

    missing: sound and voices that could not be brought back, by name. differing: settings that are others here.
    shut_out: whom the backup still let in, but not what was here, or a later backup beside it. They stay shut out.
    forgotten: rows by table that were here and are not in the backup; empty when nothing was here or it is unreadable.
    """

    name: str
    manifest: Manifest | None
    aside: Path | None
    missing: tuple[str, ...]
    differing: tuple[str, ...]
    shut_out: tuple[ShutOut, ...] = ()
    forgotten: Mapping[str, int] = field(default_factory=dict)


def restore(config: Config, source: BackupSource, *, force: bool, now_at: datetime) -> Restored:
    """Put the station of the backup in the place of the present one, which is kept aside.

    Raises Conflict when there is a station and ``force`` is False, Invalid for no whole backup, a wrong key, another
    station's and a newer program's, Unavailable when place or disk refuse; then nothing has changed.
    """
    folder = config.data_dir.absolute()
    if _is_used(config) and not force:
        raise Conflict("backup.folder_in_use", folder=folder)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        work = TemporaryDirectory(dir=folder, prefix="restore-", ignore_cleanup_errors=True)
    except OSError as error:
        raise Unavailable("backup.not_written", path=folder, cause=error.strerror) from None
    with work as made, _opened(source) as (place, name):
        found = _Found(config, Path(made), place, name, source.identity)
        manifest = found.unpack()
        missing = found.bring_apart(manifest) if manifest else ()
        return found.move_in(manifest, missing, now_at)


def newest(place: Place, *, station: str | None = None) -> str:
    """Name of the newest backup there. Raises Invalid when there is none."""
    known = [each for each in map(names.parse, place.sizes("")) if each and station in (None, each.station)]
    if not known:
        raise Invalid("backup.none_there", place=place.shown)
    return max(known, key=lambda each: each.made_at).file


def _is_used(config: Config) -> bool:
    if databases.is_postgresql(config):
        return postgresql.holds_station(config.database_url)
    return (config.data_dir / DATABASE).exists()


@contextmanager
def _opened(source: BackupSource) -> Iterator[tuple[Place, str]]:
    """The place and the name of the backup in it."""
    folder, name = _split(source.address)
    with opened(folder, source.access) as place:
        yield place, name or newest(place)


def _split(address: str) -> tuple[str, str]:
    """Folder, and file when the address names one."""
    if "://" in address:
        head, _, last = address.rpartition("/")
        return (head, last) if names.parse(last) else (address, "")
    path = Path(address)
    if path.is_dir():
        return address, ""
    if not path.is_file():
        raise Invalid("backup.not_found", path=path)
    return str(path.parent), path.name


@dataclass(frozen=True, slots=True)
class _Found:
    """A backup on its way: work: a folder of ours, with what was unpacked under ``data``."""

    config: Config
    work: Path
    place: Place
    name: str
    identity: x25519.Identity | None

    @property
    def data(self) -> Path:
        return self.work / "data"

    def unpack(self) -> Manifest | None:
        copy = self.work / self.name
        self._fetch(self.name, copy)
        self.data.mkdir()
        manifest = trial.unpack(copy, self.data, identity=self.identity, name=self.name)
        copy.unlink()
        if manifest is not None and manifest.station != self.config.station.id:
            raise Conflict("backup.of_another_station", owner=manifest.station, station=self.config.station.id)
        databases.require_same_kind(self.config, self.data / (manifest.database if manifest else DATABASE))
        return manifest

    def bring_apart(self, manifest: Manifest) -> tuple[str, ...]:
        """Sound and voices that lie beside; names of those that do not, or not whole."""
        backup = names.parse(self.name)
        missing = []
        for name, content in sorted(manifest.apart.items()):
            if not SAFE.fullmatch(name) or name.split("/")[0] not in APART:
                raise Invalid("backup.broken", path=self.name, cause=f"unexpected name {name[:80]}")
            try:
                if backup is None:
                    raise Invalid("backup.not_found", path=name)
                self._open_apart(f"{backup.stock}/{content.sha256}{SUFFIX}", name, content.sha256)
            except LoaError as error:
                if error.code == "backup.not_written":
                    raise
                missing.append(name)
        return tuple(missing)

    def _open_apart(self, stored: str, name: str, sha256: str) -> None:
        path = self.data / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.identity is None:
            raise Invalid("backup.key_needed", field="key", path=name)
        with self.place.read(stored) as file:
            content = sealing.unseal(file, path, self.identity, name)
        if content.sha256 != sha256:
            path.unlink()
            raise Invalid("backup.broken", path=name, cause="sha256")

    def _fetch(self, name: str, path: Path) -> None:
        try:
            with self.place.read(name) as file, path.open("wb") as copy:
                while chunk := file.read(1 << 18):
                    copy.write(chunk)
        except OSError as error:
            raise Unavailable("backup.not_written", path=path.parent, cause=error.strerror or str(error)) from None

    def move_in(self, manifest: Manifest | None, missing: tuple[str, ...], now_at: datetime) -> Restored:
        """The last step, and the only one that changes anything."""
        folder = self.config.data_dir.absolute()
        differing = _differing(self.config, manifest)
        if manifest is not None and differing:
            text = yaml.safe_dump(manifest.settings, allow_unicode=True, sort_keys=False)
            (self.data / SETTINGS).write_text(text, encoding="utf-8")
        aside = folder / f"before-restore-{now_at:%Y%m%d-%H%M%S}"
        known = [*databases.shut_out(self.config), *later.shut_out(self.place, self.name, self.work, self.identity)]
        try:
            still = self._replace_database(aside, known, now_at)
            self._replace_files(aside)
        except OSError as error:
            raise Unavailable("backup.half_restored", folder=folder, aside=aside, cause=error.strerror) from None
        forgotten = later.forgotten(aside, manifest)
        return Restored(
            self.name, manifest, aside if aside.exists() else None, missing, differing, tuple(still), forgotten
        )

    def _replace_database(self, aside: Path, known: Sequence[ShutOut], now_at: datetime) -> list[ShutOut]:
        """Those whom the backup still let in."""
        if databases.is_postgresql(self.config):
            dump = self.data / DUMP
            if postgresql.holds_station(self.config.database_url):
                aside.mkdir(mode=0o700)
                postgresql.dump(self.config.database_url, aside / DUMP)
            postgresql.put_back(self.config.database_url, dump)
            dump.unlink()
            return restored.prepare(self.config.database_url, known=known, now_at=now_at)
        still = restored.prepare(f"sqlite:///{self.data.absolute() / DATABASE}", known=known, now_at=now_at)
        present = self.config.data_dir / DATABASE
        if present.exists():
            sqlite.settle(present)
        for name in (f"{DATABASE}-wal", f"{DATABASE}-shm", f"{DATABASE}-journal"):
            _put_aside(self.config.data_dir / name, aside, name)
        return still

    def _replace_files(self, aside: Path) -> None:
        """Sound that lies here already is the same sound; everything else that is replaced is kept."""
        files = sorted(
            (path for path in self.data.rglob("*") if path.is_file()), key=lambda path: path.name == DATABASE
        )
        for path in files:
            name = path.relative_to(self.data).as_posix()
            target = self.config.data_dir.absolute() / name
            if name.split("/")[0] not in APART:
                _put_aside(target, aside, name)
                path.chmod(0o600)
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.replace(target)


def _put_aside(path: Path, aside: Path, name: str) -> None:
    if path.exists():
        (aside / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.replace(aside / name)


def _differing(config: Config, manifest: Manifest | None) -> tuple[str, ...]:
    """Settings of the backup that nodes and people would miss here, by their path."""
    if manifest is None:
        return ()
    here = portable(config)
    found = []
    for group, values in manifest.settings.items():
        if group in _LOCAL or not isinstance(values, dict) or not isinstance(here.get(group), dict):
            continue
        found += [f"{group}.{name}" for name, value in values.items() if here[group].get(name) != value]
    return tuple(sorted(found))
