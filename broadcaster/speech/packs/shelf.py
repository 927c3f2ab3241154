"""The packs that were taken in, each a folder of its own; a pack without its mark is not there."""

import json
import os
import re
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from broadcaster.errors import Invalid, LoaError, NotFound
from broadcaster.speech.packs.archive import digest
from broadcaster.speech.packs.manifest import ID, PackManifest, read_manifest

MARK = "taken-in.json"
"""Written last into a pack's folder: what the examination found."""
_UNFINISHED = re.compile(r"^\.(adding|old)-")


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found when the pack was taken in.

    real_time_factor: seconds of sound made in one second on this machine, by itself.
    syllables_a_minute: of the test sentence. peak: of its samples, full scale being 1.
    surprise_nats: of the machine listener at the test sentence, a syllable; None where it is not installed.
    """

    real_time_factor: float
    syllables_a_minute: int
    peak: float
    surprise_nats: float | None = None


@dataclass(frozen=True, slots=True)
class InstalledPack:
    """folder: where it lies; manifest: what it says of itself; examined: what was found; version: of its files."""

    folder: Path
    manifest: PackManifest
    examined: Examined
    version: str

    def path(self, role: str) -> Path:
        return self.folder / self.manifest.role(role)

    @property
    def size_bytes(self) -> int:
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())


def packs_folder(voices_dir: Path) -> Path:
    return voices_dir / "packs"


def installed(voices_dir: Path) -> list[InstalledPack]:
    """Every pack that was taken in and whose manifest can be read, by id."""
    marks = sorted(packs_folder(voices_dir).glob(f"[!.]*/{MARK}"))
    found = [_read(mark.parent) for mark in marks]
    return [pack for pack in found if pack is not None]


def find(voices_dir: Path, pack_id: str) -> InstalledPack | None:
    if not ID.match(pack_id) or not (packs_folder(voices_dir) / pack_id / MARK).is_file():
        return None
    return _read(packs_folder(voices_dir) / pack_id)


def remove(voices_dir: Path, pack_id: str) -> None:
    """Raises NotFound. The mark goes first, so that half a pack is none."""
    folder = packs_folder(voices_dir) / pack_id
    if not ID.match(pack_id) or not folder.is_dir():
        raise NotFound("pack.unknown", pack=pack_id[:40])
    (folder / MARK).unlink(missing_ok=True)
    shutil.rmtree(folder)


def check_files(folder: Path, manifest: PackManifest) -> None:
    """Raises Invalid unless every listed file is there with its digest, and no other but the mark."""
    listed = {each.path for each in manifest.files} | {"voice.json", MARK}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or (path.is_file() and path.relative_to(folder).as_posix() not in listed):
            raise Invalid("pack.file_unlisted", path=path.relative_to(folder).as_posix()[:120])
    for each in manifest.files:
        path = folder / each.path
        if not path.is_file():
            raise Invalid("pack.file_missing", path=each.path[:120])
        if digest(path) != each.sha256:
            raise Invalid("pack.digest_wrong", path=each.path[:120])


def take_in(unpacked: Path, manifest: PackManifest, examined: Examined, *, voices_dir: Path) -> InstalledPack:
    """Move an examined folder to its place; a pack of the same id gives way to it."""
    target = packs_folder(voices_dir) / manifest.id
    (unpacked / MARK).write_text(json.dumps(asdict(examined)))
    old = target.with_name(f".old-{os.getpid()}-{manifest.id}")
    if target.exists():
        target.replace(old)
    unpacked.replace(target)
    shutil.rmtree(old, ignore_errors=True)
    pack = _read(target)
    if pack is None:
        raise Invalid("pack.manifest_unreadable", cause=MARK)
    return pack


def working_folder(voices_dir: Path) -> Path:
    """A fresh folder beside the packs, for one that is being looked at; what an earlier try left behind is removed."""
    shelf = packs_folder(voices_dir)
    shelf.mkdir(parents=True, exist_ok=True)
    for left in shelf.iterdir():
        if _UNFINISHED.match(left.name) and not _is_alive(left.name):
            shutil.rmtree(left, ignore_errors=True)
    made = shelf / f".adding-{os.getpid()}"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    return made


def _is_alive(name: str) -> bool:
    return Path(f"/proc/{name.split('-')[1]}").exists()


def _read(folder: Path) -> InstalledPack | None:
    try:
        manifest = read_manifest(folder)
        examined = Examined(**json.loads((folder / MARK).read_text()))
    except (LoaError, OSError, ValueError, TypeError):
        return None
    if manifest.id != folder.name:
        return None
    digests = "".join(each.sha256[:6] for each in sorted(manifest.files, key=lambda each: each.path) if each.role)
    return InstalledPack(folder, manifest, examined, f"{manifest.version}-{digests[:60]}")
