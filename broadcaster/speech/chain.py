"""Engines in order: the first that can say the whole clip says all of it."""

import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass

from broadcaster.refusals.reasons import Reason
from broadcaster.speech.breaker import CircuitBreaker
from broadcaster.speech.cache import SentenceCache, sentence_key
from broadcaster.speech.deadline import Clock, Deadline
from broadcaster.speech.engine import Engine, Speech
from broadcaster.speech.errors import EngineUnavailable, SpeechCancelled, SpeechError, SpeechUnavailable, VoiceAbsent
from broadcaster.speech.voices import AUTO, OFFLINE, Voice

_CANCEL_CHECK_SECONDS = 0.2

Progress = Callable[[int, int], None]
"""Called with (sentences done, sentences in all)."""


def _tell_nobody(_done: int, _total: int) -> None:
    return None


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True, eq=False)
class Spoken:
    """A whole text said by one engine."""

    sentences: tuple[Speech, ...]
    """One speech per sentence asked for, in order."""
    engine: str
    """Name of the engine that said all of it."""
    fallback_reason: Reason | None
    """Why the engine asked for was passed over, or None when it spoke."""
    from_cache: int
    """How many of the sentences had been said before."""


@dataclass(frozen=True, slots=True)
class EngineStage:
    """One engine's place in the chain."""

    engine: Engine
    """The engine."""
    budget_seconds: float
    """Longest time it may spend on one clip, in seconds."""
    optional: bool = False
    """Not worth a word where nobody set it up or asked for it."""
    online: bool = False
    """Cannot speak without the internet."""


@dataclass(frozen=True, slots=True)
class _Work:
    sentences: Sequence[str]
    voice: Voice
    deadline: Deadline
    abandoned: threading.Event
    progress: Progress
    cancelled: Callable[[], bool]


class SpeechChain:
    """Says whole clips; remembers sentences and which engines to leave alone; thread-safe.

    ``by_name``: engines that speak only where they are asked for.
    """

    def __init__(
        self,
        rungs: Sequence[EngineStage],
        *,
        cache: SentenceCache,
        by_name: Sequence[EngineStage] = (),
        breaker: Callable[[], CircuitBreaker] | None = None,
        clock: Clock = time.monotonic,
    ) -> None:
        make = breaker or (lambda: CircuitBreaker(failures=2, rest_seconds=120, clock=clock))
        self._rungs = tuple(rungs)
        self._by_name = tuple(by_name)
        self._breakers = {rung.engine.name: make() for rung in (*rungs, *by_name)}
        self._cache = cache
        self._clock = clock

    @property
    def engines(self) -> tuple[Engine, ...]:
        return tuple(rung.engine for rung in self._rungs)

    def speak(
        self,
        sentences: Sequence[str],
        *,
        voice: Voice,
        progress: Progress = _tell_nobody,
        cancelled: Callable[[], bool] = _never,
    ) -> Spoken:
        """Say every sentence with one engine.

        Raises ``SpeechUnavailable`` when no engine could, ``SpeechCancelled`` when ``cancelled()`` became true.
        """
        passed_over: list[Reason] = []
        absent: list[Reason] = []
        for rung in self._order(voice):
            abandoned = threading.Event()
            work = _Work(
                sentences,
                voice.spoken_by(rung.engine.name),
                self._deadline(rung, abandoned),
                abandoned,
                progress,
                cancelled,
            )
            try:
                said, from_cache = self._attempt(rung.engine, work)
            except SpeechError as error:
                unasked = isinstance(error, VoiceAbsent) and rung.optional and voice.engine != rung.engine.name
                (absent if unasked else passed_over).append(error.reason)
                continue
            fallback = Reason("speech.passed_over", why=passed_over) if passed_over else None
            return Spoken(said, rung.engine.name, fallback, from_cache)
        raise SpeechUnavailable("speech.no_engine_spoke", why=passed_over + absent or [Reason("speech.no_engine")])

    def why_not(self, engine_name: str) -> Reason | None:
        """None when the engine is ready, else why not; for the console's health page."""
        stages = (*self._rungs, *self._by_name)
        engine = next((each.engine for each in stages if each.engine.name == engine_name), None)
        if engine is None:
            return Reason("speech.engine_unknown", engine=engine_name)
        return self._breakers[engine_name].refusal() or engine.available()

    def try_voice(self, voice: Voice, words: str) -> Reason | None:
        """Have the voice's own engine say ``words``, remembered or not; None when it did, else why not."""
        stage = next((each for each in (*self._rungs, *self._by_name) if each.engine.name == voice.engine), None)
        if stage is None:
            return Reason("speech.engine_unknown", engine=voice.engine)
        try:
            with self._guarded(stage.engine):
                deadline = Deadline.after(stage.budget_seconds, clock=self._clock)
                stage.engine.synthesize(words, voice=voice, deadline=deadline)
        except SpeechError as error:
            return error.reason
        return None

    def remembered(self, sentences: Sequence[str], *, voice: Voice, engine_name: str) -> list[Speech | None]:
        """How this engine said each sentence, as far as it is still on disk; nothing is said anew."""
        engine = next((each.engine for each in (*self._rungs, *self._by_name) if each.engine.name == engine_name), None)
        if engine is None:
            return [None] * len(sentences)
        version, own = engine.version(), voice.spoken_by(engine.name)
        return [self._cache.get(sentence_key(each, voice=own, version=version)) for each in sentences]

    def _deadline(self, rung: EngineStage, abandoned: threading.Event) -> Deadline:
        """The rung's budget; passed at once when the clip is given up, so that no thread goes on asking for it."""
        ends_at_seconds = self._clock() + rung.budget_seconds
        return Deadline(ends_at_seconds, clock=lambda: math.inf if abandoned.is_set() else self._clock())

    def _order(self, voice: Voice) -> tuple[EngineStage, ...]:
        if voice.engine == AUTO:
            return self._rungs
        if voice.engine == OFFLINE:
            return tuple(rung for rung in self._rungs if not rung.online)
        asked_for = [rung for rung in (*self._rungs, *self._by_name) if rung.engine.name == voice.engine]
        return (*asked_for, *(rung for rung in self._rungs if rung not in asked_for))

    def _attempt(self, engine: Engine, work: _Work) -> tuple[tuple[Speech, ...], int]:
        keys = self._keys(engine, work)
        found: dict[str, Speech] = {key: speech for key in set(keys) if (speech := self._cache.get(key))}
        missing = {key: sentence for key, sentence in zip(keys, work.sentences, strict=True) if key not in found}
        from_cache = sum(key in found for key in keys)
        if missing:
            with self._guarded(engine):
                found |= self._synthesize_all(engine, missing, work=work)
        return tuple(found[key] for key in keys), from_cache

    def _keys(self, engine: Engine, work: _Work) -> list[str]:
        version = engine.version()
        return [sentence_key(sentence, voice=work.voice, version=version) for sentence in work.sentences]

    @contextmanager
    def _guarded(self, engine: Engine) -> Iterator[None]:
        breaker = self._breakers[engine.name]
        if refusal := breaker.refusal():
            raise EngineUnavailable.of(refusal)
        if reason := engine.available():
            raise VoiceAbsent.of(reason)
        try:
            yield
        except VoiceAbsent:
            raise
        except SpeechError as error:
            breaker.failed(error.reason, at_once=isinstance(error, EngineUnavailable))
            raise
        breaker.succeeded()

    def _synthesize_all(self, engine: Engine, missing: dict[str, str], *, work: _Work) -> dict[str, Speech]:
        pool = ThreadPoolExecutor(max_workers=engine.parallel, thread_name_prefix=f"speech-{engine.name}")
        try:
            asked = {
                pool.submit(engine.synthesize, sentence, voice=work.voice, deadline=work.deadline): key
                for key, sentence in missing.items()
            }
            return self._collect(asked, work=work)
        finally:
            work.abandoned.set()
            pool.shutdown(wait=False, cancel_futures=True)

    def _collect(self, asked: dict[Future[Speech], str], *, work: _Work) -> dict[str, Speech]:
        said: dict[str, Speech] = {}
        waiting = set(asked)
        total = len(work.sentences)
        while waiting:
            done, waiting = wait(waiting, timeout=_CANCEL_CHECK_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                key = asked[future]
                said[key] = future.result()
                self._cache.put(key, said[key])
            work.progress(total - len(waiting), total)
            if work.cancelled():
                raise SpeechCancelled("clip.cancelled")
        return said
