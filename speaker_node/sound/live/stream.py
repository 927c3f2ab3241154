"""A live play as one stream of samples: its parts, then silence up to the session, then its frames, each at its place.

Sample n of the stream sounds n samples after the item's start, whatever comes or not: so all nodes stay in step, and
one that begins late leaves out what is over.
"""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from broadcaster.protocol.live.packets import FRAME_MS, FRAME_SAMPLES, RATE
from speaker_node.sound.live.frames import LiveFrames
from speaker_node.sound.live.libopus import SILENCE, FrameDecoder
from speaker_node.sound.player.decoder import BYTES_PER_FRAME, PartStream

CONCEALED_FRAMES = 5
"""100 ms: what libopus makes up beyond that is a hum."""
SILENT_FRAMES = 5_000 // FRAME_MS
"""After so many without sound the fallback plays."""
ENDLESS = 1 << 40


class LiveTotals:
    """What sounded; written by the player's thread, read by any.

    heard_frames: of the session.
    missing_frames: that should have sounded.
    silent: nothing has come for five seconds.
    """

    def __init__(self) -> None:
        self.heard_frames = 0
        self.missing_frames = 0
        self.silent = False

    @property
    def heard_ms(self) -> int:
        return self.heard_frames * FRAME_MS

    @property
    def lost_ms(self) -> int:
        return self.missing_frames * FRAME_MS


class LiveStream:
    """Read in turn by one player.

    rate: samples a second.
    """

    rate = RATE

    def __init__(
        self,
        parts: Sequence[Path],
        frames: LiveFrames,
        totals: LiveTotals,
        *,
        most_samples: int,
        skip_samples: int = 0,
        fallback: Sequence[Path] = (),
    ) -> None:
        """``most_samples``: where it is over in any case; ``skip_samples``: what is over already when it begins.

        Raises SoundFault when a part is no sound or the machine cannot decode frames.
        """
        self._decoder = FrameDecoder()
        self._parts = PartStream(parts, rate=RATE)
        self._frames = frames
        self._totals = totals
        self._most = most_samples
        self._at = 0
        self._rest = b""
        self._parts_samples = 0
        self._parts_open = True
        self._missed_in_row = 0
        self._stand_in: PartStream | None = None
        self._fallback = tuple(fallback)
        self._skip_to(skip_samples)

    @property
    def frames(self) -> int:
        """Samples of the whole from its beginning; far off while nobody knows the end."""
        end = self._end_samples()
        return max(0, end - self._skipped) if end is not None else ENDLESS

    def read(self, frames: int) -> bytes:
        """So many samples; fewer at the end, then none."""
        while len(self._rest) < frames * BYTES_PER_FRAME:
            block = self._next()
            if not block:
                break
            self._rest += block
        block, self._rest = self._rest[: frames * BYTES_PER_FRAME], self._rest[frames * BYTES_PER_FRAME :]
        return block

    def close(self) -> None:
        self._decoder.close()
        self._parts.close()
        if self._stand_in:
            self._stand_in.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _skip_to(self, samples: int) -> None:
        self._skipped = samples
        while self._parts_open and self._at < samples:
            if not self._part(min(FRAME_SAMPLES, samples - self._at)):
                break
        self._at = max(self._at, samples)

    def _next(self) -> bytes:
        """What follows; empty at the end."""
        end = self._end_samples()
        if end is not None and self._at >= end:
            return b""
        if self._parts_open and (block := self._part(FRAME_SAMPLES)):
            return block
        base = self._base()
        if base is None or self._at < base:
            return self._silence(FRAME_SAMPLES if base is None else min(FRAME_SAMPLES, base - self._at))
        return self._live((self._at - base) // FRAME_SAMPLES, (self._at - base) % FRAME_SAMPLES)

    def _part(self, samples: int) -> bytes:
        block = self._parts.read(samples)
        self._parts_open = bool(block)
        self._at += len(block) // BYTES_PER_FRAME
        return block

    def _live(self, number: int, into: int) -> bytes:
        """The frame of this number, from so many samples into it."""
        raw = self._frames.frame(number)
        sound = self._decoder.decode(raw) if raw else None
        if sound is None:
            sound = self._filled()
        else:
            self._totals.heard_frames += 1
            self._totals.silent, self._missed_in_row = False, 0
        sound = sound[into * BYTES_PER_FRAME :]
        self._at += len(sound) // BYTES_PER_FRAME
        return sound

    def _filled(self) -> bytes:
        self._totals.missing_frames += 1
        self._missed_in_row += 1
        if self._missed_in_row <= CONCEALED_FRAMES and self._totals.heard_frames:
            return self._decoder.conceal()
        return self._instead()

    def _silence(self, samples: int) -> bytes:
        """Before the session's first sound; for too long, and the fallback plays."""
        self._missed_in_row += 1
        self._at += samples
        return self._instead()[: samples * BYTES_PER_FRAME]

    def _instead(self) -> bytes:
        """The fallback once nothing has come for long enough, else silence; it begins anew after every loss."""
        if self._missed_in_row < SILENT_FRAMES:
            if self._stand_in:
                self._stand_in.close()
                self._stand_in = None
            return SILENCE
        self._totals.silent = True
        if self._fallback and self._stand_in is None:
            self._stand_in = PartStream(self._fallback, rate=RATE)
        block = self._stand_in.read(FRAME_SAMPLES) if self._stand_in else b""
        return block + SILENCE[len(block) :]

    def _base(self) -> int | None:
        base_ms = self._frames.base_ms
        return None if base_ms is None else base_ms * RATE // 1000

    def _end_samples(self) -> int | None:
        ends_ms = self._frames.ends_ms
        if ends_ms is None:
            return self._most if self._at >= self._most else None
        return min(self._most, ends_ms * RATE // 1000)
