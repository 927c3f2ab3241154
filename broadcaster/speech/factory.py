"""Builds the chain of voices that the settings ask for."""

import time
from pathlib import Path

from broadcaster.speech.breaker import CircuitBreaker
from broadcaster.speech.cache import SentenceCache
from broadcaster.speech.chain import EngineStage, SpeechChain
from broadcaster.speech.engines.espeak import EspeakEngine
from broadcaster.speech.engines.gtts import GttsEngine, Limits
from broadcaster.speech.engines.pack import PackEngine
from broadcaster.speech.engines.piper import PiperEngine
from broadcaster.speech.settings import SpeechSettings


def build_chain(settings: SpeechSettings, *, cache_dir: Path, voices_dir: Path) -> SpeechChain:
    """The engines of ``settings.engines`` in order; raises ``ValueError`` on a name nobody knows."""
    known = _rungs(settings, voices_dir=voices_dir)
    unknown = [name for name in settings.engines if name not in known]
    if unknown:
        raise ValueError(f"no voice engine is called {unknown[0]!r}")
    return SpeechChain(
        [known[name] for name in settings.engines],
        cache=SentenceCache(cache_dir, limit_bytes=settings.cache_megabytes * 1_000_000),
        breaker=lambda: CircuitBreaker(
            failures=settings.breaker_failures,
            rest_seconds=settings.breaker_rest_seconds,
            clock=time.monotonic,
        ),
    )


def _rungs(settings: SpeechSettings, *, voices_dir: Path) -> dict[str, EngineStage]:
    limits = Limits(connect_seconds=settings.gtts_connect_seconds, read_seconds=settings.gtts_read_seconds)
    return {
        "gtts": EngineStage(GttsEngine(endpoint=settings.gtts_endpoint, limits=limits), settings.gtts_budget_seconds),
        "pack": EngineStage(PackEngine(voices_dir), settings.pack_budget_seconds, optional=True),
        "piper": EngineStage(PiperEngine(voices_dir, wanted=settings.piper_voice), settings.piper_budget_seconds),
        "espeak": EngineStage(EspeakEngine(), settings.espeak_budget_seconds),
    }
