"""A disk that can run full: a file system of its own, in memory. Needs root."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEGABYTES = 160
FILLING = "filling"


def possible() -> bool:
    """This machine lets us mount one."""
    return os.geteuid() == 0


@contextmanager
def mounted(folder: Path) -> Iterator[Path]:
    """For the length of the block."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> None:
    """Until nothing fits any more."""
    with (folder / FILLING).open("ab", buffering=0) as file:
        size = 1 << 20
        while size:
            try:
                file.write(bytes(size))
            except OSError:
                size //= 2


def empty(folder: Path) -> None:
    """There is room again."""
    (folder / FILLING).unlink()
