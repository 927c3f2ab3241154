"""The thread that sends every open microphone and relay of this station, and makes the clips live sound begins with."""

import logging
import secrets
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from broadcaster.audio.chime import chime
from broadcaster.audio.encode import opus
from broadcaster.audio.settings import AudioSettings
from broadcaster.audio.store import store_clip
from broadcaster.clip_plans import RenderedClip
from broadcaster.errors import LoaError
from broadcaster.live import pieces, relay_opening
from broadcaster.live.microphone import SpeakerMicrophone
from broadcaster.live.on_air import SPOKEN_LUFS, SessionOnAir, Surroundings, recover
from broadcaster.live.relay import OpenFeed, RelayOnAir
from broadcaster.relays.settings import RelaySettings
from broadcaster.station.agendas import live_items
from broadcaster.station.clips import clips
from broadcaster.station.live import closing, fallbacks, relay_sessions, sessions
from broadcaster.station.rows import settings
from broadcaster.station.schema import Clip
from broadcaster.station.vocabulary.states import LiveKind

log = logging.getLogger(__name__)
STEP_SECONDS = 0.03
IDLE_SECONDS = 0.3
LOOK_SECONDS = 0.5
CHIMES = ("routine", "priority", "emergency")
FALLBACK_SECONDS = 5.0
"""Between two looks whether the sentences that play while nothing comes are made."""
MOST_FAILURES = 20
"""So many steps in a row may fail, of a database that does not answer, before a session is begun anew."""


class LiveRunner:
    """``run`` in a thread of its own."""

    def __init__(
        self,
        around: Surroundings,
        audio: AudioSettings,
        relay: RelaySettings | None = None,
        *,
        open_feed: OpenFeed | None = None,
    ) -> None:
        """``open_feed``: another in tests; how the streams of a relay are pulled."""
        self._around = around
        self._audio = audio
        self._relay = relay or RelaySettings()
        self._open_feed = open_feed or relay_opening.feeds(self._relay, audio)
        self._name = secrets.token_hex(8)
        self._open: dict[str, SessionOnAir] = {}
        self._failures: dict[str, int] = {}
        self._looked = self._fallbacks_at = float("-inf")

    def run(self, stop: threading.Event) -> None:
        """Until asked to end; what is on air then is closed by the next start."""
        self._guarded(self.prepare)
        self._guarded(self._recover)
        while not stop.wait(STEP_SECONDS if self._open else IDLE_SECONDS):
            self.step()

    def step(self) -> None:
        """One round."""
        if time.monotonic() - self._looked >= LOOK_SECONDS:
            self._looked = time.monotonic()
            self._guarded(self._look)
        for session_id, on_air in list(self._open.items()):
            if self._is_over(session_id, on_air):
                self._open.pop(session_id, None)

    def _is_over(self, session_id: str, on_air: SessionOnAir) -> bool:
        """What fails once is tried again: a database that did not answer must not end what people hear."""
        over: list[bool] = []
        if self._guarded(lambda: over.append(not on_air.step())):
            self._failures.pop(session_id, None)
            return over[0]
        self._failures[session_id] = self._failures.get(session_id, 0) + 1
        return self._failures[session_id] >= MOST_FAILURES

    def prepare(self) -> None:
        """Make the chimes that are not made yet; every node is given them to hold."""
        with self._around.database.reading() as s:
            known = settings.read(s, live_items.CHIMES, {})
            if set(known) == set(CHIMES) and not clips.gone(s, known.values()):
                return
        made = {name: self._chime(name) for name in CHIMES}
        with self._around.database.session() as s:
            now_at = self._around.clock()
            names = {name: clips.record(s, each, f"live-chime:{name}", now_at).sha256 for name, each in made.items()}
            settings.write(s, live_items.CHIMES, names)

    def _chime(self, name: str) -> RenderedClip:
        sound = chime(name)
        content = opus(sound, bitrate_bps=self._audio.bitrate_bps, complexity=self._audio.encoder_complexity)
        stored = store_clip(content, folder=self._around.clips_dir)
        return RenderedClip(
            path=stored.path,
            sha256=stored.sha256,
            size_bytes=stored.size_bytes,
            duration_ms=sound.duration_ms,
            engine="chime",
            fallback_reason=None,
            loudness_lufs=SPOKEN_LUFS,
        )

    def _look(self) -> None:
        """Take up what was opened, and ask of what is open whether it may go on."""
        now_at = self._around.clock()
        with self._around.database.reading() as s:
            found, due = closing.open_ids(s), relay_sessions.due_ids(s, now_at=now_at)
        for session_id in due:
            with self._around.database.session() as s:
                relay_sessions.open_planned(s, session_id, now_at=now_at)
        for session_id in (*found, *due):
            if session_id not in self._open:
                self._guarded(partial(self._begin, session_id))
        for on_air in list(self._open.values()):
            self._guarded(on_air.look)
        if time.monotonic() - self._fallbacks_at >= FALLBACK_SECONDS:
            self._fallbacks_at = time.monotonic()
            with self._around.database.session() as s:
                fallbacks.bring_up_to_date(s, now_at=now_at)

    def _begin(self, session_id: str) -> None:
        with self._around.database.reading() as s:
            if sessions.get(s, session_id).runner not in ("", self._name):
                return
        with self._around.database.session() as s:
            if not closing.claim(s, session_id, runner=self._name):
                return
        on_air = self._on_air(session_id)
        if on_air is not None:
            self._open[session_id] = on_air

    def _on_air(self, session_id: str) -> SessionOnAir | None:
        """None for a relay that is released no more: it is over."""
        with self._around.database.reading() as s:
            row = sessions.get(s, session_id)
            assert row.broadcast
            parts_ms = s.get_one(Clip, row.broadcast.parts[0].sha256).duration_ms
            plan = relay_opening.plan(s, row, parts_ms=parts_ms, settings=self._relay)
        if row.kind is LiveKind.MICROPHONE:
            return SpeakerMicrophone(self._around, row, parts_ms=parts_ms)
        if plan is None:
            with self._around.database.session() as s:
                closing.never_began(s, session_id, reason="revoked", now_at=self._around.clock())
            return None
        return RelayOnAir(self._around, row, plan, self._open_feed(plan.due))

    def _recover(self) -> None:
        folder = self._around.data_dir / pieces.FOLDER
        with self._around.database.reading() as s:
            left = list(closing.unfinished(s, folder=folder, runner=self._name))
        for session_id, path in left:
            self._guarded(partial(self._recover_one, session_id, path))

    def _recover_one(self, session_id: str, path: Path) -> None:
        """Closed with what was sent; what is left of a relay's time is another broadcast."""
        recover(self._around, session_id, path)
        with self._around.database.session() as s:
            relay_sessions.go_on(s, session_id, now_at=self._around.clock())

    def _guarded(self, work: Callable[[], object]) -> bool:
        """False when it failed, or said that it is over."""
        try:
            return work() is not False
        except (LoaError, SQLAlchemyError, OSError) as error:
            log.warning("live sound: %s", error)
        except Exception:  # outermost loop of a thread: one bad session must not silence the others
            log.exception("live sound failed and goes on")
        return False
