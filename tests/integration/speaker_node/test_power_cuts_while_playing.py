"""The power goes at random moments of ledger write and playback."""

import random
import time
from collections import Counter

import pytest

from broadcaster.protocol.values import BroadcastClass, DeliveryState
from speaker_node.ledger import MOVES
from tests.integration.speaker_node.board import NEEDS_CARD, NODE, PLAY_SECONDS, Board
from tests.rig.clips import noise_clip
from tests.rig.station import TestStation, item, soon

pytestmark = [pytest.mark.integration, NEEDS_CARD]
State = DeliveryState
ENDS = frozenset(state for state in State if state not in MOVES)


@pytest.mark.parametrize("seed", [1, 2])
def test_plays_cut_off_at_random_moments_end_once_each_and_none_sounds_whole_twice(
    station: TestStation, board: Board, seed: int
) -> None:
    chance = random.Random(seed)
    clip = noise_clip(PLAY_SECONDS)
    station.publish_clip(clip)
    items = [
        item(
            clip,
            start_at=soon(4 + index * 1.5),
            within_seconds=chance.choice([3, 6, 12]),
            kind=chance.choice(list(BroadcastClass)),
            resume=chance.random() < 0.3,
        )
        for index in range(12)
    ]
    station.publish_agenda(station.agenda(NODE, *items, clips=[clip]))
    until = time.monotonic() + 4 + len(items) * 1.5
    while time.monotonic() < until:
        time.sleep(chance.uniform(0.5, 3.5))
        board.pull_the_plug(dark_seconds=chance.uniform(0, 0.5))

    def ends() -> list[list[State]]:
        return [[s for s in station.states(i.broadcast) if s in ENDS] for i in items]

    assert station.wait(lambda: all(ends()), timeout_seconds=45), ends()
    board.node.stop()
    assert [len(end) for end in ends()] == [1] * len(items)
    assert Counter(end[0] for end in ends())[State.PLAYED] >= 1, "there was life to be cut off"
    assert max(board.whole_plays().values()) == 1
    assert "unexpected" not in board.node.log()
