"""A node has no room for the station's libraries."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ABSENT = ("flask", "sqlalchemy", "apscheduler", "pydub", "gtts", "numpy", "scipy", "soundfile", "yaml")
START = f"""
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {ABSENT!r}:
            raise ImportError(name + " is absent on a node")
sys.meta_path.insert(0, Absent())
from speaker_node.command import main
from speaker_node.sound.player import alsa, libasound, sndfile
sndfile.library()
try:
    main(["--help"])
except SystemExit as end:
    assert end.code == 0
ours = {{name.split(".")[1] for name in sys.modules if name.startswith("broadcaster.")}}
assert ours == {{"protocol"}}, ours
assert not {{"web", "scheduler"}} & set(sys.modules)
"""


@pytest.mark.long
def test_a_node_starts_where_the_stations_libraries_are_absent() -> None:
    ran = subprocess.run([sys.executable, "-W", "error", "-c", START], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert "--bundle" in ran.stdout
