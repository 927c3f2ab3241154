"""Residents' voices are read in the bounded process and made into sound that staff can hear; never into clips."""

import logging
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np

from broadcaster.audio import encode
from broadcaster.audio.copies.m4a import keep_beside
from broadcaster.audio.decode import decoded
from broadcaster.audio.settings import AudioSettings
from broadcaster.audio.sound import Sound, samples_of
from broadcaster.audio.store import made_durable
from broadcaster.errors import LoaError, Unavailable
from broadcaster.refusals.reasons import Reason
from broadcaster.station.database.engine import Database
from broadcaster.station.database.unwritten import Unwritten
from broadcaster.station.feedback import voices
from broadcaster.station.feedback.voices import WaitingVoice

IDLE_SECONDS, AT_MOST_SECONDS = 1.0, 10.0
"""Between two looks, and when nobody writes."""
LONGEST_MINUTES = 5
"""What is longer is not even read; of the rest the first minute is kept."""

log = logging.getLogger(__name__)


class FeedbackVoices:
    """A thread of the station. One voice at a time: nobody waits for it."""

    def __init__(self, database: Database, folder: Path, settings: AudioSettings) -> None:
        self._database = database
        self._folder = folder
        self._unwritten = Unwritten(database, at_most_seconds=AT_MOST_SECONDS)
        self._settings = replace(
            settings,
            longest_clip_minutes=LONGEST_MINUTES,
            largest_upload_megabytes=voices.LARGEST_BYTES // 1_000_000,
        )

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop."""
        while not stop.wait(IDLE_SECONDS):
            try:
                while not stop.is_set() and not self._unwritten.still() and self.run_once():
                    pass
            except Unavailable as error:
                self._unwritten.forget()
                log.warning("voices of residents wait: %s", error)

    def run_once(self) -> bool:
        """Read the oldest; False when none waits."""
        with self._database.reading() as s:
            waiting = voices.waiting(s, self._folder)
        if not waiting:
            return False
        voice, reason, duration_ms = waiting[0], None, 0
        try:
            duration_ms = self._make(voice)
        except LoaError as error:
            reason = error.reason
        except FileNotFoundError:
            reason = Reason("recording.original_gone")
        except Exception:  # outermost of one voice: whatever a stranger sent, the next one must be read
            log.exception("the voice of %s could not be read", voice.feedback_id)
            reason = Reason("recording.reading_failed")
        with self._database.session(gives_way=True) as s:
            if reason is not None:
                voices.refuse(s, voice.feedback_id, reason)
            else:
                voices.ready(s, voice.feedback_id, duration_ms=duration_ms)
        voice.path.unlink(missing_ok=True)
        return True

    def _make(self, voice: WaitingVoice) -> int:
        """The sound beside the original; how long it is."""
        whole = decoded(voice.path, settings=self._settings).sound
        heard = _level(Sound(whole.samples[: samples_of(voices.LONGEST_MS)]))
        target = voices.sound(self._folder, voice.feedback_id)
        part = target.with_suffix(".part")
        part.write_bytes(encode.opus(heard, bitrate_bps=self._settings.bitrate_bps, complexity=5))
        made_durable(part, target)
        keep_beside(target, bitrate_bps=self._settings.m4a_bitrate_bps)
        return heard.duration_ms


def _level(sound: Sound) -> Sound:
    """Loud enough to be understood: the loudest moment just under full scale."""
    peak = float(np.max(np.abs(sound.samples), initial=0.0))
    return Sound((sound.samples * (0.9 / peak)).astype(np.float32)) if peak else sound
