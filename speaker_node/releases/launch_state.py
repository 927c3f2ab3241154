"""Which program of the node is started: folders, links, and one small file beside them. The standard library alone.

``<root>/<version>`` is an unpacked program, ``current`` and ``previous`` are links to two of them; without ``current``
the program of the installation runs. ``state.json`` says which version is on trial. Whoever starts the node reads this
with the code of the installation, whoever installs a version with that version's: what is not known is left as it is.
"""

import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

ROOT = "releases"
STATE = "state.json"
CURRENT, PREVIOUS = "current", "previous"
UNFINISHED = ".new"
"""Ends the name of what is still being written."""
MOST_STARTS = 2
"""A trial may be started once more after it ended: a power cut in its middle is not its fault."""
MOST_CRASHES = 5
"""A confirmed version that ends so often soon after its start, within one boot, is left."""
MOST_FAILED = 16
_VERSION = re.compile(r"^[0-9]{1,4}(?:\.[0-9]{1,4}){1,3}\Z")


@dataclass(frozen=True, slots=True)
class LaunchState:
    """What outlives the program.

    trial: version on trial; empty for none.
    starts: how often it was started.
    alarm_seconds: a program on trial that shows no sign of life for so long is ended by the kernel.
    trial_seconds: how long it has to prove itself.
    had_sound: the version before it could open the sound device.
    crashes, boot: how often the confirmed version was started without having settled, in which boot of the machine.
    failed: code of the failure of every version that failed lately, oldest first.
    """

    trial: str = ""
    starts: int = 0
    alarm_seconds: int = 150
    trial_seconds: int = 600
    had_sound: bool = True
    crashes: int = 0
    boot: str = ""
    failed: Mapping[str, str] = field(default_factory=dict)

    def with_failed(self, version: str, code: str) -> dict[str, str]:
        """``failed`` with one more."""
        others = {name: each for name, each in self.failed.items() if name != version}
        return dict([*others.items(), (version, code)][-MOST_FAILED:])


def read(root: Path) -> LaunchState:
    """What the file says, as far as it can be read."""
    try:
        found = json.loads((root / STATE).read_text("utf-8"))
    except (OSError, ValueError):
        return LaunchState()
    return LaunchState(**_sound_values(found)) if isinstance(found, dict) else LaunchState()


def write(root: Path, state: LaunchState) -> None:
    """Whole after a power cut, the old or the new one. Raises OSError."""
    root.mkdir(parents=True, exist_ok=True)
    path = root / STATE
    beside = path.with_name(path.name + UNFINISHED)
    with beside.open("w", encoding="utf-8") as file:
        json.dump(_others(path) | asdict(state), file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync(root)


def linked(root: Path, name: str) -> str:
    """The version a link leads to, if that is whole; else empty."""
    try:
        version = str((root / name).readlink())
    except OSError:
        return ""
    return version if is_whole(root, version) else ""


def link(root: Path, name: str, version: str) -> None:
    """Let the link lead to this version, or be gone for an empty one: the old or the new one. Raises OSError."""
    beside = root / (name + UNFINISHED)
    with suppress(FileNotFoundError):
        beside.unlink()
    if version:
        beside.symlink_to(version)
        beside.replace(root / name)
    else:
        (root / name).unlink(missing_ok=True)
    sync(root)


def is_whole(root: Path, version: str) -> bool:
    """Whether that version is unpacked: its folder gets this name only once everything in it is on the card."""
    return is_version(version) and (root / version / "speaker_node" / "__main__.py").is_file()


def is_version(text: str) -> bool:
    """Two to four numbers with points between them."""
    return _VERSION.match(text) is not None


def key(version: str) -> tuple[int, ...]:
    """By which versions are compared; () for what is none, such as ``source``."""
    if not is_version(version):
        return ()
    numbers = [int(number) for number in version.split(".")]
    return (*numbers, *[0] * (4 - len(numbers)))


def sync(folder: Path) -> None:
    """Make renames in this folder survive a power cut. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _others(path: Path) -> dict[str, object]:
    """What a newer program keeps here too."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _sound_values(found: Mapping[str, Any]) -> dict[str, Any]:
    """Those of a kind that can be used; whatever else stands there counts as not said."""
    plain = LaunchState()
    names = [each.name for each in fields(LaunchState)]
    sound = {name: found[name] for name in names if name in found and type(found[name]) is type(getattr(plain, name))}
    if not all(isinstance(each, str) for each in sound.get("failed", {}).values()):
        del sound["failed"]
    if not is_version(str(sound.get("trial", ""))):
        sound["trial"] = ""
    return sound
