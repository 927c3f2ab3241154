"""One session on air, whatever feeds it: its sound is sent and recorded, and what happens is told the database."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from nacl.signing import SigningKey

from broadcaster.audio.settings import HornSetting
from broadcaster.audio.store import store_clip
from broadcaster.clip_plans import RenderedClip
from broadcaster.live import pieces
from broadcaster.live.session import LAST_SAID, LiveSession, Publish, SessionPlan
from broadcaster.station.database.engine import Database
from broadcaster.station.live import choices, closing, sessions
from broadcaster.station.live.closing import Closed
from broadcaster.station.schema import LiveSessionRow, NodeState

log = logging.getLogger(__name__)
SILENT = timedelta(seconds=5)
PROBE = timedelta(milliseconds=400)
SPOKEN_LUFS = -16.0
"""What the level follower aims at; a recording is not measured again."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every session is sent with: the database, where files are, the station's name and key, broker and clock."""

    database: Database
    data_dir: Path
    clips_dir: Path
    station: str
    key: SigningKey
    publish: Publish
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """How its sound is worked on, as in ``SessionPlan``; parts_ms: how long the chime before it sounds."""

    parts_ms: int
    horn: HornSetting = "mild"
    follows_level: bool = True


class SessionOnAir:
    """Driven by one thread: ``step`` often, ``look`` less often, until ``step`` says that all is over.

    What feeds it says how: ``_take`` brings what has come by now, ``_why_over`` says why nothing will come any more.
    """

    def __init__(self, around: Surroundings, row: LiveSessionRow, treatment: Treatment) -> None:
        """Raises OpusMissing or OSError."""
        assert row.broadcast
        self.id = row.id
        self._around = around
        self._path = around.data_dir / pieces.FOLDER / f"{row.id}.ogg"
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = self._path.open("wb")
        self._plan = SessionPlan(
            station=around.station,
            session=row.id,
            start_at=row.broadcast.start_at,
            parts_ms=treatment.parts_ms,
            longest_ms=row.longest_ms,
            delay_ms=row.delay_ms,
            horn=treatment.horn,
            follows_level=treatment.follows_level,
        )
        self._session = LiveSession(
            self._plan, publish=around.publish, recording=self._file, key=around.key, clock=around.clock
        )
        self._last_at = self._probed_at = around.clock()
        self._sounding = self._silent = False
        self._ends_said = 0

    def step(self) -> bool:
        """Send what has come; False when nothing is left to do."""
        if self._ends_said:
            return self._say_end()
        self._take()
        now_at = self._around.clock()
        if not self._sounding and now_at - self._probed_at >= PROBE:
            self._probed_at = now_at
            self._session.probe()
        self._watch(now_at)
        return True

    def look(self) -> None:
        """What the database says: whether it may go on. Less often than ``step``."""
        now_at = self._around.clock()
        if self._ends_said:
            return
        with self._around.database.reading() as s:
            row = sessions.get(s, self.id)
            reason = closing.must_end(s, row, now_at=now_at)
            ended_at = row.ended_at
        reason = reason or self._why_over(now_at)
        if reason and ended_at is None:
            with self._around.database.session() as s:
                closing.end_for(s, self.id, reason=reason, now_at=now_at)
        if reason or (ended_at is not None and now_at - ended_at >= self._drain):
            self._close()

    @property
    def _drain(self) -> timedelta:
        """So long after the press that ends it what is on its way is waited for."""
        return timedelta()

    def _take(self) -> None:
        raise NotImplementedError

    def _why_over(self, now_at: datetime) -> str | None:
        raise NotImplementedError

    def _release(self) -> None:
        """What feeds it is needed no more."""
        raise NotImplementedError

    def _closed(self, closed: Closed) -> None:
        """It was closed."""

    def _feed(self, samples: bytes, *, at_ms: int | None = None) -> None:
        """Mono, 16 bit, 24,000 a second."""
        if not self._sounding:
            self._hold_delay()
        self._session.feed(samples, at_ms=at_ms)
        self._last_at = self._around.clock()
        if not self._sounding or self._silent:
            self._sounding, self._silent = True, False
            with self._around.database.session() as s:
                closing.heard(s, self.id, delay_ms=self._session.delay_ms, now_at=self._last_at)

    def _hold_delay(self) -> None:
        """From what the nodes measured of the probes; from now on it is held."""
        with self._around.database.reading() as s:
            row = sessions.get(s, self.id)
            assert row.broadcast
            chosen = [delivery.node for delivery in row.broadcast.deliveries]
            states = (s.get(NodeState, node.id) for node in chosen)
            heard = [each.live for each in states if each is not None and each.live and each.online]
            mine = [int(each["late_ms"]) for each in heard if each.get("session") == self.id and "late_ms" in each]
            wanted = choices.delay_for(mine) if len(mine) == len(chosen) else choices.delay_ms(s, chosen)
        self._session.hold_delay(wanted)

    def _watch(self, now_at: datetime) -> None:
        if self._sounding and not self._silent and now_at - self._last_at > SILENT:
            self._fall_silent(self._last_at)

    def _fall_silent(self, since_at: datetime) -> None:
        self._silent = True
        with self._around.database.session() as s:
            closing.fell_silent(s, self.id, since_at=since_at)

    def _close(self) -> None:
        totals = self._session.close()
        self._release()
        self._file.close()
        closed = Closed(
            sound_ms=totals.sound_ms,
            gap_ms=totals.gap_ms,
            ends_ms=totals.ends_ms or self._plan.parts_ms,
            recording=_recorded(self._path, totals.sound_ms, self._around.clips_dir),
        )
        with self._around.database.session() as s:
            closing.close(s, self.id, closed, now_at=self._around.clock())
        self._closed(closed)
        pieces.forget(self._around.data_dir, self.id)
        self._path.unlink(missing_ok=True)
        self._ends_said, self._probed_at = 1, self._around.clock()
        log.info("live %s closed: %s", self.id, totals)

    def _say_end(self) -> bool:
        if self._around.clock() - self._probed_at >= PROBE:
            self._probed_at = self._around.clock()
            self._ends_said += 1
            self._session.say_end()
        return self._ends_said < LAST_SAID


def recover(around: Surroundings, session_id: str, path: Path) -> None:
    """A session whose program ended in the middle: closed with what was recorded until then."""
    sound_ms = _sound_ms(path)
    with around.database.session() as s:
        row = sessions.locked(s, session_id)
        assert row.broadcast
        begin_at = row.sounding_at or row.broadcast.start_at
        ends_ms = round((begin_at - row.broadcast.start_at).total_seconds() * 1000) + row.delay_ms + sound_ms
        closing.end_for(s, session_id, reason="restarted", now_at=around.clock())
        recording = _recorded(path, sound_ms, around.clips_dir)
        closing.close(
            s,
            session_id,
            Closed(sound_ms=sound_ms, gap_ms=0, ends_ms=ends_ms, recording=recording),
            now_at=around.clock(),
        )
    pieces.forget(around.data_dir, session_id)
    path.unlink(missing_ok=True)


def _recorded(path: Path, sound_ms: int, clips_dir: Path) -> RenderedClip | None:
    if sound_ms == 0:
        return None
    stored = store_clip(path.read_bytes(), folder=clips_dir)
    return RenderedClip(
        path=stored.path,
        sha256=stored.sha256,
        size_bytes=stored.size_bytes,
        duration_ms=sound_ms,
        engine=closing.ENGINE,
        fallback_reason=None,
        loudness_lufs=SPOKEN_LUFS,
    )


def _sound_ms(path: Path) -> int:
    import soundfile

    try:
        info = soundfile.info(str(path))
    except (OSError, RuntimeError):
        return 0
    return int(info.frames * 1000 / info.samplerate)
