"""One engine for every provider with a key, with the guards gTTS has (``engines/gtts.py``).

TLS is verified, every wait has a limit, every part is checked before it counts, what fails is tried again later, a clip
has one budget of seconds, a month has one of characters, and a provider that refuses is left alone.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np
import requests

from broadcaster.errors import LoaError
from broadcaster.refusals.reasons import Reason
from broadcaster.speech.clauses import packed_clauses
from broadcaster.speech.deadline import Deadline
from broadcaster.speech.engine import Speech
from broadcaster.speech.engines.mp3 import BrokenMp3, decoded_mp3
from broadcaster.speech.errors import EngineFailed, EngineUnavailable, VoiceAbsent
from broadcaster.speech.online.answers import NETWORK_FAULTS, AnswerRefused, network_fault, whole_body
from broadcaster.speech.online.fetching import SoundFinder
from broadcaster.speech.online.keys import KeyRing
from broadcaster.speech.online.providers import OnlineVoice, Provider
from broadcaster.speech.online.spending import Spending
from broadcaster.speech.online.wording import Wording, own_speed, worded
from broadcaster.speech.plausibility import implausible
from broadcaster.speech.tempo import at_tempo
from broadcaster.speech.voices import Voice

_TRIES = 3
_FIRST_BACK_OFF_SECONDS = 0.5

Sleep = Callable[[float], None]


@dataclass(frozen=True, kw_only=True)
class OnlineLimits:
    """connect_seconds: for a name and a connection; read_seconds: for the next bytes on an open connection."""

    connect_seconds: float = 5.0
    read_seconds: float = 15.0


@dataclass(frozen=True, slots=True)
class ProviderAccount:
    """What the operator has with a provider: the keys, and what may be spent."""

    keys: KeyRing
    spending: Spending


class OnlineEngine:
    """A provider's voices; ``endpoint`` takes the place of its address in tests."""

    def __init__(
        self,
        provider: Provider,
        account: ProviderAccount,
        *,
        limits: OnlineLimits | None = None,
        sleep: Sleep = time.sleep,
        endpoint: str = "",
    ) -> None:
        self.name = provider.name
        self.parallel = provider.parallel
        self._provider = provider
        self._account = account
        self._limits = limits or OnlineLimits()
        self._sleep = sleep
        self._endpoint = endpoint.rstrip("/")
        self._threads = threading.local()

    def version(self) -> str:
        return f"{self.name}-1"

    def available(self) -> Reason | None:
        """Whether there is a key; whether it is still good shows when it is used."""
        return self._account.keys.missing(self._provider)

    def synthesize(self, sentence: str, *, voice: Voice, deadline: Deadline) -> Speech:
        chosen = self._provider.voice(voice.name, region=voice.region)
        if chosen is None:
            raise VoiceAbsent("online_voice.unknown", provider=self._provider.title, voice=voice.name[:60])
        texts = packed_clauses(sentence, limit=self._provider.longest_characters)
        if not texts:
            raise EngineFailed("online_voice.empty_sentence")
        asked_speed, rest_percent = own_speed(self._provider.speed, voice.rate_percent)
        parts = [self._part(text, voice=chosen, speed=asked_speed, deadline=deadline) for text in texts]
        rate = parts[0].sample_rate
        joined = np.concatenate([part.samples for part in parts])
        return Speech(at_tempo(joined, sample_rate=rate, percent=rest_percent), rate)

    def _part(self, text: str, *, voice: OnlineVoice, speed: str | float, deadline: Deadline) -> Speech:
        request = self._request(text, voice=voice, speed=speed)
        why = Reason("online_answer.no_time")
        for attempt in range(_TRIES):
            if attempt:
                self._sleep(min(_FIRST_BACK_OFF_SECONDS * 2 ** (attempt - 1), deadline.remaining_seconds()))
            if deadline.passed:
                break
            self._count(text)
            try:
                return self._spoken(request, syllables=len(text.split()), deadline=deadline)
            except AnswerRefused as error:
                why = error.reason
        raise EngineFailed("online_voice.provider_incomplete", provider=self._provider.title, why=why)

    def _request(self, text: str, *, voice: OnlineVoice, speed: str | float) -> Wording:
        try:
            keys = self._account.keys.values(self._provider)
        except LoaError as error:
            raise VoiceAbsent.of(error.reason) from None
        if not keys:
            raise VoiceAbsent("online_voice.no_key", provider=self._provider.title)
        padded = text.ljust(self._provider.shortest_characters, ".")
        return worded(self._provider, text=padded, voice=voice.code, speed=speed, keys=keys)

    def _count(self, text: str) -> None:
        """Every try is counted: a provider charges what it was sent, not what arrived."""
        if not self._account.spending.spend(self.name, len(text)):
            most = self._account.spending.most
            raise EngineUnavailable("online_voice.month_spent", provider=self._provider.title, most=most)

    def _spoken(self, request: Wording, *, syllables: int, deadline: Deadline) -> Speech:
        finder = SoundFinder(self._provider, self._get, self._sleep, home=self._endpoint)
        try:
            content = finder.sound_of(self._post(request, deadline=deadline), request.headers, deadline=deadline)
            speech = decoded_mp3(content)
        except BrokenMp3 as error:
            raise AnswerRefused("online_answer.broken") from error
        if reason := implausible(speech, syllables=syllables):
            raise AnswerRefused.of(reason)
        return speech

    def _post(self, request: Wording, *, deadline: Deadline) -> bytes:
        status, body = self._exchange("POST", self._at(request.url), request.headers, request.body, deadline=deadline)
        self._check(status)
        return body

    def _get(self, url: str, headers: dict[str, str], deadline: Deadline) -> tuple[int, bytes]:
        return self._exchange("GET", self._at(url), headers, None, deadline=deadline)

    def _exchange(
        self, method: str, url: str, headers: dict[str, str], body: bytes | None, *, deadline: Deadline
    ) -> tuple[int, bytes]:
        left = max(deadline.remaining_seconds(), 0.01)
        timeout = (min(self._limits.connect_seconds, left), min(self._limits.read_seconds, left))
        asked = {"headers": headers, "data": body, "timeout": timeout, "stream": True, "allow_redirects": False}
        try:
            with self._session().request(method, url, **asked) as answer:  # type: ignore[arg-type]
                return answer.status_code, whole_body(answer, deadline=deadline) if answer.status_code == 200 else b""
        except requests.exceptions.SSLError as error:
            raise EngineUnavailable("online_voice.untrusted") from error
        except requests.exceptions.ConnectTimeout as error:
            raise EngineUnavailable("online_voice.unreachable") from error
        except NETWORK_FAULTS as error:
            raise network_fault(error) from None  # its text holds addresses, and those may hold what nobody shall read

    def _check(self, status: int) -> None:
        title = self._provider.title
        if status in (401, 403):
            raise EngineUnavailable("online_voice.key_refused", provider=title, status=status)
        if status in (402, 429):
            raise EngineUnavailable("online_voice.limit_reached", provider=title, status=status)
        if status != 200:
            raise AnswerRefused("online_answer.status", status=status)

    def _at(self, url: str) -> str:
        """The address; in tests the same path at the double."""
        if not self._endpoint or url.startswith(self._endpoint):
            return url
        parts = urlsplit(url)
        return f"{self._endpoint}{parts.path}" + (f"?{parts.query}" if parts.query else "")

    def _session(self) -> requests.Session:
        """One per thread, and none of its own ideas: no cookies, no passwords out of a file of the user's."""
        if not hasattr(self._threads, "session"):
            self._threads.session = requests.Session()
        session: requests.Session = self._threads.session
        session.cookies.clear()
        return session
