"""What of a station's data folder goes into a backup: whatever a station elsewhere could not make anew."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from broadcaster.config import Config
from broadcaster.station.announcements.recordings import FOLDER as RECORDINGS

DATABASE = "loa.db"
DUMP = "loa.pgdump"
APART = ("clips", "voices")
"""Folders of large files that never change."""
REBUILT = (
    f"{DATABASE}*", "*.lock", ".probe*", "*.new", "*.part", "*.tmp", "log", "sentences", "simulated",
    "before-restore-*", "restored-config.yaml", "backup/work*", "backup/stock-*",
    "broker/mosquitto.*", "broker/log", "broker/lock", "broker/pid", "broker/*.socket",
    "broker/server.pem", "settings.yaml", "setup-code", "nodes/*/[!b]*",
)  # fmt: skip
"""Made anew by itself, or of this machine alone; of virtual nodes only what they were enrolled with is kept."""
SAFE = re.compile(r"(?!\.\.?(/|$))[\w.@+-]+(/(?!\.\.?(/|$))[\w.@+-]+)*", re.ASCII)
"""Names that stay below the folder they are unpacked in."""
_FINISHED = re.compile(rf"clips/([\w-]+\.ogg|{RECORDINGS}/[0-9a-f]{{64}})|voices/.+", re.ASCII)
_EXPECTED = re.compile(rf"clips/(?:{RECORDINGS}/)?([0-9a-f]{{64}})(?:\.ogg)?", re.ASCII)
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Item:
    """name: in the data folder, with slashes; path: of the file."""

    name: str
    path: Path

    @property
    def is_old_sound(self) -> bool:
        """Whether backups of version 0.2 hold such a name."""
        return self.name.startswith("clips/") and _FINISHED.fullmatch(self.name) is not None

    @property
    def expected_sha256(self) -> str | None:
        """What its name says it holds; None for names that say nothing."""
        found = _EXPECTED.fullmatch(self.name)
        return found[1] if found else None


def small(config: Config) -> list[Item]:
    """Keys, certificates, accounts and whatever else a room keeps there."""
    return sorted(_walk(config.data_dir, ""), key=lambda item: item.name)


def apart(config: Config) -> list[Item]:
    """Finished sound, recordings as they were uploaded, and voices."""
    items = []
    for folder in APART:
        for path in sorted((config.data_dir / folder).rglob("*")):
            name = path.relative_to(config.data_dir).as_posix()
            if _FINISHED.fullmatch(name) and SAFE.fullmatch(name) and path.is_file() and not path.is_symlink():
                items.append(Item(name, path))
    return items


def _walk(folder: Path, below: str) -> Iterator[Item]:
    if not folder.is_dir() or below.count("/") > _DEEPEST:
        return
    for path in folder.iterdir():
        name = below + path.name
        if name in APART or any(fnmatch(name, pattern) for pattern in REBUILT) or not SAFE.fullmatch(name):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path, f"{name}/")
        elif path.is_file() and not path.is_symlink():
            yield Item(name, path)
