"""What is pinned in the requirement files: name, version, hashes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
FILES = ("node.txt", "station.txt", "dev.txt")
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9][\w.-]*)(?:\[[^]]*\])?==(?P<version>[^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Pin:
    """name: as PyPI compares names; version; hashes: sha256 of every file that may be installed."""

    name: str
    version: str
    hashes: tuple[str, ...]


def read(path: Path) -> list[Pin]:
    """The pins of one file, in its order."""
    return list(_pins(path.read_text(encoding="utf-8")))


def every(folder: Path = FOLDER) -> list[Pin]:
    """Of all files, each version once, by name."""
    found = {(pin.name, pin.version): pin for file in FILES for pin in read(folder / file)}
    return [found[key] for key in sorted(found)]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _pins(text: str) -> Iterator[Pin]:
    for block in re.split(r"\n(?=[A-Za-z0-9])", text):
        if found := _PIN.match(block):
            yield Pin(normal(found["name"]), found["version"], tuple(_HASH.findall(block)))
