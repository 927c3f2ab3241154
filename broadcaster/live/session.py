"""One open session: a source feeds it samples, nodes get signed packets, and what was sent is recorded.

The port of every source, be it a microphone or a relay::

    session = LiveSession(plan, publish=…, recording=file, key=…, clock=…)
    session.feed(pcm, at_ms=0)        # mono, 16 bit, 24,000 a second, any length; at_ms by the source's own time
    session.feed(pcm)                 # directly behind the last, or nearer to the present when that is too late
    session.close()                   # exact end

Nothing here waits, opens a connection or asks a database: it runs in whatever thread feeds it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

import numpy as np
from nacl.signing import SigningKey

from broadcaster.audio.live.chain import LATE_SAMPLES, LiveChain
from broadcaster.audio.live.opus import OpusEncoder
from broadcaster.audio.live.recording import OggRecording
from broadcaster.audio.settings import HornSetting
from broadcaster.audio.sound import Sound
from broadcaster.live.pacing import Pacing, Placed
from broadcaster.protocol.live.packets import (
    FRAME_MS,
    FRAME_SAMPLES,
    PACKET_FRAMES,
    RATE,
    LivePacket,
    pack,
)
from broadcaster.protocol.mqtt import topics

Publish = Callable[[str, bytes], None]
"""Topic and payload, QoS 0, not retained; dropped when there is no connection."""
FRAME_BYTES = FRAME_SAMPLES * 2
LAST_SAID = 5
"""So often the last packet is said: nobody says it again for one that is lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPlan:
    """What is fixed when a session is ordered.

    station, session: for topics and signatures.
    start_at: of the agenda item: its parts (the chime) begin then.
    parts_ms: how long these sound; nothing live is placed before their end.
    longest_ms: the session ends by itself after so much sound.
    delay_ms: from the arrival of a sample here to its sounding at every node.
    horn: how hard the sound is worked on; a relay that is ready for horns says off.
    follows_level: its level is brought to that of speech; a relay comes levelled.
    """

    station: str
    session: str
    start_at: datetime
    parts_ms: int
    longest_ms: int
    delay_ms: int
    horn: HornSetting = "mild"
    follows_level: bool = True


@dataclass(frozen=True, slots=True)
class SessionTotals:
    """What became of a session so far.

    sound_ms: from its first frame to its last, gaps included.
    gap_ms: of that, what the source left out.
    late_ms: what came too late to be heard anywhere; it is recorded all the same.
    refused: pieces that were too early, repeated or beyond the end.
    packets, size_bytes: sent.
    ends_ms: from the item's start to the exact end, 0 while it is open or when nothing came.
    """

    sound_ms: int = 0
    gap_ms: int = 0
    late_ms: int = 0
    refused: int = 0
    packets: int = 0
    size_bytes: int = 0
    ends_ms: int = 0


class LiveSession:
    """Open from its making until ``close``, or until its longest length has been fed."""

    def __init__(
        self,
        plan: SessionPlan,
        *,
        publish: Publish,
        recording: BinaryIO,
        key: SigningKey,
        clock: Callable[[], datetime],
    ) -> None:
        """Raises OpusMissing."""
        self.plan = plan
        self._publish = publish
        self._key = key
        self._clock = clock
        self._encoder = OpusEncoder()
        self._chain = LiveChain(plan.horn, follows_level=plan.follows_level)
        self._recording = OggRecording(
            recording, rate=RATE, pre_skip=(self._encoder.lookahead + LATE_SAMPLES) * 48_000 // RATE
        )
        self._pacing = Pacing(plan)
        self._rest = b""
        self._frames: list[bytes] = []
        self._first = 0
        self._seq = 0
        self._size = 0
        self._closed = False

    @property
    def delay_ms(self) -> int:
        """From the arrival of a sample here to its sounding at every node."""
        return self._pacing.delay_ms

    def hold_delay(self, delay_ms: int) -> None:
        """Before the first sound: from what nodes measured meanwhile. Afterwards this changes nothing."""
        if self._pacing.base_ms is None:
            self._pacing.delay_ms = delay_ms

    @property
    def next_ms(self) -> int | None:
        """Where the next sample sounds, after the item's start; None before the first."""
        return None if self._pacing.base_ms is None else self._pacing.ends_ms

    @property
    def is_open(self) -> bool:
        """Whether it still takes sound."""
        return not self._closed and self._pacing.left_frames > 0

    @property
    def totals(self) -> SessionTotals:
        """What became of it so far."""
        pacing = self._pacing
        return SessionTotals(
            sound_ms=pacing.next_frame * FRAME_MS,
            gap_ms=pacing.gap_frames * FRAME_MS,
            late_ms=pacing.late_frames * FRAME_MS,
            refused=pacing.refused,
            packets=self._seq,
            size_bytes=self._size,
            ends_ms=pacing.ends_ms if self._closed else 0,
        )

    def feed(self, pcm: bytes, *, at_ms: int | None = None) -> bool:
        """Take samples in; False when the session is over.

        ``at_ms`` is their place in the source's own time: what was fed before is not heard twice, and what is left
        out is silence. Without it they follow what came before.
        """
        if not self.is_open:
            return False
        at = None if at_ms is None else at_ms - len(self._rest) * FRAME_MS // FRAME_BYTES
        placed = self._pacing.place(len(self._rest + pcm) // FRAME_BYTES, at, now_ms=self._now_ms())
        if placed is None:
            return self.is_open
        if placed.skip_frames:
            self._leave_out(placed)
        whole = (self._rest + pcm)[placed.drop_frames * FRAME_BYTES :]
        self._take(whole, placed.frames)
        return self.is_open

    def probe(self) -> None:
        """An empty packet, so that nodes know how late packets come before the first word."""
        self._send([], first=self._pacing.next_frame, last=False)

    def close(self) -> SessionTotals:
        """Say the exact end; the recording is then whole, and its file the caller's to close."""
        if not self._closed:
            self._closed = True
            self._flush()
            self._recording.end()
            self.say_end()
            self._encoder.close()
        return self.totals

    def say_end(self) -> None:
        """The last packet once more: the caller repeats it ``LAST_SAID`` times over two seconds."""
        self._send([], first=self._pacing.next_frame, last=True)

    def _take(self, whole: bytes, frames: int) -> None:
        taken, self._rest = whole[: frames * FRAME_BYTES], whole[frames * FRAME_BYTES :]
        if not taken:
            return
        pcm = np.frombuffer(taken, dtype="<i2")
        ready = Sound(self._chain.process(Sound.from_pcm16(pcm, sample_rate=RATE).samples)).to_pcm16().tobytes()
        for start in range(0, len(ready), FRAME_BYTES):
            self._add(self._encoder.encode(ready[start : start + FRAME_BYTES]))

    def _add(self, frame: bytes) -> None:
        if not self._frames:
            self._first = self._recording.frames
        self._frames.append(frame)
        self._recording.add(frame)
        if len(self._frames) == PACKET_FRAMES:
            self._flush()

    def _leave_out(self, placed: Placed) -> None:
        """A gap is silence in the recording and is not sent: nodes conceal it, then are silent."""
        self._flush()
        self._rest = b""
        for _ in range(placed.skip_frames):
            silence = self._chain.process(np.zeros(FRAME_SAMPLES, np.float32))
            self._recording.add(self._encoder.encode(Sound(silence).to_pcm16().tobytes()))

    def _flush(self) -> None:
        if self._frames:
            frames, self._frames = self._frames, []
            self._send(frames, first=self._first, last=False)

    def _send(self, frames: list[bytes], *, first: int, last: bool) -> None:
        plan = self.plan
        packet = LivePacket(
            seq=self._seq,
            base_ms=self._pacing.base_ms or 0,
            first=first,
            sent_ms=round(self._clock().timestamp() * 1000),
            frames=frames,
            last=last,
        )
        payload = pack(packet, station=plan.station, session=plan.session, key=self._key)
        self._publish(topics.live(plan.station, plan.session, self._seq), payload)
        self._seq += 1
        self._size += len(payload)

    def _now_ms(self) -> int:
        return round((self._clock() - self.plan.start_at).total_seconds() * 1000)
