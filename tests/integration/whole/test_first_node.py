"""A node's first day: a code at the station, the code typed at the node, and it says what the village should hear."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.integration.whole import sound
from tests.integration.whole.officer import approved, fetch, nodes, played
from tests.integration.whole.running_station import (
    RunningStation,
    free_port,
    running,
    settings,
    until,
    without_ready_texts,
)

pytestmark = pytest.mark.integration
VIRTUAL_NODE = "Cụm loa Nà Mới"


def _code(station: RunningStation) -> str:
    said = station.loa("nodes", "add", VIRTUAL_NODE, "--unit", "Lủng Pảng", "--code")
    found = re.search(r"^  (\S+:\d+/\S+)$", said, re.MULTILINE)
    assert found, said
    return found.group(1)


def _enrol(code: str, folder: Path, *, name: str = "bundle.json") -> subprocess.CompletedProcess[str]:
    """On a machine that knows nothing but the code."""
    command = [sys.executable, "-W", "error", "-m", "speaker_node", "enrol", code, "--output", str(folder / name)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


@contextmanager
def _running_virtual_node(folder: Path) -> Iterator[Path]:
    """Folder of its recordings."""
    data = folder / "data"
    command = [sys.executable, "-m", "speaker_node", "--bundle", str(folder / "bundle.json"), "--data", str(data)]
    with (folder / "log").open("wb") as log:
        virtual_node = subprocess.Popen([*command, "--sound", "file", "--trust-clock"], stdout=log, stderr=log)
    try:
        yield data / "played"
    finally:
        virtual_node.send_signal(signal.SIGTERM)
        assert virtual_node.wait(60) == 0


def test_a_node_enrolled_by_code_comes_online_and_plays(tmp_path: Path) -> None:
    data_dir = without_ready_texts(tmp_path / "var")
    with running(data_dir, settings(data_dir, LOA_ENROLMENT__PORT=str(free_port()))) as station:
        code = _code(station)
        done = _enrol(code, tmp_path)
        assert done.returncode == 0, done.stderr
        assert VIRTUAL_NODE in done.stdout
        assert (tmp_path / "bundle.json").stat().st_mode & 0o077 == 0
        again = _enrol(code, tmp_path, name="again.json")
        assert (again.returncode, (tmp_path / "again.json").exists()) == (2, False), "the code is good once"

        with _running_virtual_node(tmp_path) as recordings:
            mine = until(
                lambda: next((n for n in nodes(station) if n["name"] == VIRTUAL_NODE and n["online"]), None),
                what="the new node online",
            )
            announcement = approved(station, "Kính mời bà con xóm Nà Mới ra nhà văn hóa họp.", title="Mời họp")
            broadcast = played(station, announcement)
            assert mine["id"] in {delivery["node"] for delivery in broadcast["deliveries"]}
            assert broadcast["status"] == "completed", broadcast
            (recording,) = recordings.glob(f"*{broadcast['id']}*.wav")
        clip = sound.read(fetch(station, announcement["clip"]["url"]))
        assert sound.find(sound.read(recording), clip).correlation > 0.95
