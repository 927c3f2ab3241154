"""One microphone on air: its pieces become the session's sound, and what happens to it is told the database."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from nacl.signing import SigningKey

from broadcaster.audio.store import store_clip
from broadcaster.clip_plans import RenderedClip
from broadcaster.live import pieces
from broadcaster.live.pieces import PieceKind
from broadcaster.live.session import LAST_SAID, LiveSession, Publish, SessionPlan
from broadcaster.live.sound_reader import SoundReader
from broadcaster.station.database.engine import Database
from broadcaster.station.live import choices, closing, sessions
from broadcaster.station.live.closing import Closed
from broadcaster.station.schema import LiveSessionRow, NodeState

log = logging.getLogger(__name__)
SILENT = timedelta(seconds=5)
LOST = timedelta(seconds=60)
"""Without sound for so long the speaker is gone."""
DRAIN = timedelta(seconds=1.5)
"""After the press that ends it, pieces on their way are waited for."""
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


class SpeakerMicrophone:
    """Driven by one thread: ``step`` often, until it says that all is over."""

    def __init__(self, around: Surroundings, row: LiveSessionRow, *, parts_ms: int) -> None:
        """Raises OpusMissing or OSError."""
        assert row.broadcast
        self.id = row.id
        self._around = around
        self._path = around.data_dir / pieces.FOLDER / f"{row.id}.ogg"
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = self._path.open("wb")
        plan = SessionPlan(
            station=around.station,
            session=row.id,
            start_at=row.broadcast.start_at,
            parts_ms=parts_ms,
            longest_ms=row.longest_ms,
            delay_ms=row.delay_ms,
        )
        self._session = LiveSession(
            plan, publish=around.publish, recording=self._file, key=around.key, clock=around.clock
        )
        self._reader = SoundReader()
        self._last_at = self._probed_at = around.clock()
        self._sounding = self._silent = False
        self._ends_said = 0

    def step(self) -> bool:
        """Take what waits; False when nothing is left to do."""
        if self._ends_said:
            return self._say_end()
        for piece in pieces.take(self._around.data_dir, self.id):
            self._feed(piece)
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
        if not self._session.is_open:
            reason = reason or "longest"
        elif now_at - self._last_at > LOST:
            reason = reason or "lost"
        if reason and ended_at is None:
            with self._around.database.session() as s:
                closing.end_for(s, self.id, reason=reason, now_at=now_at)
        if reason or (ended_at is not None and now_at - ended_at >= DRAIN):
            self._close()

    def _feed(self, piece: pieces.Piece) -> None:
        samples = self._reader.samples(piece)
        if not samples:
            return
        if not self._sounding:
            self._hold_delay()
        at_ms = None if piece.kind is PieceKind.SLICE else piece.at_ms
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
            self._silent = True
            with self._around.database.session() as s:
                closing.fell_silent(s, self.id, since_at=self._last_at)

    def _close(self) -> None:
        for piece in pieces.take(self._around.data_dir, self.id):
            self._feed(piece)
        totals = self._session.close()
        self._reader.close()
        self._file.close()
        closed = Closed(
            sound_ms=totals.sound_ms,
            gap_ms=totals.gap_ms,
            ends_ms=totals.ends_ms,
            recording=_recorded(self._path, totals.sound_ms, self._around.clips_dir),
        )
        with self._around.database.session() as s:
            closing.close(s, self.id, closed, now_at=self._around.clock())
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
