"""Wheels become a folder beside the others, which has its name only once every byte of it is on the card."""

import errno
import hashlib
import os
import py_compile
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from email.parser import HeaderParser
from pathlib import Path, PurePosixPath

from broadcaster.protocol.release import Release, ReleaseFailure, ReleaseWheel
from speaker_node.clips.clip_store import SPARE_BYTES
from speaker_node.releases import launch_state
from speaker_node.releases.errors import ReleaseRefused

OURS = "loa_lang"
BLOCK_BYTES = 262_144
MOST_BYTES = 400_000_000
"""Of all wheels unpacked."""
COMPILED_RATIO = 2
"""What is compiled takes about as much again."""
IMPORT_SECONDS = 120.0
TRY_IMPORT = "import speaker_node.agent, speaker_node.command"
FULL = (errno.ENOSPC, errno.EDQUOT)
FreeBytes = Callable[[Path], int]


def free_bytes(folder: Path) -> int:
    """Room left on the card."""
    return shutil.disk_usage(folder).free


def unpack(release: Release, wheels: Mapping[str, Path], root: Path, *, free: FreeBytes = free_bytes) -> None:
    """Put the program of this release beside the others; again is harmless. ``wheels``: each file by its sha256.

    Raises ReleaseRefused. A power cut leaves what is unfinished under a name of its own, which the next call clears.
    """
    if launch_state.is_whole(root, release.program):
        return
    beside = root / (release.program + launch_state.UNFINISHED)
    try:
        root.mkdir(parents=True, exist_ok=True)
        _clear(beside)
        for wheel in release.wheels:
            _check_hash(wheel, wheels[wheel.sha256])
        _check_room(root, wheels.values(), free)
        beside.mkdir()
        for wheel in release.wheels:
            _extract(wheels[wheel.sha256], beside)
        _check_version(beside, release.program)
        _compile(beside)
        _try_import(beside)
        _sync_all(beside)
        _clear(root / release.program)
        beside.replace(root / release.program)
        launch_state.sync(root)
    except OSError as error:
        with suppress(OSError):
            _clear(beside)
        code = ReleaseFailure.NO_ROOM if error.errno in FULL else ReleaseFailure.NOT_WRITTEN
        raise ReleaseRefused(code, lasting=False) from error
    except ReleaseRefused:
        with suppress(OSError):
            _clear(beside)
        raise


def prune(root: Path, *, keep: frozenset[str]) -> None:
    """Delete every version that no link leads to and nobody named. What cannot be deleted is not used all the same."""
    used = keep | {launch_state.linked(root, name) for name in (launch_state.CURRENT, launch_state.PREVIOUS)}
    for path in list(root.iterdir()) if root.is_dir() else []:
        name = path.name.removesuffix(launch_state.UNFINISHED)
        if path.is_dir() and not path.is_symlink() and launch_state.is_version(name) and path.name not in used:
            shutil.rmtree(path, ignore_errors=True)


def _check_hash(wheel: ReleaseWheel, path: Path) -> None:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
    if digest.hexdigest() != wheel.sha256:
        raise ReleaseRefused(ReleaseFailure.DAMAGED, lasting=False)


def _check_room(root: Path, wheels: Iterable[Path], free: FreeBytes) -> None:
    needed = 0
    for path in wheels:
        with _opened(path) as archive:
            needed += sum(each.file_size for each in archive.infolist())
    if needed > MOST_BYTES:
        raise ReleaseRefused(ReleaseFailure.DAMAGED)
    if free(root) - needed * COMPILED_RATIO < SPARE_BYTES:
        raise ReleaseRefused(ReleaseFailure.NO_ROOM, lasting=False)


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise ReleaseRefused(ReleaseFailure.DAMAGED) from error


def _extract(wheel: Path, folder: Path) -> None:
    with _opened(wheel) as archive:
        for each in archive.infolist():
            target = _target(each, folder)
            if target is None:
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                with archive.open(each) as source, target.open("wb") as file:
                    shutil.copyfileobj(source, file, BLOCK_BYTES)
            except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
                raise ReleaseRefused(ReleaseFailure.DAMAGED) from error


def _target(each: zipfile.ZipInfo, folder: Path) -> Path | None:
    """Where a file of a wheel belongs (PEP 427); None for folders, programs and headers. Raises ReleaseRefused."""
    parts = PurePosixPath(each.filename).parts
    if each.is_dir():
        return None
    if stat.S_ISLNK(each.external_attr >> 16) or not parts or parts[0] == "/" or ".." in parts:
        raise ReleaseRefused(ReleaseFailure.DAMAGED)
    if parts[0].endswith(".data"):
        return folder.joinpath(*parts[2:]) if len(parts) > 2 and parts[1] in ("purelib", "platlib") else None
    return folder.joinpath(*parts)


def _check_version(folder: Path, program: str) -> None:
    """The program is in it and calls itself what the order calls it."""
    found = list(folder.glob(f"{OURS}-*.dist-info/METADATA"))
    if len(found) != 1 or not (folder / "speaker_node" / "__main__.py").is_file():
        raise ReleaseRefused(ReleaseFailure.DAMAGED)
    stated = HeaderParser().parsestr(found[0].read_text("utf-8", "replace")).get("Version", "")
    if stated != program:
        raise ReleaseRefused(ReleaseFailure.WRONG_VERSION)


def _compile(folder: Path) -> None:
    """What does not compile is found when it is imported."""
    for path in sorted(folder.rglob("*.py")):
        with suppress(py_compile.PyCompileError, ValueError):
            py_compile.compile(
                str(path), doraise=True, quiet=2, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH
            )


def _try_import(folder: Path) -> None:
    """In a process of its own: a program that cannot even be loaded never costs a moment of silence."""
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("NOTIFY_SOCKET", None)
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-P", "-c", TRY_IMPORT],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=IMPORT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ReleaseRefused(ReleaseFailure.CRASHED_AT_IMPORT) from error
    if done.returncode != 0:
        raise ReleaseRefused(ReleaseFailure.CRASHED_AT_IMPORT)


def _sync_all(folder: Path) -> None:
    for place, _, files in os.walk(folder):
        for name in files:
            _sync_file(Path(place) / name)
        launch_state.sync(Path(place))


def _sync_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _clear(path: Path) -> None:
    """Raises OSError."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
