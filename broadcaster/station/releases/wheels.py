"""The files of releases on the station's disk, by the hash of their bytes; and those that one machine needs."""

import hashlib
import logging
import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from broadcaster.errors import Invalid, Unavailable
from broadcaster.protocol.release import ReleaseReport, ReleaseWheel, fits, is_wheel, wheel_version

FOLDER = "releases"
MOST_BYTES = 64 * 1024 * 1024
_PIECE_BYTES = 1 << 20
OURS = "loa-lang"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SentFile:
    """name: as whoever sends it calls it; content: its bytes, read once."""

    name: str
    content: IO[bytes]


def path(data_dir: Path, sha256: str) -> Path:
    """Where a file lies."""
    return data_dir / FOLDER / f"{sha256}.whl"


def keep(data_dir: Path, sent: SentFile) -> ReleaseWheel:
    """On the disk for good. Nothing in it is read. Raises Invalid, Unavailable for the disk."""
    name = Path(sent.name).name
    if not is_wheel(name) or len(name) > 150:
        raise Invalid("release.no_wheel", field="files", file=name[:150])
    part = data_dir / FOLDER / f".{secrets.token_hex(8)}.part"
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        sha256, size_bytes = _copy(sent.content, part, name)
        part.replace(path(data_dir, sha256))
    except OSError as error:
        raise Unavailable("release.not_stored", cause=error.strerror or str(error)) from error
    finally:
        part.unlink(missing_ok=True)
    return ReleaseWheel(name=name, sha256=sha256, size_bytes=size_bytes)


def tidy(data_dir: Path, *, needed: Iterable[str], before_seconds: float) -> int:
    """Remove files that no release needs; how many went. ``before_seconds``: younger files stay, in seconds since 1970:
    their release may not be in the tables yet. What cannot be removed stays for the next time."""
    wanted, removed = set(needed), 0
    for found in [*(data_dir / FOLDER).glob("*.whl"), *(data_dir / FOLDER).glob(".*.part")]:
        try:
            if found.stem not in wanted and found.stat().st_mtime < before_seconds:
                found.unlink()
                removed += 1
        except OSError as error:
            log.warning("%s could not be removed: %s", found.name, error)
    return removed


def program_of(files: Iterable[ReleaseWheel]) -> str:
    """The version of our own wheel among these. Raises Invalid when there is none, or more than one version."""
    versions = {version for name, version in (wheel_version(each.name) for each in files) if name == OURS}
    if len(versions) != 1:
        raise Invalid("release.no_program", field="files")
    return versions.pop()


def for_machine(files: Sequence[ReleaseWheel], report: ReleaseReport) -> tuple[ReleaseWheel, ...]:
    """One file of each package, all of which run there; empty when a package has none for it."""
    found: dict[str, ReleaseWheel | None] = {}
    for each in sorted(files, key=lambda file: file.name):
        package = wheel_version(each.name)[0]
        found[package] = found.get(package) or (each if fits(each.name, report) else None)
    chosen = tuple(each for each in found.values() if each is not None)
    return chosen if len(chosen) == len(found) else ()


def _copy(source: IO[bytes], target: Path, name: str) -> tuple[str, int]:
    digest, copied = hashlib.sha256(), 0
    with target.open("xb") as file:
        while piece := source.read(_PIECE_BYTES):
            copied += len(piece)
            if copied > MOST_BYTES:
                raise Invalid("release.too_large", field="files", file=name, megabytes=MOST_BYTES >> 20)
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    if not copied:
        raise Invalid("release.no_wheel", field="files", file=name)
    return digest.hexdigest(), copied
