"""Kills of node and broker at random moments: every broadcast ends exactly once and none sounds whole twice."""

import random
import time
from pathlib import Path

import pytest

from tests.integration.speaker_node.power.fates import FIRST_SECONDS, PLAY_SECONDS, crowded, ends, whole_plays
from tests.rig.clips import noise_clip
from tests.rig.mosquitto import Mosquitto
from tests.rig.node_process import NodeProcess
from tests.rig.station import TestStation

pytestmark = pytest.mark.integration
NODE = "loa-1"
COUNT, EVERY_SECONDS = 14, 1.3


@pytest.mark.parametrize("seed", [1])
def test_every_broadcast_ends_once_whatever_is_killed(
    station: TestStation, broker: Mosquitto, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    clip = noise_clip(PLAY_SECONDS)
    station.publish_clip(clip)
    node = NodeProcess(tmp_path / NODE, station.bundle(NODE), "--sound", "file", "--keep-files", "500")
    node.start()
    items = crowded(clip, chance, count=COUNT, every_seconds=EVERY_SECONDS)
    station.publish_agenda(station.agenda(NODE, *items, clips=[clip]))
    until = time.monotonic() + FIRST_SECONDS + COUNT * EVERY_SECONDS
    while time.monotonic() < until:
        time.sleep(chance.uniform(0.3, 3))
        victim = node if chance.random() < 0.8 else broker
        victim.kill()
        time.sleep(chance.uniform(0, 1))
        victim.start()

    assert station.wait(lambda: all(ends(station, items))), ends(station, items)
    assert node.stop() == 0
    assert [len(end) for end in ends(station, items)] == [1] * COUNT
    assert max(whole_plays(node.played()).values(), default=0) <= 1
    assert "unexpected" not in node.log()
