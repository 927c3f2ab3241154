"""What becomes of a live play in the ledger: seconds heard and lost, and the way back after a cut."""

from pathlib import Path

import pytest
from nacl.signing import SigningKey

from broadcaster.protocol.live.packets import LivePacket, pack
from broadcaster.protocol.live.source import LiveSource
from broadcaster.protocol.reasons import ReasonCode
from broadcaster.protocol.signing import Audience
from broadcaster.protocol.values import DeliveryState
from speaker_node.body.amplifier import Amplifier
from speaker_node.clock.reading import TimeReading
from speaker_node.deciding.arbiter import Start, Stop
from speaker_node.events import LiveArrived, PlayResult, SoundEnded, SoundStarted
from speaker_node.link.packet_gate import PacketGate
from speaker_node.memory.database import LedgerDatabase
from speaker_node.memory.ledger import Ledger
from speaker_node.memory.outbox import Outbox
from speaker_node.sound.live.frames import Refusal
from speaker_node.sound.live.receiver import LiveReceiver
from speaker_node.sound.play_control import PlayControl
from speaker_node.sound.player.port import PlayOrder, Volume
from tests.unit.speaker_node.situations import CLIP, agenda, at, item, reading

KEY = SigningKey(bytes(range(32)))
SOURCE = LiveSource(session="session-1", longest_ms=60_000)
ONE = item("live", 0, source=SOURCE, duration_ms=70_000, expires_at=at(120), live=True, resume=True)


class Line:
    """Remembers what was subscribed."""

    def __init__(self) -> None:
        self.live: list[str] = []
        self.live_gate = PacketGate()

    def subscribe_live(self, session: str) -> None:
        self.live.append(session)

    def unsubscribe_live(self, session: str) -> None:
        self.live.remove(session)


class Deck:
    """orders: what was to be played."""

    def __init__(self) -> None:
        self.orders: list[PlayOrder] = []
        self.stopped = False

    def begin(self, order: PlayOrder) -> None:
        self.orders.append(order)

    def stop(self) -> None:
        self.stopped = True


class Scene:
    """A stage on which ``ONE`` is begun, ``late`` seconds after its instant."""

    def __init__(self, database: LedgerDatabase, *, late: float = 0) -> None:
        self.now = late
        self.line, self.deck, self.outbox = Line(), Deck(), Outbox(database)
        self.receiver = LiveReceiver(Audience("xa", "loa-1", bytes(KEY.verify_key)), self.line)  # type: ignore[arg-type]
        self.ledger = Ledger(database, self.outbox)
        self.ledger.enter([ONE], at=self.read().now_at)
        shelf = self
        self.stage = PlayControl(
            playout=self.deck,  # type: ignore[arg-type]
            ledger=self.ledger,
            store=shelf,  # type: ignore[arg-type]
            clock=shelf,  # type: ignore[arg-type]
            amplifier=Amplifier(None, pre_roll_seconds=0),
            live=self.receiver,
        )
        self.receiver.step(agenda(ONE), self.read(), None)

    held = (CLIP.sha256,)

    def verify(self, _clip: object) -> bool:
        return True

    def path(self, sha256: str) -> Path:
        return Path(sha256)

    def read(self) -> TimeReading:
        return reading(self.now)

    def begin(self) -> PlayOrder:
        assert self.stage.begin(Start(ONE, ONE.start_at), agenda(ONE), volume=Volume())
        self.stage.started(SoundStarted(ONE.broadcast, 1000.0))
        return self.deck.orders[-1]

    def hear(self, seq: int, *, count: int = 20, session: str = "session-1", last: bool = False) -> None:
        packet = LivePacket(seq=seq, base_ms=10_000, first=seq * 20, sent_ms=0, frames=(b"x",) * count, last=last)
        payload = pack(packet, station="xa", session=session, key=KEY)
        self.receiver.arrived(LiveArrived("session-1", seq, payload, 1000.0 + seq * 0.4), self.read())

    def sound(self, frames: int, *, missing: int = 0) -> None:
        """What the player would count."""
        totals = self.receiver.session(ONE).totals
        totals.heard_frames += frames
        totals.missing_frames += missing

    def end(self, *, whole: bool) -> None:
        self.stage.ended(SoundEnded(ONE.broadcast, PlayResult(played_ms=999, ended_seconds=1020.0, whole=whole)))

    def said(self) -> list[tuple[DeliveryState, int, int, str]]:
        return [(each.state, each.played_ms, each.lost_ms, each.reason) for each in self.outbox.everything()][1:]


pytestmark = pytest.mark.integration


def test_a_receipt_states_seconds_heard_and_lost(database: LedgerDatabase) -> None:
    scene = Scene(database)
    scene.begin()
    scene.hear(0)
    scene.hear(1, count=10, last=True)
    scene.sound(25, missing=5)
    scene.end(whole=True)
    assert scene.said() == [(DeliveryState.PLAYED, 500, 100, "")]


def test_what_sounded_before_a_node_joined_counts_as_lost(database: LedgerDatabase) -> None:
    scene = Scene(database, late=15)
    order = scene.begin()
    assert order.start_seconds > scene.read().monotonic
    scene.now = 25
    scene.hear(0)
    scene.hear(49, last=True)
    scene.sound(600)
    scene.end(whole=True)
    assert scene.said() == [(DeliveryState.PLAYED, 12_000, 8_000, "")]


def test_a_session_of_which_nothing_came_has_failed(database: LedgerDatabase) -> None:
    scene = Scene(database)
    scene.begin()
    scene.sound(0, missing=0)
    scene.end(whole=True)
    assert scene.said() == [(DeliveryState.FAILED, 0, 0, ReasonCode.LIVE_NOT_RECEIVED)]


def test_what_gave_way_waits_and_counts_on(database: LedgerDatabase) -> None:
    scene = Scene(database)
    scene.begin()
    scene.hear(0)
    scene.sound(10)
    scene.stage.stop(Stop(ONE.broadcast, DeliveryState.INTERRUPTED, ReasonCode.EMERGENCY_FIRST, again=True))
    scene.end(whole=False)
    assert scene.said() == []
    assert scene.ledger.entries[ONE.broadcast].state is DeliveryState.STORED
    scene.now = 5
    scene.begin()
    scene.hear(1, last=True)
    scene.sound(20)
    scene.end(whole=True)
    assert scene.said()[-1] == (DeliveryState.PLAYED, 600, 200, "")


def test_what_was_stopped_for_good_states_what_was_heard_so_far(database: LedgerDatabase) -> None:
    scene = Scene(database)
    scene.begin()
    scene.hear(0)
    scene.sound(10, missing=4)
    scene.stage.stop(Stop(ONE.broadcast, DeliveryState.INTERRUPTED, ReasonCode.STOP_ALL))
    scene.end(whole=False)
    assert scene.said() == [(DeliveryState.INTERRUPTED, 200, 80, ReasonCode.STOP_ALL)]


def test_a_node_that_restarts_in_the_middle_joins_again(database: LedgerDatabase) -> None:
    scene = Scene(database)
    scene.begin()
    again = PlayControl(
        playout=Deck(),  # type: ignore[arg-type]
        ledger=scene.ledger,
        store=scene,  # type: ignore[arg-type]
        clock=scene,  # type: ignore[arg-type]
        amplifier=Amplifier(None, pre_roll_seconds=0),
        live=scene.receiver,
    )
    again.recover(agenda(ONE))
    assert scene.ledger.entries[ONE.broadcast].state is DeliveryState.STORED


def test_packets_of_others_are_counted_and_move_nothing(database: LedgerDatabase) -> None:
    scene = Scene(database)
    scene.hear(0, session="session-2")
    scene.receiver.arrived(LiveArrived("session-1", 1, b"L1 and nothing else", 1000.0), scene.read())
    frames = scene.receiver.session(ONE).frames
    assert frames.refused == {Refusal.FORGED: 2}
    assert frames.base_ms is None


def test_a_packet_on_the_topic_of_another_number_is_refused(database: LedgerDatabase) -> None:
    scene = Scene(database)
    packet = LivePacket(seq=3, base_ms=10_000, first=0, sent_ms=0, frames=(b"x",))
    payload = pack(packet, station="xa", session="session-1", key=KEY)
    scene.receiver.arrived(LiveArrived("session-1", 4, payload, 1000.0), scene.read())
    assert scene.receiver.session(ONE).frames.refused == {Refusal.FORGED: 1}


def test_sessions_near_their_time_are_listened_to_and_others_are_not(database: LedgerDatabase) -> None:
    scene = Scene(database, late=-120)
    assert scene.line.live == []
    scene.now = -59
    scene.receiver.step(agenda(ONE), scene.read(), None)
    assert scene.line.live == ["session-1"]
    scene.receiver.link_up()
    assert scene.line.live == ["session-1", "session-1"]
    scene.now = 71
    scene.line.live.pop()
    scene.receiver.step(agenda(ONE), scene.read(), None)
    assert scene.line.live == []


def test_the_status_tells_how_a_session_is_heard(database: LedgerDatabase) -> None:
    scene = Scene(database)
    scene.begin()
    scene.hear(0)
    scene.sound(10, missing=2)
    hearing = scene.receiver.hearing(scene.read())
    assert hearing
    assert (hearing.session, hearing.heard_ms, hearing.lost_ms, hearing.silent) == ("session-1", 200, 40, False)
    scene.sound(10)
    assert scene.receiver.hearing(scene.read()) is hearing
