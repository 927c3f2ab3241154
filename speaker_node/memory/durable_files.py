"""Files that are whole after a power cut: the old content or the new one, never half of either."""

import os
from pathlib import Path

from broadcaster.protocol.reasons import TroubleCode
from speaker_node.errors import StorageFault
from speaker_node.memory.card_errors import card_cause


def write_durably(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Beside, fsynced, renamed: after a power cut there is the old file or the new one. Raises StorageFault.

    ``mode`` is what the file allows, less the umask.
    """
    beside = path.with_name(path.name + ".new")
    try:
        beside.unlink(missing_ok=True)  # one that was left half written would keep its own mode
        with open(beside, "wb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        put_in_place(beside, path)
    except OSError as error:
        raise StorageFault(TroubleCode.FILE_NOT_WRITTEN, file=path.name, cause=card_cause(error)) from error


def sync_folder(folder: Path) -> None:
    """Make renames in this folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put_in_place(beside: Path, path: Path) -> None:
    """Let a file whose content is already on the card take the place of another. Raises OSError."""
    beside.replace(path)
    sync_folder(path.parent)
