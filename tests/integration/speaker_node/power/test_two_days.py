"""Two days without a link, a power cut in the middle: all sounds on time, and every receipt comes afterwards."""

import json
import secrets
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from broadcaster.protocol.agenda import AgendaItem
from broadcaster.protocol.codec import encode
from broadcaster.protocol.enrolment import BrokerAddress
from broadcaster.protocol.values import BroadcastClass, DeliveryState
from speaker_node.assembly import Substitutes
from speaker_node.clock.kernel_time import KernelTime
from speaker_node.clock.node_clock import NodeClock, TimeSources
from tests.integration.speaker_node.conftest import QUICK, StartNode
from tests.rig.clips import TestClip, noise_clip
from tests.rig.node_process import ROOT
from tests.rig.station import TestStation, item
from tests.rig.virtual_node import Stretch

pytestmark = pytest.mark.integration
State = DeliveryState
NODE = "loa-1"
HOUR = 3600.0
OFF_SECONDS = 240.0
"""How long the power is away: the hourly item of the next hour is not yet due then."""


def _week(clip: TestClip, begin: float) -> list[AgendaItem]:
    """Every half hour for two days; an emergency among them, and two that are due together."""

    def one(seconds: float, kind: BroadcastClass = BroadcastClass.ROUTINE, order: int = 0) -> AgendaItem:
        at = datetime.fromtimestamp(begin + seconds, UTC)
        return item(clip, start_at=at, within_seconds=300, kind=kind, order=order)

    routine = [one(half * HOUR / 2) for half in range(2, 95)]
    emergency = one(20.25 * HOUR, BroadcastClass.EMERGENCY)
    return [*routine, emergency, one(9.25 * HOUR, order=1), one(9.25 * HOUR, order=2)]


def _live(folder: Path, station: TestStation, **more: object) -> int:
    """A stretch of the node's life with nobody to talk to; its exit code."""
    nobody = BrokerAddress(host="127.0.0.1", port=1)
    bundle = folder / "bundle.json"
    bundle.write_bytes(encode(station.bundle(NODE, port=nobody.port)))
    stretch = Stretch(bundle=str(bundle), data=str(folder / NODE), diary=str(folder / "diary"), **more)  # type: ignore[arg-type]
    command = [sys.executable, "-W", "error", "-m", "tests.rig.virtual_node", json.dumps(asdict(stretch))]
    return subprocess.run(command, cwd=ROOT, timeout=300).returncode


def _both_clocks() -> tuple[float, float]:
    """Seconds since the boot and since 1970, of one instant: between two readings a busy machine may do much else."""
    while True:
        before, wall, after = time.monotonic(), time.time(), time.monotonic()
        if after - before < 0.001:
            return before, wall


def _diary(folder: Path) -> dict[str, list[float]]:
    plays: dict[str, list[float]] = {}
    for line in (folder / "diary").read_text().splitlines():
        broadcast, at = line.split()
        plays.setdefault(broadcast, []).append(float(at))
    return plays


def test_two_days_without_a_link_and_a_power_cut_in_the_middle_lose_nothing(
    station: TestStation, start_node: StartNode, tmp_path: Path
) -> None:
    clip, begin = noise_clip(2), time.time()
    items = _week(clip, begin)
    station.publish_clip(clip)
    knows = TimeSources(kernel=lambda: KernelTime(synced=True, error_seconds=0.005))
    online = NodeClock(NODE, memory=tmp_path / NODE / "clock.json", sources=knows)
    node = start_node(substitutes=Substitutes(clock=online, times=QUICK))
    station.publish_agenda(station.agenda(NODE, *items, clips=[clip]))
    assert station.wait(lambda: len({r.broadcast for r in station.receipts}) == len(items))
    uptime, wall = _both_clocks()
    node.stop()

    cut = items[44]
    dies = cut.start_at.timestamp() + 1.0
    assert (
        _live(tmp_path, station, boot=knows.boot(), uptime_seconds=uptime, wall=wall, until=dies + HOUR, dies=dies)
        == 137
    )
    back, end = dies + OFF_SECONDS, begin + 48 * HOUR
    assert _live(tmp_path, station, boot=secrets.token_hex(4), uptime_seconds=20.0, wall=back, until=end) == 0

    plays = _diary(tmp_path)
    late = {i.broadcast: [at - i.start_at.timestamp() for at in plays.get(i.broadcast, [])] for i in items}
    second = items[-1].broadcast
    assert Counter(len(each) for each in late.values()) == {1: len(items)}, "each sounded, once"
    assert all(-0.01 < late[i.broadcast][0] < 0.05 for i in items if i.broadcast != second)
    assert 1.9 < late[second][0] < 5.0, "of two that are due together the second follows"

    later = TimeSources(wall=lambda: time.time() + end - begin, kernel=knows.kernel)
    start_node(
        substitutes=Substitutes(clock=NodeClock(NODE, memory=tmp_path / "later.json", sources=later), times=QUICK)
    )
    assert station.wait(lambda: Counter(r.state for r in station.receipts)[State.PLAYED] >= len(items) - 1)
    expected = {i.broadcast: [State.STORED, State.PLAYING, State.PLAYED] for i in items}
    expected[cut.broadcast] = [State.STORED, State.PLAYING, State.INTERRUPTED]
    assert {i.broadcast: station.states(i.broadcast) for i in items} == expected
    stated = {r.broadcast: r.at for r in station.receipts if r.state is State.PLAYING}
    assert all(abs(stated[i.broadcast] - i.start_at) < timedelta(seconds=0.05) for i in items if i.broadcast != second)
