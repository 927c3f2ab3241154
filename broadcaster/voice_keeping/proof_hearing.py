"""The machine listener at work: it proof-hears what waits for approval and writes down recordings and live sessions.

Only where the extra ``listener`` is installed, one clip at a time, at the lowest priority, after everything somebody
waits for. Without it nothing is heard, and nobody is told anything.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

import numpy as np

from broadcaster.audio.decode import decoded
from broadcaster.audio.settings import AudioSettings
from broadcaster.audio.sound import CLIP_RATE
from broadcaster.clip_plans import ClipPlan
from broadcaster.config import Config
from broadcaster.errors import LoaError, Unavailable
from broadcaster.refusals.reasons import Reason
from broadcaster.speech import Voice
from broadcaster.speech.engine import Speech
from broadcaster.speech.listener import marks
from broadcaster.speech.listener.model_files import model_folder
from broadcaster.speech.listener.pieces import pieces
from broadcaster.speech.listener.process import ListenerProcess, Recogniser
from broadcaster.speech.listener.whisper import RATE, WINDOW_SECONDS, Samples, heard_at_16_khz, is_installed
from broadcaster.station.announcements import recordings
from broadcaster.station.clips import clips, jobs
from broadcaster.station.database.engine import Database
from broadcaster.station.hearings import hearings
from broadcaster.station.hearings.hearings import Assignment

IDLE_SECONDS = 2.0
LISTENER = "whisper-base"

log = logging.getLogger(__name__)


class Remembered(Protocol):
    """Where sentences lie that were said before; ``speech.chain.SpeechChain`` is the real one."""

    def remembered(self, sentences: list[str], *, voice: Voice, engine_name: str) -> list[Speech | None]: ...


def build(database: Database, config: Config, spoken: Remembered, clock: Callable[[], datetime]) -> "ProofHearing":
    """With the listener, where its packages and its model are."""
    wanted = config.speech.proof_hearing and is_installed()
    folder = model_folder(config.data_dir / "listener") if wanted else None
    recogniser = ListenerProcess(folder) if folder is not None else None
    return ProofHearing(database, spoken, recogniser, clips_dir=config.clips_dir, settings=config.audio, clock=clock)


class ProofHearing:
    """A thread of the station. ``recogniser``: None where there is no listener."""

    def __init__(
        self,
        database: Database,
        spoken: Remembered,
        recogniser: Recogniser | None,
        *,
        clips_dir: Path,
        settings: AudioSettings,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._spoken = spoken
        self._recogniser = recogniser
        self._clips_dir = clips_dir
        self._settings = settings
        self._clock = clock

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop."""
        while not stop.wait(IDLE_SECONDS):
            try:
                while not stop.is_set() and self.run_once():
                    pass
            except Unavailable as error:
                log.warning("proof-hearing waits: %s", error)
            if self._recogniser is not None:
                self._recogniser.close()

    def run_once(self) -> bool:
        """Hear one clip; False when none waits, when clips are still to be made, or when there is no listener."""
        if self._recogniser is None:
            return False
        now_at = self._clock()
        with self._database.reading() as s:
            if jobs.waiting(s, now_at=now_at) or not hearings.waiting(s, now_at=now_at):
                return False
        with self._database.session(gives_way=True) as s:
            assignment = hearings.take(s, listener=LISTENER, now_at=now_at)
        if assignment is None:
            return False
        try:
            self._hear(assignment, self._recogniser)
        except LoaError as error:
            self._fail(assignment, error.reason)
        except OSError:
            self._fail(assignment, Reason("recording.original_gone"))
        except Exception:  # outermost of one clip: whatever is in it, the next one must be heard
            log.exception("clip %s could not be heard", assignment.clip_sha256)
            self._fail(assignment, Reason("hearing.listener_failed"))
        return True

    def _hear(self, assignment: Assignment, recogniser: Recogniser) -> None:
        if assignment.plan is not None:
            self._prove(assignment, assignment.plan, recogniser)
            return
        text = " ".join(filter(None, map(recogniser.transcript, pieces(self._recorded(assignment)))))
        with self._database.session(gives_way=True) as s:
            hearings.written(s, assignment.clip_sha256, text=text, now_at=self._clock())

    def _prove(self, assignment: Assignment, plan: ClipPlan, recogniser: Recogniser) -> None:
        sentences = [each.text for each in plan.script.sentences]
        said = self._spoken.remembered(sentences, voice=plan.voice, engine_name=assignment.engine)
        words: list[str] = []
        nats: list[float] = []
        for sentence, speech in zip(sentences, said, strict=True):
            asked = marks.words_of(sentence)
            sound = _at_16_khz(speech) if speech is not None else None
            if asked and sound is not None and len(sound) <= WINDOW_SECONDS * RATE:
                words += asked
                nats += recogniser.surprises(sound, asked)
        if not words:
            raise Unavailable("hearing.nothing_to_hear")
        mean, found = sum(nats) / len(nats), marks.marks(words, nats)
        with self._database.session(gives_way=True) as s:
            hearings.proven(
                s, assignment.clip_sha256, words=len(words), mean_nats=mean, marks=found, now_at=self._clock()
            )

    def _recorded(self, assignment: Assignment) -> Samples:
        """What somebody said, without chime and repetitions where the file they brought is still there."""
        name = assignment.recording
        if name is not None and (self._clips_dir / recordings.FOLDER / name).is_file():
            file = recordings.path(self._clips_dir, name)
        else:
            file = clips.path(self._clips_dir, assignment.clip_sha256)
        sound = decoded(file, settings=self._settings).sound
        return heard_at_16_khz(sound.samples, sample_rate=CLIP_RATE)

    def _fail(self, assignment: Assignment, error: Reason) -> None:
        log.info("clip %s was not heard: %s", assignment.clip_sha256, error)
        with self._database.session(gives_way=True) as s:
            hearings.failed(s, assignment.clip_sha256, error=error, now_at=self._clock())


def _at_16_khz(speech: Speech) -> Samples:
    return heard_at_16_khz(speech.samples.astype(np.float32) / np.float32(32768), sample_rate=speech.sample_rate)
