"""A place in memory for a ledger whose card takes no writes. It outlives the process, but not the power."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - memory, wanted as such; the folder made there is private


class MemoryFallback:
    """The one place that belongs to the ledger at ``path``.

    file: the ledger's copy there. While it exists it knows more than the card.
    """

    def __init__(self, path: Path, memory: Path) -> None:
        self._folder = memory / f"loa-ledger-{hashlib.sha256(os.fsencode(path.absolute())).hexdigest()[:16]}"
        self.file = self._folder / path.name

    @property
    def in_use(self) -> bool:
        """A run left its ledger here."""
        return self.file.exists()

    def fill(self, *sources: Path) -> None:
        """Copy those of these files that exist, all or none. Raises OSError."""
        beside = self._emptied(".new")
        beside.mkdir(mode=0o700)
        for source in sources:
            if source.exists():
                shutil.copyfile(source, beside / source.name)
        self.discard()
        beside.rename(self._folder)

    def discard(self) -> None:
        """Drop the copy, at once and as a whole. Raises OSError."""
        gone = self._emptied(".gone")
        if self._folder.exists():
            self._folder.rename(gone)
            shutil.rmtree(gone, ignore_errors=True)

    def _emptied(self, suffix: str) -> Path:
        beside = self._folder.with_name(self._folder.name + suffix)
        shutil.rmtree(beside, ignore_errors=True)
        return beside


def memory_folder(environ: Mapping[str, str]) -> Path:
    """Where a program may keep what shall outlive it: systemd's runtime directory, shared memory, or the next best."""
    named = environ.get("RUNTIME_DIRECTORY", "").partition(":")[0]
    if named:
        return Path(named)
    return SHARED_MEMORY if SHARED_MEMORY.is_dir() else Path(tempfile.gettempdir())
