"""A real node takes a new program over the air, and leaves one that does not work, without anybody touching it."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from broadcaster.protocol.agenda import ClipRef
from broadcaster.protocol.codec import encode
from broadcaster.protocol.mqtt import chunks, topics
from broadcaster.protocol.release import ReleaseFailure, ReleaseState, sign_release
from broadcaster.protocol.status import NodeStatus
from deploy.packages import node_wheel
from tests.rig.releases import programs
from tests.rig.station import STATION, TestStation

pytestmark = [pytest.mark.integration, pytest.mark.long]
ROOT = Path(__file__).parents[3]
NODE = "loa-1"
CRASHES = b"\nimport os, threading\nthreading.Timer(0.7, os._exit, [1]).start()\n"


class Supervised:
    """The launcher, started again whenever it ends, as systemd does; ``starts`` counts."""

    def __init__(self, folder: Path, station: TestStation) -> None:
        self.data = folder / "data"
        self.data.mkdir()
        (self.data / "node.toml").write_text("trial_seconds = 5\nsound = 'file'\ntrust_clock = true\nusb = 'off'\n")
        (folder / "bundle.json").write_bytes(encode(station.bundle(NODE)))
        self._command = [sys.executable, "-P", "-m", "speaker_node.releases.launcher"]
        self._command += ["--bundle", str(folder / "bundle.json"), "--data", str(self.data)]
        self._environment = os.environ | {"PYTHONPATH": str(ROOT), "RUNTIME_DIRECTORY": str(folder)}
        self._log = folder / "node.log"
        self._over = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self.starts = 0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._over.is_set():
            with self._log.open("ab") as log:
                self._process = subprocess.Popen(self._command, env=self._environment, stdout=log, stderr=log)
            self.starts += 1
            self._process.wait()
            self._over.wait(0.2)

    def end(self) -> None:
        self._over.set()
        if self._process:
            self._process.kill()
        self._thread.join(30)

    def log(self) -> str:
        return self._log.read_text()


@pytest.fixture
def node(tmp_path: Path, station: TestStation) -> Iterator[Supervised]:
    running = Supervised(tmp_path, station)
    yield running
    running.end()


def offer(station: TestStation, wheel: Path, *, seed: bytes | None = None) -> str:
    """The version that is offered now; ``seed``: of a stranger who signs the order."""
    content = wheel.read_bytes()
    ref: ClipRef = chunks.describe(content, duration_ms=0)
    for index, piece in enumerate(chunks.split(content, ref)):
        station._publish(topics.chunk(STATION, ref.sha256, index), piece, retain=True)
    version = wheel.name.split("-")[1]
    token = sign_release(programs.order(wheel, program=version, station=STATION), seed or station.seed)
    station.publish_agenda(station.agenda(NODE, release=token, wheels=(ref,)))
    return version


def says(station: TestStation, software: str, state: ReleaseState, failure: str | None = None) -> NodeStatus | None:
    """A status of that version which says so."""
    for said in reversed(list(station.statuses)):
        if (
            said.software == software
            and said.release
            and (said.release.state, said.release.failure) == (state, failure)
        ):
            return said
    return None


def test_a_node_takes_a_new_program_and_leaves_poisoned_ones_by_itself(
    tmp_path: Path, station: TestStation, node: Supervised
) -> None:
    good = node_wheel.write(tmp_path, "9.1", node_wheel.sources())
    offer(station, good)
    assert station.wait(lambda: says(station, "9.1", ReleaseState.TRIAL)), node.log()
    assert station.wait(lambda: says(station, "9.1", ReleaseState.IDLE)), node.log()
    assert node.starts == 2
    assert (node.data / "releases" / "current").readlink() == Path("9.1")

    sources = node_wheel.sources()
    sources["speaker_node/__main__.py"] = CRASHES + sources["speaker_node/__main__.py"]
    offer(station, node_wheel.write(tmp_path, "9.2", sources))
    left = station.wait(lambda: says(station, "9.1", ReleaseState.FAILED, ReleaseFailure.RESTARTED))
    assert left, node.log()
    assert left.release.program == "9.2"
    assert (node.data / "releases" / "current").readlink() == Path("9.1")

    sources = node_wheel.sources()
    mute = sources["speaker_node/assembly.py"].replace(b"sound_opens=playout.opens", b"sound_opens=lambda: False")
    assert mute != sources["speaker_node/assembly.py"]
    offer(station, node_wheel.write(tmp_path, "9.3", sources | {"speaker_node/assembly.py": mute}))
    left = station.wait(lambda: says(station, "9.1", ReleaseState.FAILED, ReleaseFailure.NO_SOUND))
    assert left, node.log()
    assert left.release.program == "9.3"

    starts = node.starts
    offer(station, node_wheel.write(tmp_path, "9.4", node_wheel.sources()), seed=bytes(32))
    assert station.wait(lambda: says(station, "9.1", ReleaseState.FAILED, ReleaseFailure.UNSIGNED)), node.log()
    assert node.starts == starts
    assert (node.data / "releases" / "current").readlink() == Path("9.1")
