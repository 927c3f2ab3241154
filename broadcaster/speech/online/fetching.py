"""From a provider's answer to the sound: in it, in it as base64, or behind a link that is not there yet."""

import base64
import binascii
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from broadcaster.speech.deadline import Deadline
from broadcaster.speech.errors import EngineUnavailable
from broadcaster.speech.online.answers import AnswerRefused
from broadcaster.speech.online.providers import Provider

_FIRST_WAIT_SECONDS = 0.7
_LONGEST_WAIT_SECONDS = 5.0
_NOT_YET = (202, 403, 404, 425)
"""What a store says of a file that will be there soon; some say 403 in place of 404."""

Get = Callable[[str, dict[str, str], Deadline], tuple[int, bytes]]


class SoundFinder:
    """Follows one answer; ``home`` is where the double listens, in tests."""

    def __init__(self, provider: Provider, get: Get, sleep: Callable[[float], None], *, home: str = "") -> None:
        self._provider = provider
        self._get = get
        self._sleep = sleep
        self._home = home

    def sound_of(self, answer: bytes, headers: dict[str, str], *, deadline: Deadline) -> bytes:
        """The bytes of the sound, unchecked. Raises ``AnswerRefused``; ``EngineUnavailable`` for a spent quota."""
        place = self._provider.sound
        if place.kind == "body":
            return answer
        facts = self._facts(answer)
        if place.kind == "base64":
            return _from_base64(_at(facts, place.path))
        within = deadline.within(place.ready_seconds)
        return self._downloaded(self._link(facts, headers, within), within)

    def _facts(self, answer: bytes) -> Any:
        try:
            facts = json.loads(answer)
        except (ValueError, RecursionError) as error:
            raise AnswerRefused("online_answer.no_sound") from error
        verdict = self._provider.verdict
        if verdict is not None and _at(facts, verdict.path) not in verdict.good:
            raise EngineUnavailable("online_voice.provider_refused", provider=self._provider.title)
        return facts

    def _link(self, facts: Any, headers: dict[str, str], deadline: Deadline) -> str:
        """The link in the answer; where it is not there yet the provider is asked for it again."""
        place, wait = self._provider.sound, _FIRST_WAIT_SECONDS
        link = _at(facts, place.path)
        number = _at(facts, place.poll.id_path) if place.poll else None
        while not link:
            if place.poll is None or not isinstance(number, str) or not number.isprintable() or "/" in number:
                raise AnswerRefused("online_answer.no_sound")
            wait = self._waited(wait, deadline)
            status, body = self._get(place.poll.url.replace("{id}", number), headers, deadline)
            link = _at(self._facts(body), place.path) if status == 200 else None
        return self._trusted(str(link))

    def _trusted(self, link: str) -> str:
        """Only to the provider's own stores, and over TLS: an answer must not send this machine anywhere."""
        parts = urlsplit(link)
        host = (parts.hostname or "").lower()
        if self._home and link.startswith(self._home + "/"):
            return link
        if parts.scheme != "https" or not any(f".{host}".endswith(each) for each in self._provider.sound.hosts):
            raise AnswerRefused("online_answer.link_elsewhere", host=host[:80])
        return link

    def _downloaded(self, link: str, deadline: Deadline) -> bytes:
        """Without the key: the store is not the provider."""
        wait = _FIRST_WAIT_SECONDS
        while True:
            status, body = self._get(link, {}, deadline)
            if status == 200 and body:
                return body
            if status != 200 and status not in _NOT_YET:
                raise AnswerRefused("online_answer.status", status=status)
            wait = self._waited(wait, deadline)

    def _waited(self, seconds: float, deadline: Deadline) -> float:
        """How long to wait the next time. Raises ``AnswerRefused`` when the time is up."""
        self._sleep(min(seconds, deadline.remaining_seconds()))
        if deadline.passed:
            raise AnswerRefused("online_answer.never_ready")
        return min(seconds * 1.6, _LONGEST_WAIT_SECONDS)


def _at(facts: Any, path: str) -> Any:
    for name in path.split("."):
        facts = facts.get(name) if isinstance(facts, dict) else None
    return facts


def _from_base64(value: Any) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (TypeError, ValueError, binascii.Error) as error:
        raise AnswerRefused("online_answer.no_sound") from error
