"""A whole station in one file: database, key and clips. SQLite is copied while it is in use."""

import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from broadcaster.config import Config
from broadcaster.errors import Conflict, Invalid, Unavailable
from broadcaster.station.announcements.recordings import FOLDER as RECORDINGS
from broadcaster.station.nodes.station_key import FILE as KEY

DATABASE = "loa.db"
SOUND = re.compile(rf"clips/(\w[\w-]*\.ogg|{RECORDINGS}/[0-9a-f]{{64}})", re.ASCII)
"""What else a backup holds: finished clips, and recordings as they were uploaded."""
NUMBERS_SKIPPED = 1_000_000
"""After a restore agenda numbers go on so much higher: nodes have seen numbers the copy does not know."""


def backup(config: Config, path: Path, *, force: bool) -> int:
    """Write the station into ``path``; how many clips it holds. Raises Conflict when the file is there already."""
    _require_sqlite(config)
    if path.exists() and not force:
        raise Conflict("backup.exists", path=path)
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with tempfile.TemporaryDirectory(dir=path.absolute().parent) as folder:
            copy = Path(folder) / DATABASE
            _copy_database(config.data_dir / DATABASE, copy)
            count = _pack(config, copy, beside)
        beside.replace(path)
    except OSError as error:
        raise Unavailable("backup.not_written", path=path, cause=error.strerror) from None
    finally:
        beside.unlink(missing_ok=True)
    return count


def restore(config: Config, path: Path, *, force: bool, now_at: datetime) -> Path | None:
    """Put the station in ``path`` in the place of the present one, whose database is kept aside: where.

    Raises Conflict when there is a station and ``force`` is False, Invalid when the file is not a whole backup.
    """
    _require_sqlite(config)
    folder = config.data_dir
    if (folder / DATABASE).exists() and not force:
        raise Conflict("backup.folder_in_use", folder=folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=folder) as work:
        _unpack(path, Path(work))
        _check_database(Path(work) / DATABASE)
        _skip_numbers(Path(work) / DATABASE)
        return _move_in(Path(work), folder, now_at)


def _require_sqlite(config: Config) -> None:
    if config.database.url and not config.database.url.startswith("sqlite"):
        raise Invalid("backup.data_in_postgresql")


def _copy_database(source: Path, copy: Path) -> None:
    if not source.exists():
        raise Conflict("backup.no_data", path=source)
    with closing(sqlite3.connect(source)) as present, closing(sqlite3.connect(copy)) as made:
        present.backup(made)
        made.execute("PRAGMA journal_mode=DELETE")


def _pack(config: Config, database: Path, path: Path) -> int:
    """Sound after the database: every clip and recording the copy names was on disk before it."""
    clips = sorted(config.clips_dir.glob("*.ogg"))
    originals = sorted((config.clips_dir / RECORDINGS).glob("[0-9a-f]*"))
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as archive:
            archive.add(database, DATABASE)
            if (config.data_dir / KEY).exists():
                archive.add(config.data_dir / KEY, KEY)
            for clip in clips:
                archive.add(clip, f"clips/{clip.name}")
            for original in originals:
                archive.add(original, f"clips/{RECORDINGS}/{original.name}")
        file.flush()
        os.fsync(file.fileno())
    return len(clips)


def _unpack(path: Path, folder: Path) -> None:
    try:
        with tarfile.open(path, mode="r:") as archive:
            for member in _expected(archive):
                _write(archive, member, folder / member.name)
    except FileNotFoundError:
        raise Invalid("backup.not_found", path=path) from None
    except (tarfile.TarError, EOFError, OSError) as error:
        raise Invalid("backup.broken", path=path, cause=error) from None


def _write(archive: tarfile.TarFile, member: tarfile.TarInfo, path: Path) -> None:
    """Only the bytes: neither modes nor owners nor links of the archive come in."""
    content = archive.extractfile(member)
    if content is None:
        raise tarfile.TarError(f"unexpected name {member.name[:80]}")
    path.parent.mkdir(parents=True, exist_ok=True)
    with content, path.open("wb") as file:
        shutil.copyfileobj(content, file)


def _expected(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """Only what a backup has: no other name may come out of the file."""
    for member in archive:
        if not member.isfile() or not (member.name in (DATABASE, KEY) or SOUND.fullmatch(member.name)):
            raise tarfile.TarError(f"unexpected name {member.name[:80]}")
        yield member


def _check_database(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as database:
            sound = database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    except sqlite3.Error:
        sound = False
    if not sound:
        raise Invalid("backup.database_broken")


def _skip_numbers(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE agenda_issues SET number = number + ?, digest = ''", (NUMBERS_SKIPPED,))


def _move_in(work: Path, folder: Path, now_at: datetime) -> Path | None:
    aside = None
    if (folder / DATABASE).exists():
        aside = folder / f"{DATABASE}.{now_at:%Y%m%d-%H%M%S}"
        with closing(sqlite3.connect(folder / DATABASE)) as present:
            present.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (folder / DATABASE).replace(aside)
    for name in (f"{DATABASE}-wal", f"{DATABASE}-shm"):
        (folder / name).unlink(missing_ok=True)
    (folder / "clips" / RECORDINGS).mkdir(parents=True, exist_ok=True)
    for sound in (*work.glob("clips/*.ogg"), *work.glob(f"clips/{RECORDINGS}/*")):
        sound.replace(folder / sound.relative_to(work))
    for name in (KEY, DATABASE):
        if (work / name).exists():
            (work / name).chmod(0o600)
            (work / name).replace(folder / name)
    return aside
