"""Power cuts of node and broker at random moments: every broadcast ends exactly once and none sounds whole twice."""

import random
import time
import wave
from collections import Counter
from pathlib import Path

import pytest

from broadcaster.protocol.values import BroadcastClass, DeliveryState
from speaker_node.ledger import MOVES
from tests.rig.clips import noise_clip
from tests.rig.mosquitto import Mosquitto
from tests.rig.node_process import NodeProcess
from tests.rig.station import TestStation, item, soon

pytestmark = pytest.mark.integration
NODE = "loa-1"
ENDS = frozenset(state for state in DeliveryState if state not in MOVES)


@pytest.mark.parametrize("seed", [1])
def test_every_broadcast_ends_once_whatever_is_killed(
    station: TestStation, broker: Mosquitto, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    clip = noise_clip(0.7)
    station.publish_clip(clip)
    node = NodeProcess(tmp_path / NODE, station.bundle(NODE), "--sound", "file", "--keep-files", "500")
    node.start()
    items = [
        item(
            clip,
            start_at=soon(4 + index * 1.3),
            within_seconds=chance.choice([3, 6, 12]),
            kind=chance.choice(list(BroadcastClass)),
            resume=chance.random() < 0.3,
        )
        for index in range(14)
    ]
    station.publish_agenda(station.agenda(NODE, *items, clips=[clip]))
    until = time.monotonic() + 4 + len(items) * 1.3
    while time.monotonic() < until:
        time.sleep(chance.uniform(0.3, 3))
        victim = node if chance.random() < 0.8 else broker
        victim.kill()
        time.sleep(chance.uniform(0, 1))
        victim.start()

    def ends() -> list[list[DeliveryState]]:
        return [[s for s in station.states(i.broadcast) if s in ENDS] for i in items]

    assert station.wait(lambda: all(ends()), timeout_seconds=45), ends()
    assert node.stop() == 0
    assert [len(end) for end in ends()] == [1] * len(items)
    assert max(_whole_plays(node.played()).values(), default=0) <= 1
    assert "unexpected" not in node.log()


def _whole_plays(files: list[Path]) -> Counter[str]:
    plays: Counter[str] = Counter()
    for path in files:
        with wave.open(str(path)) as file:
            if file.getnframes() >= 0.69 * 48_000:
                plays[path.name.split("-", 1)[1]] += 1
    return plays
