"""The wall clock of one process alone, shifted as a person or a dead battery shifts a machine's: a small library laid
over the C library's clock."""

import mmap
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_suffix(".c")
NEEDS_COMPILER = pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed")


class ShiftedClock:
    """environ: what a process must be started with to live by this clock; shifted: it is wrong now."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        library, self._file = folder / "shifted_clock.so", folder / "shift"
        if not library.exists():
            compile_it = ["gcc", "-shared", "-fPIC", "-O1", "-o", library, SOURCE, "-ldl"]
            subprocess.run(compile_it, check=True, capture_output=True, timeout=60)
        self._file.write_bytes(struct.pack("d", 0.0))
        self.shifted = False
        self.environ = {"LD_PRELOAD": str(library), "SHIFTED_CLOCK": str(self._file)}

    def set(self, seconds: float) -> None:
        """From now on it is so many seconds ahead of the machine's."""
        self.shifted = seconds != 0.0
        with self._file.open("r+b") as file, mmap.mmap(file.fileno(), 8) as shift:
            shift[:8] = struct.pack("d", seconds)
