"""Live sound over a real broker: heard in step, at its place; what was lost is counted, what was forged refused."""

import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy
import pytest
import soundfile
from nacl.signing import SigningKey
from scipy.signal import fftconvolve

from broadcaster.live.session import LiveSession, SessionPlan
from broadcaster.protocol.agenda import AgendaItem
from broadcaster.protocol.live.packets import RATE
from broadcaster.protocol.live.source import LiveSource
from broadcaster.protocol.receipts import Receipt
from broadcaster.protocol.values import DeliveryState
from tests.integration.speaker_node.conftest import RunningNode, StartNode
from tests.rig.clips import TestClip, noise_clip
from tests.rig.station import STATION, TestStation, item, soon

pytestmark = pytest.mark.integration
SECONDS = 6
SESSION = "session-1"
PIECE = RATE * 2 * 4 // 10


def voice() -> numpy.ndarray:
    """Bursts in no regular order, ten a second."""
    steps = numpy.repeat(numpy.random.default_rng(5).integers(0, 2, SECONDS * 10), RATE // 10)
    return numpy.sin(2 * numpy.pi * 700 * numpy.arange(len(steps)) / RATE) * steps


def speak(station: TestStation, one: AgendaItem, *, but: tuple[int, ...], folder: Path) -> LiveSession:
    """Send the voice in its time, leaving out some packets; each is said twice, and forged ones stand between."""
    forger, numbers = SigningKey(bytes(range(32))), iter(range(10_000))

    def publish(topic: str, payload: bytes) -> None:
        if next(numbers) in but:
            return
        forged = payload[:-64] + forger.sign(payload[:-64]).signature
        for each in (forged, payload, payload):
            station._client.publish(topic, each, qos=0)

    plan = SessionPlan(
        station=STATION,
        session=SESSION,
        start_at=one.start_at,
        parts_ms=500,
        longest_ms=60_000,
        delay_ms=1500,
    )
    with (folder / "recording.ogg").open("wb") as recording:
        session = LiveSession(
            plan,
            publish=publish,
            recording=recording,
            key=SigningKey(station.seed),
            clock=lambda: datetime.now(UTC),
        )
        pcm, begun = (voice() * 9000).astype("<i2").tobytes(), time.monotonic()
        for number, start in enumerate(range(0, len(pcm), PIECE)):
            session.feed(pcm[start : start + PIECE], at_ms=number * 400)
            time.sleep(max(0.0, begun + (number + 1) * 0.4 - time.monotonic()))
        session.close()
    return session


def course(node: RunningNode) -> numpy.ndarray:
    """The loudest sample of every 5 ms of what the node played."""
    (path,) = node.played()
    sound, rate = soundfile.read(path)
    step = rate // 200
    return numpy.abs(sound[: len(sound) // step * step].reshape(-1, step)).max(axis=1)


def place(pattern: numpy.ndarray, levels: numpy.ndarray) -> tuple[int, float]:
    """Where the pattern lies in it, in steps of 5 ms, and how alike it is there."""
    pattern = pattern - pattern.mean()
    products = fftconvolve(levels - levels.mean(), pattern[::-1], mode="valid")
    at = int(products.argmax())
    there = levels[at : at + len(pattern)] - levels[at : at + len(pattern)].mean()
    return at, float(products[at] / (numpy.linalg.norm(pattern) * numpy.linalg.norm(there)))


@pytest.fixture
def chime() -> TestClip:
    return noise_clip(0.5, seed=3)


def live_item(chime: TestClip) -> AgendaItem:
    source = LiveSource(session=SESSION, longest_ms=60_000)
    return AgendaItem(
        **{
            name: getattr(item(chime, start_at=soon(3), within_seconds=120), name)
            for name in ("broadcast", "parts", "broadcast_class", "start_at", "expires_at")
        },
        duration_ms=60_500,
        live=True,
        resume=True,
        source=source,
    )


def test_what_is_said_is_heard_by_two_nodes_at_one_place_and_what_was_lost_is_counted(
    station: TestStation, start_node: StartNode, chime: TestClip, tmp_path: Path
) -> None:
    station.publish_clip(chime)
    nodes = [start_node(name) for name in ("loa-1", "loa-2")]
    one = live_item(chime)
    for name in ("loa-1", "loa-2"):
        station.publish_agenda(station.agenda(name, one, clips=[chime]))
    assert station.wait(lambda: {each.node for each in station.statuses if each.live} == {"loa-1", "loa-2"})
    found: list[LiveSession] = []
    speaking = threading.Thread(target=lambda: found.append(speak(station, one, but=(6,), folder=tmp_path)))
    speaking.start()
    played = station.wait(lambda: _played(station, one) if len(_played(station, one)) == 2 else None)
    speaking.join()
    assert played
    for receipt in played:
        assert receipt.played_ms + receipt.lost_ms == SECONDS * 1000
        assert receipt.lost_ms >= 400
        assert receipt.played_ms >= SECONDS * 500
    pattern = numpy.abs(voice()).reshape(-1, RATE // 200).max(axis=1)
    places = [place(pattern, course(node)) for node in nodes]
    assert abs(places[0][0] - places[1][0]) <= 2  # steps of 5 ms
    assert min(alike for _, alike in places) > 0.5
    assert any(each.live and each.live.refused for each in station.statuses)


def _played(station: TestStation, one: AgendaItem) -> list[Receipt]:
    mine = [each for each in station.receipts if each.broadcast == one.broadcast]
    return [each for each in mine if each.state is DeliveryState.PLAYED]
