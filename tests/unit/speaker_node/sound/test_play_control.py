"""What sounds, and what the ledger and the microphone make of it."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from broadcaster.protocol.agenda import AgendaItem, ClipRef
from broadcaster.protocol.reasons import ReasonCode
from broadcaster.protocol.values import DeliveryState
from speaker_node.body.amplifier import Amplifier
from speaker_node.clock.reading import TimeReading
from speaker_node.deciding.arbiter import Start, Stop
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

    def __init__(self) -> None:
        self.seconds = 0.0

    def read(self) -> TimeReading:
        return reading(self.seconds)


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

    def stop(self) -> None:
        pass


class Scene:
    """A stage on which ``one`` sounds."""

    def __init__(self, database: LedgerDatabase, one: AgendaItem = ONE) -> None:
        self.one, self.deck, self.clock = one, Deck(), Noon()
        self.outbox = Outbox(database)
        ledger = Ledger(database, self.outbox)
        ledger.enter([one], at=reading(0).now_at)
        parts = {"playout": self.deck, "store": Shelf(), "clock": self.clock, "live": None}
        self.stage = PlayControl(ledger=ledger, amplifier=Amplifier(None, pre_roll_seconds=0), **parts)  # type: ignore[arg-type]
        self.begin()

    def begin(self) -> None:
        assert self.stage.begin(Start(self.one, self.one.start_at), agenda(self.one), volume=Volume())
        self.stage.started(SoundStarted(self.one.broadcast, 1000.0 + self.clock.seconds))

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


def test_a_recorded_relay_that_gave_way_goes_on_where_it_is_by_then_and_counts_what_was_heard(
    database: LedgerDatabase,
) -> None:
    scene = Scene(database, replace(ONE, gives_way=True))
    assert scene.deck.orders[0].skip_seconds == 0
    scene.stage.stop(Stop(ONE.broadcast, DeliveryState.INTERRUPTED, ReasonCode.NODE_BUSY, again=True))
    scene.stage.ended(SoundEnded(ONE.broadcast, PlayResult(played_ms=3_000, ended_seconds=1003.0, whole=False)))
    scene.clock.seconds = 6.0
    scene.begin()
    order = scene.deck.orders[1]
    assert order.skip_seconds == order.start_seconds - 1000.0 == pytest.approx(6.6)
    assert scene.stage.joined
    scene.stage.ended(SoundEnded(ONE.broadcast, PlayResult(played_ms=3_400, ended_seconds=1010.0, whole=True)))
    last = list(scene.outbox.everything())[-1]
    assert (last.state, last.played_ms, last.lost_ms) == (DeliveryState.PLAYED, 6_400, 3_600)
