"""Google's online voice through gTTS, kept on a short lead.

gTTS knows how a request is worded; everything it leaves out is here: TLS is verified, every wait has a limit, every
part is checked before it counts, failures are tried again with back-off, and the whole clip has one budget.
"""

import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np
import requests
from gtts import gTTS

from broadcaster.refusals.reasons import Reason
from broadcaster.speech.clauses import packed_clauses
from broadcaster.speech.deadline import Deadline
from broadcaster.speech.engine import Speech
from broadcaster.speech.engines.google_answers import UnusableAnswer, spoken_answer
from broadcaster.speech.engines.reach import reachable
from broadcaster.speech.errors import EngineFailed, EngineUnavailable
from broadcaster.speech.online.answers import NETWORK_FAULTS, AnswerRefused, check_status, network_fault, whole_body
from broadcaster.speech.tempo import at_tempo
from broadcaster.speech.voices import Voice

_PATH = "/_/TranslateWebserverUi/data/batchexecute"
_LONGEST_PART = 100
_TRIES = 3
_FIRST_BACK_OFF_SECONDS = 0.5
_REACH_KNOWN_SECONDS = 30.0

Sleep = Callable[[float], None]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long the engine waits.

    connect_seconds: for a name and a connection.
    read_seconds: for the next bytes on an open connection.
    """

    connect_seconds: float = 2.5
    read_seconds: float = 8.0


class GttsEngine:
    """Vietnamese of the north, in Google's voice; other regions are not to be had from it."""

    name = "gtts"
    parallel = 3

    def __init__(self, *, endpoint: str, limits: Limits | None = None, sleep: Sleep = time.sleep) -> None:
        self._endpoint = endpoint.rstrip("/")
        self._limits = limits or Limits()
        self._sleep = sleep
        self._threads = threading.local()
        self._reach_lock = threading.Lock()
        self._reached_at_seconds = float("-inf")

    def version(self) -> str:
        return f"gtts-{version('gtts')}"

    def available(self) -> Reason | None:
        """Always None: whether the network is there shows when it is used, within the connect limit."""
        return None

    def synthesize(self, sentence: str, *, voice: Voice, deadline: Deadline) -> Speech:
        self._check_reach()
        parts = [self._part(text, deadline=deadline) for text in packed_clauses(sentence, limit=_LONGEST_PART)]
        if not parts:
            raise EngineFailed("online_voice.empty_sentence")
        joined = np.concatenate([part.samples for part in parts])
        rate = parts[0].sample_rate
        return Speech(at_tempo(joined, sample_rate=rate, percent=voice.rate_percent), rate)

    def _check_reach(self) -> None:
        with self._reach_lock:
            if time.monotonic() - self._reached_at_seconds < _REACH_KNOWN_SECONDS or urllib.request.getproxies():
                return
            if not reachable(self._endpoint, timeout_seconds=self._limits.connect_seconds):
                raise EngineUnavailable("online_voice.unreachable")
            self._reached_at_seconds = time.monotonic()

    def _part(self, text: str, *, deadline: Deadline) -> Speech:
        why = Reason("online_answer.no_time")
        for attempt in range(_TRIES):
            if attempt:
                self._sleep(min(_FIRST_BACK_OFF_SECONDS * 2 ** (attempt - 1), deadline.remaining_seconds()))
            if deadline.passed:
                break
            try:
                return spoken_answer(self._answer(text, deadline=deadline), text=text)
            except (AnswerRefused, UnusableAnswer) as error:
                why = error.reason
        raise EngineFailed("online_voice.incomplete", why=why)

    def _answer(self, text: str, *, deadline: Deadline) -> bytes:
        try:
            with self._send(text, deadline=deadline) as answer:
                check_status(answer.status_code)
                return whole_body(answer, deadline=deadline)
        except requests.exceptions.SSLError as error:
            raise EngineUnavailable("online_voice.untrusted") from error
        except NETWORK_FAULTS as error:
            self._reached_at_seconds = float("-inf")
            raise network_fault(error) from error

    def _send(self, text: str, *, deadline: Deadline) -> requests.Response:
        left = max(deadline.remaining_seconds(), 0.01)
        [body] = gTTS(text, lang="vi", lang_check=False, pre_processor_funcs=[]).get_bodies()
        return self._session().post(
            self._endpoint + _PATH,
            data=body,
            headers=gTTS.GOOGLE_TTS_HEADERS,
            timeout=(min(self._limits.connect_seconds, left), min(self._limits.read_seconds, left)),
            stream=True,
            allow_redirects=False,
        )

    def _session(self) -> requests.Session:
        """One per thread: a session is not safe to share, and a fresh one per request would shake hands each time."""
        if not hasattr(self._threads, "session"):
            self._threads.session = requests.Session()
        session: requests.Session = self._threads.session
        return session
