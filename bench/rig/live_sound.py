"""Live sound, measured: ``python -m bench.rig.live_sound [LOST_PERCENT [LATE_MS]]``: mouth to sound, loss, step.

A voice is fed piece by piece as a browser posts it; a packet is lost or late before the broker as often as asked
(default 10 % and up to 400 ms). The nodes play into files; where the voice lies in them says when it sounded.
"""

import random
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import soundfile
from nacl.signing import SigningKey

from broadcaster.live.session import LiveSession, SessionPlan
from broadcaster.protocol.agenda import AgendaItem
from broadcaster.protocol.live.packets import RATE
from broadcaster.protocol.live.source import LiveSource
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.live.choices import delay_for
from tests.rig import mosquitto
from tests.rig.clips import noise_clip
from tests.rig.node_process import NodeProcess
from tests.rig.station import STATION, TestStation, soon

SECONDS, NODES, PIECE_MS = 60, 3, 400
PIECE_BYTES = RATE * 2 * PIECE_MS // 1000
CHIME_MS = 500
SESSION = "session-1"
STEP = RATE // 1000
"""Frames of one millisecond, in which places are compared."""


def voice() -> np.ndarray:
    """Bursts in no regular order, twenty a second."""
    steps = np.repeat(np.random.default_rng(5).integers(0, 2, SECONDS * 20), RATE // 20)
    return np.sin(2 * np.pi * 700 * np.arange(len(steps)) / RATE) * steps


class Line:
    """The way of packets to the broker: some are lost, all are late."""

    def __init__(self, station: TestStation, lost: float, late_ms: float) -> None:
        self._station, self._lost, self._late_ms = station, lost, late_ms
        self._random = random.Random(3)

    def publish(self, topic: str, payload: bytes) -> None:
        if self._random.random() < self._lost:
            return
        late = self._random.uniform(0, self._late_ms) / 1000
        threading.Timer(late, self._station._client.publish, (topic, payload)).start()


def speak(session: LiveSession) -> float:
    """Feed the voice in its time; the second since 1970 at which the mouth began."""
    pcm, begun = (voice() * 9000).astype("<i2").tobytes(), time.monotonic()
    mouth = time.time()
    for number, start in enumerate(range(0, len(pcm), PIECE_BYTES)):
        time.sleep(max(0.0, begun + (number + 1) * PIECE_MS / 1000 - time.monotonic()))
        session.feed(pcm[start : start + PIECE_BYTES], at_ms=number * PIECE_MS)
    session.close()
    return mouth


def place_ms(path: Path) -> float:
    """Where the voice lies in what a node played."""
    sound, rate = soundfile.read(path)
    step = rate // 1000
    levels = np.abs(sound[: len(sound) // step * step].reshape(-1, step)).max(axis=1)
    pattern = np.abs(voice()).reshape(-1, STEP).max(axis=1)
    size = 1 << (len(levels) + len(pattern)).bit_length()
    product = np.fft.irfft(
        np.fft.rfft(levels - levels.mean(), size) * np.conj(np.fft.rfft(pattern - pattern.mean(), size)), size
    )
    return float(product[: len(levels)].argmax())


def main(lost_percent: float, late_ms: float) -> None:
    with (
        tempfile.TemporaryDirectory() as at,
        mosquitto.running(Path(at) / "broker") as broker,
        TestStation(broker.port) as station,
    ):
        measure(station, Path(at), lost_percent / 100, late_ms)


def measure(station: TestStation, folder: Path, lost: float, late_ms: float) -> None:
    chime = noise_clip(CHIME_MS / 1000, seed=3)
    station.publish_clip(chime)
    names = [f"loa-{number}" for number in range(NODES)]
    nodes = [NodeProcess(folder / name, station.bundle(name), "--sound", "file") for name in names]
    for node in nodes:
        node.start()
    one = AgendaItem(
        broadcast="bc-live-0001",
        parts=(chime.ref.sha256,),
        broadcast_class=BroadcastClass.ROUTINE,
        start_at=soon(4),
        expires_at=soon(300),
        duration_ms=CHIME_MS + 120_000,
        live=True,
        resume=True,
        source=LiveSource(session=SESSION, longest_ms=120_000),
    )
    for name in names:
        station.publish_agenda(station.agenda(name, one, clips=[chime]))
    station.wait(lambda: {each.node for each in station.statuses if each.live} == set(names))
    mouth = said(station, one, Line(station, lost, late_ms), (folder, late_ms))
    station.wait(lambda: len([each for each in station.receipts if each.state == "played"]) == NODES)
    report(station, nodes, one, mouth)
    for node in nodes:
        node.stop()


def said(station: TestStation, one: AgendaItem, line: Line, at: tuple[Path, float]) -> float:
    """Speak to the end; when the mouth began. ``at``: a folder, and how late packets come."""
    folder, late_ms = at
    with (folder / "recording.ogg").open("wb") as file:
        plan = SessionPlan(
            station=STATION,
            session=SESSION,
            start_at=one.start_at,
            parts_ms=CHIME_MS,
            longest_ms=120_000,
            delay_ms=delay_for([round(late_ms)]),
        )
        key = SigningKey(station.seed)
        session = LiveSession(plan, publish=line.publish, recording=file, key=key, clock=lambda: datetime.now(UTC))
        time.sleep(max(0.0, (one.start_at - datetime.now(UTC)).total_seconds() + CHIME_MS / 1000))
        mouth = speak(session)
        for _ in range(4):
            time.sleep(0.4)
            session.say_end()
    return mouth


def report(station: TestStation, nodes: list[NodeProcess], one: AgendaItem, mouth: float) -> None:
    places = [place_ms(node.played()[0]) for node in nodes]
    played = [each for each in station.receipts if each.state == "played"]
    started = one.start_at.timestamp()
    print(f"mouth to sound: {max(started + each / 1000 - mouth for each in places):.2f} s at the slowest node")
    print(f"step between the nodes: {max(places) - min(places):.0f} ms")
    for each in played:
        whole = each.played_ms + each.lost_ms
        print(f"heard {each.played_ms / 1000:.1f} s, lost {100 * each.lost_ms / max(1, whole):.1f} %")


if __name__ == "__main__":
    given = [float(each) for each in sys.argv[1:]]
    main(*(given + [10.0, 400.0][len(given) :]))
