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
from broadcaster.speech.online.engine import OnlineEngine, OnlineLimits, ProviderAccount
from broadcaster.speech.online.keys import FOLDER, KeyRing
from broadcaster.speech.online.providers import providers
from broadcaster.speech.online.spending import FILE, Spending
from broadcaster.speech.settings import SpeechSettings


def build_chain(settings: SpeechSettings, *, cache_dir: Path, voices_dir: Path) -> SpeechChain:
    """The engines of ``settings.engines`` in order, and behind them every other for who asks for it by name.

    Keys of online voices lie beside ``voices_dir``. Raises ``ValueError`` on a name nobody knows.
    """
    known = _rungs(settings, voices_dir=voices_dir)
    unknown = [name for name in settings.engines if name not in known]
    if unknown:
        raise ValueError(f"no voice engine is called {unknown[0]!r}")
    return SpeechChain(
        [known[name] for name in settings.engines],
        by_name=[stage for name, stage in known.items() if name not in settings.engines],
        cache=SentenceCache(cache_dir, limit_bytes=settings.cache_megabytes * 1_000_000),
        breaker=lambda: CircuitBreaker(
            failures=settings.breaker_failures,
            rest_seconds=settings.breaker_rest_seconds,
            clock=time.monotonic,
        ),
    )


def account_of(settings: SpeechSettings, data_dir: Path) -> ProviderAccount:
    """Keys and spending of the online voices, as they lie in the station's folder."""
    spending = Spending(data_dir / FILE, most=settings.online_characters_a_month)
    return ProviderAccount(KeyRing(data_dir / FOLDER), spending)


def _rungs(settings: SpeechSettings, *, voices_dir: Path) -> dict[str, EngineStage]:
    limits = Limits(connect_seconds=settings.gtts_connect_seconds, read_seconds=settings.gtts_read_seconds)
    return {
        "gtts": EngineStage(
            GttsEngine(endpoint=settings.gtts_endpoint, limits=limits), settings.gtts_budget_seconds, online=True
        ),
        **_online(settings, voices_dir.parent),
        "pack": EngineStage(PackEngine(voices_dir), settings.pack_budget_seconds, optional=True),
        "piper": EngineStage(PiperEngine(voices_dir, wanted=settings.piper_voice), settings.piper_budget_seconds),
        "espeak": EngineStage(EspeakEngine(), settings.espeak_budget_seconds),
    }


def _online(settings: SpeechSettings, data_dir: Path) -> dict[str, EngineStage]:
    account = account_of(settings, data_dir)
    limits = OnlineLimits(connect_seconds=settings.online_connect_seconds, read_seconds=settings.online_read_seconds)
    return {
        name: EngineStage(OnlineEngine(each, account, limits=limits), each.budget_seconds, optional=True, online=True)
        for name, each in providers().items()
    }
