"""A node's card as a file system of its own, so that it can run full and lose power like one.

The card is an image file with ext4 on it, mounted through a loop device. What the kernel has not yet written to the
device is not in the image: a copy of the image, taken while the node is stopped, is what a board finds after the power
was cut at that moment. Needs root and loop devices.
"""

import os
import shutil
import subprocess
import time
from pathlib import Path

MEGABYTES = 48
BALLAST = "ballast"


class Card:
    """folder: where it is mounted."""

    def __init__(self, image: Path, folder: Path) -> None:
        self.folder = folder
        self._image = image
        folder.mkdir(parents=True, exist_ok=True)
        with image.open("wb") as file:
            file.truncate(MEGABYTES * 1_000_000)
        _call("mkfs.ext4", "-q", "-F", str(image))
        self._mount()

    @staticmethod
    def possible() -> bool:
        """This machine lets us mount one."""
        return os.geteuid() == 0 and shutil.which("mkfs.ext4") is not None and Path("/dev/loop-control").exists()

    def fill(self) -> None:
        """Until nothing fits any more."""
        with (self.folder / BALLAST).open("ab", buffering=0) as file:
            size = 1 << 20
            while size:
                try:
                    file.write(bytes(size))
                except OSError:
                    size //= 2

    def empty(self) -> None:
        """There is room again."""
        (self.folder / BALLAST).unlink(missing_ok=True)

    def photograph(self) -> Path:
        """A copy of what is on the device; taken twice and again, until the kernel wrote nothing in between."""
        copy = self._image.with_suffix(".cut")
        before = b""
        while (now := self._image.read_bytes()) != before:
            before = now
        copy.write_bytes(before)
        return copy

    def restore(self, photograph: Path) -> None:
        """Go on with that; nobody may use the card meanwhile."""
        self.eject()
        photograph.replace(self._image)
        self._mount()

    def eject(self) -> None:
        """Unmount."""
        for _ in range(50):
            if subprocess.run(["umount", str(self.folder)], capture_output=True).returncode == 0:
                return
            time.sleep(0.1)
        _call("umount", "-l", str(self.folder))

    def _mount(self) -> None:
        _call("mount", "-o", "loop", str(self._image), str(self.folder))


def lose(memory: Path) -> None:
    """What was kept in memory is gone with the power."""
    shutil.rmtree(memory)
    memory.mkdir()


def _call(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
