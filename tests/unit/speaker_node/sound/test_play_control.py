"""What sounds, and what the ledger and the microphone make of it."""

from pathlib import Path

import pytest

from broadcaster.protocol.agenda import ClipRef
from broadcaster.protocol.values import DeliveryState
from speaker_node.body.amplifier import Amplifier
from speaker_node.clock.reading import TimeReading
from speaker_node.deciding.arbiter import Start
from speaker_node.events import PlayResult, SoundEnded, SoundHeard, SoundStarted
from speaker_node.memory.database import LedgerDatabase
from speaker_node.memory.ledger import Ledger
from speaker_node.memory.outbox import Outbox
from speaker_node.sound.play_control import PlayControl
from speaker_node.sound.player.port import PlayOrder, Volume
from tests.unit.speaker_node.situations import agenda, item, reading

pytestmark = pytest.mark.integration
ONE = item("one", 0)
WHOLE = SoundEnded(ONE.broadcast, PlayResult(played_ms=10_000, ended_seconds=1010.0, whole=True))
CUT = SoundEnded(ONE.broadcast, PlayResult(played_ms=4_000, ended_seconds=1004.0, whole=False))


class Noon:
    """A clock that stands still."""

    def read(self) -> TimeReading:
        return reading(0)


class Shelf:
    """Every clip is there and sound."""

    def verify(self, _clip: ClipRef) -> bool:
        return True

    def path(self, sha256: str) -> Path:
        return Path(sha256)


class Deck:
    """orders: what was to be played."""

    def __init__(self) -> None:
        self.orders: list[PlayOrder] = []

    def begin(self, order: PlayOrder) -> None:
        self.orders.append(order)


class Scene:
    """A stage on which ``ONE`` sounds."""

    def __init__(self, database: LedgerDatabase) -> None:
        self.outbox = Outbox(database)
        ledger = Ledger(database, self.outbox)
        ledger.enter([ONE], at=reading(0).now_at)
        parts = {"playout": Deck(), "store": Shelf(), "clock": Noon(), "live": None}
        self.stage = PlayControl(ledger=ledger, amplifier=Amplifier(None, pre_roll_seconds=0), **parts)  # type: ignore[arg-type]
        assert self.stage.begin(Start(ONE, ONE.start_at), agenda(ONE), volume=Volume())
        self.stage.started(SoundStarted(ONE.broadcast, 1000.0))

    def said(self) -> list[tuple[DeliveryState, bool | None]]:
        return [(receipt.state, receipt.heard) for receipt in self.outbox.everything()]


@pytest.fixture
def scene(database: LedgerDatabase) -> Scene:
    return Scene(database)


def test_a_clip_judged_while_it_sounds_is_proved_in_one_word(scene: Scene) -> None:
    scene.stage.heard(SoundHeard(ONE.broadcast, True, 80))
    scene.stage.ended(WHOLE)
    assert scene.said() == [(DeliveryState.PLAYING, None), (DeliveryState.PLAYED, True)]


def test_a_clip_judged_after_its_end_is_proved_once_more(scene: Scene) -> None:
    scene.stage.ended(WHOLE)
    scene.stage.heard(SoundHeard(ONE.broadcast, False, 10))
    played = (DeliveryState.PLAYED, None), (DeliveryState.PLAYED, False)
    assert scene.said() == [(DeliveryState.PLAYING, None), *played]


def test_a_word_that_is_none_or_about_another_clip_adds_nothing(scene: Scene) -> None:
    scene.stage.heard(SoundHeard("bc-anderes", True, 80))
    scene.stage.ended(WHOLE)
    scene.stage.heard(SoundHeard(ONE.broadcast, None, 40))
    scene.stage.heard(SoundHeard("bc-anderes", True, 80))
    assert scene.said() == [(DeliveryState.PLAYING, None), (DeliveryState.PLAYED, None)]


def test_a_play_that_was_cut_is_not_proved_by_what_was_heard_of_it(scene: Scene) -> None:
    scene.stage.ended(CUT)
    scene.stage.heard(SoundHeard(ONE.broadcast, True, 80))
    assert scene.said() == [(DeliveryState.PLAYING, None), (DeliveryState.INTERRUPTED, None)]
