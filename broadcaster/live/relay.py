"""One relay on air: streams of other stations become the session's sound, from the chime to the exact end."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from broadcaster.live.on_air import SILENT, SessionOnAir, Surroundings, Treatment
from broadcaster.live.relay_feed import RelayFeed
from broadcaster.live.session import FRAME_BYTES
from broadcaster.protocol.live.packets import FRAME_MS, PACKET_FRAMES
from broadcaster.refusals.reasons import Reason, encode
from broadcaster.station.clips import clips
from broadcaster.station.live.closing import Closed
from broadcaster.station.relays import takes
from broadcaster.station.relays.takes import DueTake
from broadcaster.station.schema import LiveSessionRow

OPEN_BEFORE_MS = 6_000
"""So long before its first sample is sent the first stream is asked."""
FADE_MS = 4_000
_BLOCK_MS = PACKET_FRAMES * FRAME_MS
_BYTES_A_MS = FRAME_BYTES // FRAME_MS
_NOTHING = Reason("relay.stalled")

OpenFeed = Callable[[DueTake], RelayFeed]


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayPlan:
    """due: what is aired; parts_ms: how long the chime sounds; until_ms: after the broadcast's start it is over in any
    case; give_up: so long without sound ends it."""

    due: DueTake
    parts_ms: int
    until_ms: int
    give_up: timedelta


class RelayOnAir(SessionOnAir):
    """Its streams are pulled by the feed's own thread; here their sound is placed, shaped and sent in real time."""

    def __init__(self, around: Surroundings, row: LiveSessionRow, plan: RelayPlan, feed: RelayFeed) -> None:
        """Raises OpusMissing or OSError."""
        super().__init__(around, row, Treatment(parts_ms=plan.parts_ms, horn="off", follows_level=False))
        self._relay = plan
        self._source = feed
        first_ms = max(plan.parts_ms - self._session.delay_ms, self._now_ms())
        self._last_at = self._plan.start_at + timedelta(milliseconds=first_ms)
        self._gap_noted_at = self._last_at
        self._switches_noted = 0
        with around.database.session() as s:
            takes.take_up(s, plan.due, worker=row.runner, now_at=around.clock())

    def look(self) -> None:
        super().look()
        switches = self._source.switches
        if len(switches) != self._switches_noted and not self._ends_said:
            self._switches_noted = len(switches)
            with self._around.database.session() as s:
                takes.note_switches(s, self._relay.due, self._switches(), heard_ms=self._heard_ms())

    def _take(self) -> None:
        now_ms = self._now_ms()
        if now_ms >= self._relay.parts_ms - self._session.delay_ms - OPEN_BEFORE_MS:
            self._source.start()
        sounds_ms = now_ms + self._session.delay_ms
        if sounds_ms + _BLOCK_MS < self._relay.parts_ms:
            return
        while True:
            at_ms = self._session.next_ms or max(self._relay.parts_ms, sounds_ms)
            frames = (min(self._relay.until_ms, sounds_ms + _BLOCK_MS) - at_ms) // FRAME_MS
            samples = self._source.take(frames * FRAME_BYTES) if frames > 0 else b""
            if not samples:
                break
            self._feed(self._shaped(samples, at_ms))
        self._leave_out()

    def _leave_out(self) -> None:
        """While nothing comes, what should have sounded is silence in the recording: second by second, not all at the
        end."""
        now_at = self._around.clock()
        if self._silent and self._sounding and now_at - self._gap_noted_at >= timedelta(seconds=1):
            self._gap_noted_at = now_at
            self._session.feed(b"")

    def _shaped(self, samples: bytes, at_ms: int) -> bytes:
        """Dying away in the last seconds, where that was chosen."""
        begin_ms = self._relay.until_ms - FADE_MS
        end_ms = at_ms + len(samples) // _BYTES_A_MS
        if not self._relay.due.fades or end_ms <= begin_ms:
            return samples
        sound = np.frombuffer(samples, "<i2").astype(np.float32)
        left = (self._relay.until_ms - np.linspace(at_ms, end_ms, len(sound), endpoint=False)) / FADE_MS
        return bytes((sound * np.clip(left, 0.0, 1.0) ** 2).astype("<i2").tobytes())

    def _watch(self, now_at: datetime) -> None:
        if not self._silent and now_at - self._last_at > SILENT:
            self._fall_silent(self._last_at)

    def _why_over(self, now_at: datetime) -> str | None:
        sent_ms = self._session.next_ms or self._now_ms() + self._session.delay_ms
        if sent_ms + FRAME_MS > self._relay.until_ms or self._now_ms() >= self._relay.until_ms:
            return "longest"
        return "lost" if now_at - self._last_at > self._relay.give_up else None

    def _release(self) -> None:
        self._source.close()

    def _closed(self, closed: Closed) -> None:
        now_at, due = self._around.clock(), self._relay.due
        with self._around.database.session() as s:
            if closed.recording is None:
                switches = self._source.switches
                why = switches[-1].reason if switches else _NOTHING
                takes.fail(s, due, error=why, switches=self._switches(), now_at=now_at)
                return
            clip = clips.record(s, closed.recording, f"live:{self.id}", now_at)
            heard_ms = closed.sound_ms - closed.gap_ms
            takes.finish(s, due, clip=clip, switches=self._switches(), heard_ms=heard_ms, now_at=now_at)

    def _switches(self) -> list[dict[str, object]]:
        return [
            {"address": each.address, "after_seconds": round(each.after_seconds, 1), "reason": encode(each.reason)}
            for each in self._source.switches
        ]

    def _heard_ms(self) -> int:
        totals = self._session.totals
        return totals.sound_ms - totals.gap_ms

    def _now_ms(self) -> int:
        return round((self._around.clock() - self._plan.start_at) / timedelta(milliseconds=1))
