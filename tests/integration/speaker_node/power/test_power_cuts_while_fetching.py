"""The power goes again and again while a clip comes in."""

import random

import pytest

from broadcaster.protocol.values import DeliveryState
from tests.integration.speaker_node.board import NEEDS_CARD, NODE, Board
from tests.rig.clips import TestClip, noise_clip
from tests.rig.station import TestStation, item, soon

pytestmark = [pytest.mark.integration, NEEDS_CARD]
State = DeliveryState


def _is_on_the_card(board: Board, clip: TestClip) -> bool:
    return (board.card.folder / "clips" / f"{clip.ref.sha256}.clip").exists()


@pytest.mark.parametrize("seed", [1])
def test_a_download_cut_off_again_and_again_goes_on_where_it_was_and_ends_right(
    station: TestStation, board: Board, seed: int
) -> None:
    chance = random.Random(seed)
    clip = noise_clip(30, opus=False, chunk_bytes=2048, seed=seed)
    station.publish_clip(clip)
    broadcast = item(clip, start_at=soon(3600), within_seconds=3600)
    station.publish_agenda(station.agenda(NODE, broadcast, clips=[clip]))
    cuts = 0
    for _ in range(12):
        if station.wait(lambda: _is_on_the_card(board, clip), timeout_seconds=chance.uniform(0.6, 2.0)):
            break
        board.pull_the_plug(dark_seconds=chance.uniform(0, 0.3))
        cuts += 1
    assert cuts >= 2, "the power went while chunks came"
    station.receipt(broadcast.broadcast, State.STORED)
    assert (board.card.folder / "clips" / f"{clip.ref.sha256}.clip").read_bytes() == clip.data
    assert "unexpected" not in board.node.log()
