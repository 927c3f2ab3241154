"""Small programs for nodes, good and poisoned ones, as wheels; and orders for them."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from broadcaster.protocol.release import Release, ReleaseWheel
from deploy.packages import node_wheel

SEED = bytes(range(32))
PAST = datetime(2026, 1, 1, tzinfo=UTC)
PROGRAM = {
    "speaker_node/__init__.py": b"",
    "speaker_node/__main__.py": b"import speaker_node.command\n",
    "speaker_node/agent.py": b"",
    "speaker_node/command.py": b"",
}
"""The least that counts as a program of the node."""


def wheel(folder: Path, version: str, *, calls_itself: str = "", **changes: bytes) -> Path:
    """A wheel of this version; ``changes``: content of files of ``speaker_node`` by their name without ``.py``."""
    folder.mkdir(parents=True, exist_ok=True)
    files = PROGRAM | {f"speaker_node/{name}.py": content for name, content in changes.items()}
    made = node_wheel.write(folder, calls_itself or version, files)
    return made.rename(folder / f"loa_lang-{version}-py3-none-any.whl")


def described(path: Path) -> ReleaseWheel:
    """As an order names it."""
    content = path.read_bytes()
    return ReleaseWheel(name=path.name, sha256=hashlib.sha256(content).hexdigest(), size_bytes=len(content))


def order(*wheels: Path, program: str, station: str = "xa", **more: object) -> Release:
    """An order for these files."""
    return Release(
        station=station,
        program=program,
        wheels=tuple(described(each) for each in wheels),
        **{"not_before_at": PAST, **more},  # type: ignore[arg-type]
    )
