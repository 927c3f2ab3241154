"""Clips on the card: chunks as they come, whole clips only once their hash is right."""

import hashlib
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from broadcaster.protocol.agenda import ClipRef
from broadcaster.protocol.errors import CorruptClip
from broadcaster.protocol.mqtt import chunks
from broadcaster.protocol.reasons import TroubleCode
from speaker_node.errors import StorageFault
from speaker_node.memory.card_errors import card_cause
from speaker_node.memory.durable_files import sync_folder, write_durably

BLOCK_BYTES = 262_144
SPARE_BYTES = 24 * 1024 * 1024
"""Room never given to clips, so that ledger and outbox can always be written."""
CLIP = ".clip"


class ClipStore:
    """``<root>/<sha256>.clip`` is whole; ``<root>/<sha256>.<chunk size>/<index>`` are pieces of one that is not.

    held: names of the whole clips.
    """

    def __init__(self, root: Path) -> None:
        _make_folder(root)
        self._root = root
        for torn in root.glob("**/*.new"):
            with suppress(OSError):  # a card that is read-only keeps its torn files; nobody looks at them
                torn.unlink()
        self._pieces: dict[str, set[int]] = {}
        self._verified: set[str] = set()
        self.held: set[str] = {path.stem for path in root.glob("*" + CLIP)}

    def path(self, sha256: str) -> Path:
        """Where a whole clip lies."""
        return self._root / (sha256 + CLIP)

    def missing(self, ref: ClipRef) -> tuple[int, ...]:
        """Chunks still to be fetched, in order."""
        return () if ref.sha256 in self.held else chunks.missing(ref, self._have(ref))

    def add(self, ref: ClipRef, index: int, payload: bytes) -> bool:
        """Keep a chunk; True when it was the last one and the clip is whole.

        Raises Malformed or Oversized for a wrong length, CorruptClip when the whole is not what was promised (all its
        pieces are then gone), StorageFault when the card refuses.
        """
        chunks.check_chunk(ref, index, payload)
        have = self._have(ref)
        if ref.sha256 in self.held or index in have:
            return False
        folder = self._folder(ref)
        self._check_room(len(payload))
        try:
            _make_folder(folder)
        except OSError as error:
            raise StorageFault(TroubleCode.CLIP_NOT_WRITTEN, cause=card_cause(error)) from error
        write_durably(folder / str(index), payload)
        have.add(index)
        return len(have) == chunks.count(ref) and self._assemble(ref)

    def verify(self, ref: ClipRef) -> bool:
        """Hash a whole clip not hashed since the start; one that fails is dropped, to be fetched again."""
        if ref.sha256 in self._verified:
            return True
        if ref.sha256 not in self.held:
            return False
        if _hash(self.path(ref.sha256)) == ref.sha256:
            self._verified.add(ref.sha256)
            return True
        self._drop(ref.sha256)
        return False

    def unverified(self) -> str | None:
        """A whole clip whose bytes nobody has looked at since the start."""
        return next(iter(self.held - self._verified), None)

    def keep_only(self, wanted: Iterable[str]) -> None:
        """Delete every clip and piece that is not named."""
        names = set(wanted)
        for path in list(self._root.iterdir()):
            if path.name.split(".")[0] in names:
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
                continue
            with suppress(OSError):  # what cannot be deleted is not used any more all the same
                path.unlink()
        self.held &= names
        self._verified &= names
        self._pieces.clear()

    def free_bytes(self) -> int:
        """Room left on the card."""
        return shutil.disk_usage(self._root).free

    def _folder(self, ref: ClipRef) -> Path:
        return self._root / f"{ref.sha256}.{ref.chunk_bytes}"

    def _have(self, ref: ClipRef) -> set[int]:
        folder = self._folder(ref)
        if folder.name not in self._pieces:
            names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
            whole = [int(n) for n in names if n.isascii() and n.isdecimal() and int(n) < chunks.count(ref)]
            self._pieces[folder.name] = {
                index for index in whole if (folder / str(index)).stat().st_size == chunks.length(ref, index)
            }
        return self._pieces[folder.name]

    def _check_room(self, size_bytes: int) -> None:
        if self.free_bytes() - size_bytes < SPARE_BYTES:
            raise StorageFault(TroubleCode.CARD_ALMOST_FULL)

    def _assemble(self, ref: ClipRef) -> bool:
        folder, whole = self._folder(ref), self.path(ref.sha256)
        beside = whole.with_name(whole.name + ".new")
        try:
            found = _join([folder / str(index) for index in range(chunks.count(ref))], beside)
            if found == ref.sha256:
                beside.replace(whole)
                sync_folder(self._root)
        except OSError as error:
            self._pieces.pop(folder.name, None)
            raise StorageFault(TroubleCode.CLIP_NOT_WRITTEN, cause=card_cause(error)) from error
        shutil.rmtree(folder, ignore_errors=True)
        self._pieces.pop(folder.name, None)
        if found != ref.sha256:
            beside.unlink(missing_ok=True)
            raise CorruptClip(f"the assembled clip does not hash to {ref.sha256}", field="sha256")
        self.held.add(ref.sha256)
        self._verified.add(ref.sha256)
        return True

    def _drop(self, sha256: str) -> None:
        self.held.discard(sha256)
        self._verified.discard(sha256)
        with suppress(OSError):  # a read-only card keeps it; it is no longer in use
            _delete(self.path(sha256))


def _make_folder(folder: Path) -> None:
    """Whatever else of that name is in the way goes. Raises OSError."""
    if folder.exists() and not folder.is_dir():
        folder.unlink()
    folder.mkdir(parents=True, exist_ok=True)


def _delete(path: Path) -> None:
    """A file, or a folder where a file should be. Raises OSError."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def _join(pieces: Iterable[Path], target: Path) -> str:
    """Write the pieces one after the other, durably; the hash of the whole."""
    digest = hashlib.sha256()
    with target.open("wb") as file:
        for piece in pieces:
            content = piece.read_bytes()
            digest.update(content)
            file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                digest.update(block)
    except OSError:
        return ""
    return digest.hexdigest()
