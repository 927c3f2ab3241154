"""The power goes at random moments of ledger write and playback."""

import random
import time
from collections import Counter

import pytest

from broadcaster.protocol.values import DeliveryState
from tests.integration.speaker_node.board import NEEDS_CARD, NODE, Board
from tests.integration.speaker_node.power.fates import FIRST_SECONDS, PLAY_SECONDS, crowded, ends, whole_plays
from tests.rig.clips import noise_clip
from tests.rig.station import TestStation

pytestmark = [pytest.mark.integration, NEEDS_CARD]
COUNT, EVERY_SECONDS = 12, 1.5


@pytest.mark.parametrize("seed", [1, 2])
def test_plays_cut_off_at_random_moments_end_once_each_and_none_sounds_whole_twice(
    station: TestStation, board: Board, seed: int
) -> None:
    chance = random.Random(seed)
    clip = noise_clip(PLAY_SECONDS)
    station.publish_clip(clip)
    items = crowded(clip, chance, count=COUNT, every_seconds=EVERY_SECONDS)
    station.publish_agenda(station.agenda(NODE, *items, clips=[clip]))
    until = time.monotonic() + FIRST_SECONDS + COUNT * EVERY_SECONDS
    while time.monotonic() < until:
        time.sleep(chance.uniform(0.5, 3.5))
        board.pull_the_plug(dark_seconds=chance.uniform(0, 0.5))

    assert station.wait(lambda: all(ends(station, items))), ends(station, items)
    board.node.stop()
    stated = ends(station, items)
    assert [len(end) for end in stated] == [1] * COUNT
    assert Counter(end[0] for end in stated)[DeliveryState.PLAYED] >= 1, "there was life to be cut off"
    assert max(whole_plays(board.recordings()).values()) == 1
    assert "unexpected" not in board.node.log()
