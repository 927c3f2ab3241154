"""A voice fed to a live session piece by piece, as a browser posts it; packets are lost and late on their way."""

import random
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from nacl.signing import SigningKey

from broadcaster.live.session import LiveSession, SessionPlan
from broadcaster.protocol.agenda import AgendaItem
from broadcaster.protocol.live.packets import RATE
from broadcaster.protocol.live.source import LiveSource
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.live.choices import delay_for
from tests.rig.clips import TestClip
from tests.rig.station import STATION, TestStation, soon

PIECE_MS = 400
PIECE_BYTES = RATE * 2 * PIECE_MS // 1000
BURSTS_A_SECOND = 20
STEP_MS = 1
"""Envelopes are compared in steps of this."""


def voice(seconds: int) -> np.ndarray:
    """Bursts of noise in no regular order: no part of it is like another."""
    generator = np.random.default_rng(5)
    steps = np.repeat(generator.integers(0, 2, seconds * BURSTS_A_SECOND), RATE // BURSTS_A_SECOND)
    kernel = np.hanning(7) / np.hanning(7).sum()
    sound = np.convolve(generator.normal(0, 0.6, len(steps)), kernel, mode="same").clip(-1, 1) * steps
    return np.asarray(sound)


def envelope(sound: np.ndarray, rate: int) -> np.ndarray:
    """The loudest sample of every millisecond."""
    step = rate * STEP_MS // 1000
    return np.abs(sound[: len(sound) // step * step].reshape(-1, step)).max(axis=1)


def places_ms(heard: np.ndarray, said: np.ndarray, *, window_ms: int) -> list[float]:
    """Where each window of the second envelope lies in the first, less its own place: the delay, window by window."""
    found = []
    for begin in range(0, len(said) - window_ms + 1, window_ms):
        part = said[begin : begin + window_ms]
        part = part - part.mean()
        size = 1 << (len(heard) + window_ms).bit_length()
        product = np.fft.irfft(np.fft.rfft(heard - heard.mean(), size) * np.conj(np.fft.rfft(part, size)), size)
        found.append(float(product[: len(heard)].argmax()) - begin)
    return found


class Line:
    """The way of packets to the broker: so many parts of one are lost, all are late by up to ``late_ms``."""

    def __init__(self, station: TestStation, *, lost: float, late_ms: float) -> None:
        self.lost, self.late_ms = lost, late_ms
        self._station = station
        self._random = random.Random(3)

    def publish(self, topic: str, payload: bytes) -> None:
        if self._random.random() < self.lost:
            return
        late = self._random.uniform(0, self.late_ms) / 1000
        threading.Timer(late, self._station._client.publish, (topic, payload)).start()


@dataclass(frozen=True, slots=True)
class Speech:
    """One session: its name, its chime, and how long the voice lasts."""

    session: str
    chime: TestClip
    seconds: int

    def item(self) -> AgendaItem:
        """As an agenda orders it; the chime begins in some seconds."""
        longest_ms = (self.seconds + 30) * 1000
        return AgendaItem(
            broadcast=f"bc-{self.session}",
            parts=(self.chime.ref.sha256,),
            broadcast_class=BroadcastClass.ROUTINE,
            start_at=soon(4),
            expires_at=soon(self.seconds + 120),
            duration_ms=self.chime.ref.duration_ms + longest_ms,
            live=True,
            resume=True,
            source=LiveSource(session=self.session, longest_ms=longest_ms),
        )

    def speak(self, station: TestStation, one: AgendaItem, line: Line, *, measured_late_ms: Sequence[int]) -> float:
        """To the end; the second since 1970 at which the mouth began. The delay follows from what the nodes said."""
        with tempfile.TemporaryFile() as file:
            plan = SessionPlan(
                station=STATION,
                session=self.session,
                start_at=one.start_at,
                parts_ms=self.chime.ref.duration_ms,
                longest_ms=(self.seconds + 30) * 1000,
                delay_ms=delay_for(measured_late_ms),
            )
            key = SigningKey(station.seed)
            session = LiveSession(plan, publish=line.publish, recording=file, key=key, clock=lambda: datetime.now(UTC))
            begin_at = one.start_at.timestamp() + self.chime.ref.duration_ms / 1000
            time.sleep(max(0.0, begin_at - time.time()))
            mouth = self._feed(session)
            for _ in range(4):
                time.sleep(0.4)
                session.say_end()
        return mouth

    def _feed(self, session: LiveSession) -> float:
        pcm = (voice(self.seconds) * 9000).astype("<i2").tobytes()
        begun, mouth = time.monotonic(), time.time()
        for number, start in enumerate(range(0, len(pcm), PIECE_BYTES)):
            time.sleep(max(0.0, begun + (number + 1) * PIECE_MS / 1000 - time.monotonic()))
            session.feed(pcm[start : start + PIECE_BYTES], at_ms=number * PIECE_MS)
        session.close()
        return mouth
