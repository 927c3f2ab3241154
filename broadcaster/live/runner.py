"""The thread that sends every open microphone of this station, and makes the clips live sound begins with."""

import logging
import secrets
import threading
import time
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from broadcaster.audio.chime import chime
from broadcaster.audio.encode import opus
from broadcaster.audio.settings import AudioSettings
from broadcaster.audio.store import store_clip
from broadcaster.clip_plans import RenderedClip
from broadcaster.errors import LoaError
from broadcaster.live import pieces
from broadcaster.live.microphone import SPOKEN_LUFS, SpeakerMicrophone, Surroundings, recover
from broadcaster.station.agendas import live_items
from broadcaster.station.clips import clips
from broadcaster.station.live import closing, sessions
from broadcaster.station.rows import settings
from broadcaster.station.schema import Clip
from broadcaster.station.vocabulary.states import LiveKind

log = logging.getLogger(__name__)
STEP_SECONDS = 0.03
IDLE_SECONDS = 0.3
LOOK_SECONDS = 0.5
CHIMES = ("routine", "priority", "emergency")


class LiveRunner:
    """``run`` in a thread of its own."""

    def __init__(self, around: Surroundings, audio: AudioSettings) -> None:
        self._around = around
        self._audio = audio
        self._name = secrets.token_hex(8)
        self._open: dict[str, SpeakerMicrophone] = {}
        self._looked = float("-inf")

    def run(self, stop: threading.Event) -> None:
        """Until asked to end; what is on air then is closed by the next start."""
        self._guarded(self.prepare)
        self._guarded(self._recover)
        while not stop.wait(STEP_SECONDS if self._open else IDLE_SECONDS):
            self.step()

    def step(self) -> None:
        """One round."""
        if time.monotonic() - self._looked >= LOOK_SECONDS or not self._open:
            self._looked = time.monotonic()
            self._guarded(self._look)
        for session_id, microphone in list(self._open.items()):
            if not self._guarded(microphone.step):
                self._open.pop(session_id, None)

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
        with self._around.database.reading() as s:
            found = closing.open_ids(s)
        for session_id in found:
            if session_id not in self._open:
                self._begin(session_id)
        for microphone in list(self._open.values()):
            microphone.look()

    def _begin(self, session_id: str) -> None:
        with self._around.database.reading() as s:
            row = sessions.get(s, session_id)
            if row.kind is not LiveKind.MICROPHONE or row.runner not in ("", self._name):
                return
        with self._around.database.session() as s:
            if not closing.claim(s, session_id, runner=self._name):
                return
        with self._around.database.reading() as s:
            row = sessions.get(s, session_id)
            assert row.broadcast
            parts_ms = s.get_one(Clip, row.broadcast.parts[0].sha256).duration_ms
            self._open[session_id] = SpeakerMicrophone(self._around, row, parts_ms=parts_ms)

    def _recover(self) -> None:
        folder = self._around.data_dir / pieces.FOLDER
        with self._around.database.reading() as s:
            left = list(closing.unfinished(s, folder=folder, runner=self._name))
        for session_id, path in left:
            recover(self._around, session_id, path)

    def _guarded(self, work: Callable[[], object]) -> bool:
        """False when it failed, or said that it is over."""
        try:
            return work() is not False
        except (LoaError, SQLAlchemyError, OSError) as error:
            log.warning("live sound: %s", error)
        except Exception:  # outermost loop of a thread: one bad session must not silence the others
            log.exception("live sound failed and goes on")
        return False
