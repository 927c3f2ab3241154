"""The power goes at random moments of download, ledger write and playback; the card holds what had reached it."""

import random
import signal
import time
import wave
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from broadcaster.protocol.values import BroadcastClass, DeliveryState
from speaker_node.durable import sync_folder
from speaker_node.ledger import MOVES
from tests.chaos.card import Card
from tests.rig.clips import TestClip, noise_clip
from tests.rig.node_process import NodeProcess
from tests.rig.station import TestStation, item, soon

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(not Card.possible(), reason="needs root and loop devices for a card of its own"),
]
State = DeliveryState
NODE = "loa-1"
ENDS = frozenset(state for state in State if state not in MOVES)
PLAY_SECONDS = 0.7


class Board:
    """A pole on a card of its own, and a plug to pull; what it played is written elsewhere."""

    def __init__(self, folder: Path, station: TestStation) -> None:
        self.card = Card(folder / "card.img", folder / NODE / "data")
        self.heard = folder / "heard"
        self.heard.mkdir()
        (self.card.folder / "played").symlink_to(self.heard)
        sync_folder(self.card.folder)
        self.node = NodeProcess(folder / NODE, station.bundle(NODE), "--sound", "file", "--keep-files", "500")

    def pull_the_plug(self, *, dark_seconds: float) -> None:
        """And put it back: it starts from what the card really holds."""
        self.node.signal(signal.SIGSTOP)
        cut = self.card.photograph()
        self.node.kill()
        self.card.restore(cut)
        time.sleep(dark_seconds)
        self.node.start()

    def whole_plays(self) -> Counter[str]:
        plays: Counter[str] = Counter()
        for path in self.heard.glob("*.wav"):
            with wave.open(str(path)) as file:
                if file.getnframes() >= (PLAY_SECONDS - 0.01) * 48_000:
                    plays[path.name.split("-", 1)[1]] += 1
        return plays


@pytest.fixture
def board(tmp_path: Path, station: TestStation) -> Iterator[Board]:
    made = Board(tmp_path, station)
    made.node.start()
    yield made
    made.node.kill()
    made.card.eject()


def _is_on_the_card(board: Board, clip: TestClip) -> bool:
    return (board.card.folder / "clips" / f"{clip.ref.sha256}.clip").exists()


@pytest.mark.parametrize("seed", [1])
def test_a_download_cut_off_again_and_again_goes_on_where_it_was_and_ends_right(
    station: TestStation, board: Board, seed: int
) -> None:
    chance = random.Random(seed)
    clip = noise_clip(8, opus=False, chunk_bytes=2048, seed=seed)
    station.publish_clip(clip)
    broadcast = item(clip, start_at=soon(3600), within_seconds=3600)
    station.publish_agenda(station.agenda(NODE, broadcast, clips=[clip]))
    cuts = 0
    for _ in range(6):
        if station.wait(lambda: _is_on_the_card(board, clip), timeout_seconds=chance.uniform(0.6, 2.0)):
            break
        board.pull_the_plug(dark_seconds=chance.uniform(0, 0.3))
        cuts += 1
    assert cuts >= 2, "the power went while chunks came"
    station.receipt(broadcast.broadcast, State.STORED, timeout_seconds=30)
    assert (board.card.folder / "clips" / f"{clip.ref.sha256}.clip").read_bytes() == clip.data
    assert "unexpected" not in board.node.log()


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
