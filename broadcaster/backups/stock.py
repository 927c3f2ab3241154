"""What never changes lies once beside all backups, sealed file by file and named by the sha256 of what is inside."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from broadcaster.backups.files import sealing
from broadcaster.backups.files.contents import Item
from broadcaster.backups.files.manifest import FileDigest
from broadcaster.backups.files.names import stock_folder
from broadcaster.backups.limits import BackupLimits, digest
from broadcaster.backups.places.place import Place, read_again, store
from broadcaster.backups.recovery_key import RecoveryKey
from broadcaster.private_files import write_private

SUFFIX = ".loa"
SAVED_EVERY = 50
"""Files; a backup that is cut off goes on from there."""
LOOKED_AT_BYTES = 32_000_000
"""So much of what lies there long since is read again each time, by turns: sticks forget."""


class Entry(msgspec.Struct):
    """sealed: sha256 of the sealed file, and its length; checked_at: read again last; needed_at: named last."""

    sealed: str
    size_bytes: int
    checked_at: datetime
    needed_at: datetime


@dataclass(frozen=True, slots=True)
class Digests:
    """apart: what each file holds; paths: where each content is found here; damaged: not what their names say."""

    apart: dict[str, FileDigest]
    paths: dict[str, Path]
    damaged: tuple[str, ...]


def look_over(items: Iterable[Item], limits: BackupLimits) -> Digests:
    """Read all of it; a file that went meanwhile was tidied away."""
    apart, paths, damaged = {}, {}, []
    for item in items:
        try:
            with item.path.open("rb") as file:
                content = FileDigest(*digest(file, limits))
        except FileNotFoundError:
            continue
        except OSError:  # a bad sector: the disk says so, nobody else does
            damaged.append(item.name)
            continue
        if item.expected_sha256 not in (None, content.sha256):
            damaged.append(item.name)
        apart[item.name], paths[content.sha256] = content, item.path
    return Digests(apart, paths, tuple(damaged))


class PlaceStock:
    """At one place, for one key. ``index``: file of ours that remembers what lies there."""

    def __init__(self, place: Place, key: RecoveryKey, index: Path, *, now_at: datetime) -> None:
        self._place, self._key, self._index, self._now_at = place, key, index, now_at
        self._folder = stock_folder(key.code)
        self._entries = read_index(index)

    def bring(self, digests: Digests, work: Path, limits: BackupLimits) -> None:
        """Put there what is missing, look again at some of the rest. Raises Unavailable."""
        there = self._place.sizes(self._folder)
        self._adopt(there)
        brought = 0
        for sha256, path in digests.paths.items():
            if self._lies_there(sha256, there):
                self._entries[sha256].needed_at = self._now_at
                continue
            self._bring(sha256, path, work, limits)
            brought += 1
            if brought % SAVED_EVERY == 0:
                self._save()
        self._look_again({name.removesuffix(SUFFIX) for name in there}, digests, work, limits)
        self._save()

    def need(self, named: set[str]) -> None:
        """A backup names these; also what lies there of a file that was damaged here since."""
        for sha256 in named & self._entries.keys():
            self._entries[sha256].needed_at = self._now_at

    def clear(self, *, oldest_at: datetime) -> None:
        """What no backup since then names goes."""
        for sha256 in [sha256 for sha256, entry in self._entries.items() if entry.needed_at < oldest_at]:
            self._place.remove(self._name(sha256))
            del self._entries[sha256]
        self._save()

    def _adopt(self, there: dict[str, int]) -> None:
        """What lies there and nobody remembers stays as long as if it had been named now; it is not relied on."""
        for name in there:
            if name.endswith(SUFFIX):
                unknown = Entry("", -1, self._now_at, self._now_at)
                self._entries.setdefault(name.removesuffix(SUFFIX), unknown)

    def _lies_there(self, sha256: str, there: dict[str, int]) -> bool:
        entry = self._entries.get(sha256)
        return entry is not None and there.get(sha256 + SUFFIX) == entry.size_bytes

    def _bring(self, sha256: str, path: Path, work: Path, limits: BackupLimits) -> None:
        sealed = work / "sealed-apart"
        content = sealing.seal(path, sealed, [self._key.recipient], limits)
        store(self._place, self._name(sha256), sealed, content, limits)
        sealed.unlink()
        self._entries[sha256] = Entry(content.sha256, content.size_bytes, self._now_at, self._now_at)

    def _look_again(self, there: set[str], digests: Digests, work: Path, limits: BackupLimits) -> None:
        looked_at = 0
        for sha256 in sorted(there & self._entries.keys(), key=lambda each: self._entries[each].checked_at):
            entry = self._entries[sha256]
            if looked_at > LOOKED_AT_BYTES or entry.checked_at >= self._now_at:
                return
            looked_at += max(entry.size_bytes, 0)
            entry.checked_at = self._now_at
            if read_again(self._place, self._name(sha256), limits).sha256 == entry.sealed:
                continue
            if sha256 in digests.paths:
                self._bring(sha256, digests.paths[sha256], work, limits)

    def _name(self, sha256: str) -> str:
        return f"{self._folder}/{sha256}{SUFFIX}"

    def _save(self) -> None:
        write_private(self._index, msgspec.json.encode(self._entries).decode())


def trusts(index: dict[str, Entry], sha256: str) -> bool:
    """Whether it was brought there whole."""
    return sha256 in index and bool(index[sha256].sealed)


def read_index(index: Path) -> dict[str, Entry]:
    """Lost or damaged it is made anew: everything is brought again."""
    try:
        return msgspec.json.decode(index.read_bytes(), type=dict[str, Entry])
    except (OSError, msgspec.MsgspecError):
        return {}
