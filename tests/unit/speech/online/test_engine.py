import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from broadcaster.speech import Deadline, EngineFailed, EngineUnavailable, Voice, VoiceAbsent
from broadcaster.speech.cache import SentenceCache
from broadcaster.speech.chain import EngineStage, SpeechChain
from broadcaster.speech.engine import Engine
from broadcaster.speech.online.engine import OnlineEngine, OnlineLimits, ProviderAccount
from broadcaster.speech.online.keys import KeyRing
from broadcaster.speech.online.providers import providers
from broadcaster.speech.online.spending import Spending
from tests.doubles.engine_contract import LONG, SHORT, EngineContract
from tests.doubles.fake_engine import FakeEngine
from tests.doubles.voice_provider import VoiceProvider, voice_provider

KEY = "secret-key-123"
NAMES = sorted(providers())
LINKED = ["fpt", "vbee"]


@pytest.fixture
def double() -> Iterator[VoiceProvider]:
    with voice_provider() as provider:
        yield provider


@pytest.fixture
def keys(tmp_path: Path) -> KeyRing:
    ring = KeyRing(tmp_path / "voice-keys")
    for provider in providers().values():
        ring.write(provider, {"key": KEY, "app_id": "app-1", "region": "southeastasia"})
    return ring


def engine_for(
    name: str, double: VoiceProvider, keys: KeyRing, tmp_path: Path, *, most: int = 0, read_seconds: float = 20.0
) -> OnlineEngine:
    return OnlineEngine(
        providers()[name],
        ProviderAccount(keys, Spending(tmp_path / "spending.json", most=most)),
        limits=OnlineLimits(connect_seconds=10.0, read_seconds=read_seconds),
        sleep=lambda seconds: None,
        endpoint=double.url,
    )


def say(engine: OnlineEngine, sentence: str = SHORT, *, voice: str = "", rate_percent: int = 100) -> int:
    wish = Voice(engine.name, voice, "north", rate_percent)
    return engine.synthesize(sentence, voice=wish, deadline=Deadline.after(60)).duration_ms


class TestOnlineEngine(EngineContract):
    @pytest.fixture
    def engine(self, double: VoiceProvider, keys: KeyRing, tmp_path: Path) -> Engine:
        return engine_for("fpt", double, keys, tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_only_the_script_leaves_with_the_voice_that_was_asked_for(
    name: str, double: VoiceProvider, keys: KeyRing, tmp_path: Path
) -> None:
    voice = providers()[name].voices[-1].code
    assert say(engine_for(name, double, keys, tmp_path), LONG, voice=voice) > 300
    assert double.heard == [LONG]
    path, headers, body = double.requests[0]
    assert voice in json.dumps(headers) + body
    assert KEY in json.dumps(headers) + body
    assert KEY not in path
    assert "cookie" not in headers


@pytest.mark.parametrize("name", LINKED)
def test_a_link_that_is_not_there_yet_is_waited_for_and_the_key_does_not_go_to_it(
    name: str, double: VoiceProvider, keys: KeyRing, tmp_path: Path
) -> None:
    double.not_yet = 4
    assert say(engine_for(name, double, keys, tmp_path)) > 300
    sound = [headers for path, headers, _ in double.requests if path.startswith("/sound")]
    assert sound
    assert KEY not in json.dumps(sound)


@pytest.mark.long
def test_a_link_that_never_comes_ends_with_the_time(double: VoiceProvider, keys: KeyRing, tmp_path: Path) -> None:
    double.not_yet = 1_000_000
    engine = engine_for("fpt", double, keys, tmp_path)
    with pytest.raises(EngineFailed, match=r"never_ready|no_time"):
        engine.synthesize(SHORT, voice=Voice("fpt", "", "north"), deadline=Deadline.after(1.0))


def test_a_link_to_a_stranger_is_not_followed(double: VoiceProvider, keys: KeyRing, tmp_path: Path) -> None:
    double.misbehaviour = "elsewhere"
    with pytest.raises(EngineFailed, match=r"link_elsewhere"):
        say(engine_for("fpt", double, keys, tmp_path))


FAULTS = {
    "html": r"no_sound|broken",
    "half_a_file": r"broken",
    "half": r"shorter",
    "another_language": r"longer",
    "silence": r"silent",
    "noise": r"broken",
    "error": r"status status=503",
}


@pytest.mark.parametrize("how", FAULTS)
@pytest.mark.parametrize("name", ["fpt", "viettel", "google"])
def test_what_is_not_the_sentence_is_tried_again_and_then_given_up_with_the_reason(
    name: str, how: str, double: VoiceProvider, keys: KeyRing, tmp_path: Path
) -> None:
    engine = engine_for(name, double, keys, tmp_path)
    double.misbehaviour, double.times = how, 2
    assert say(engine) > 300
    double.misbehaviour, double.times = how, 1_000_000
    with pytest.raises(EngineFailed, match=FAULTS[how]):
        say(engine)


def test_a_server_that_says_nothing_is_left(double: VoiceProvider, keys: KeyRing, tmp_path: Path) -> None:
    double.misbehaviour = "stall"
    with pytest.raises(EngineFailed, match=r"no_reply"):
        say(engine_for("azure", double, keys, tmp_path, read_seconds=0.2))


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("expired", "key_refused"),
        ("forbidden", "key_refused"),
        ("too_many", "limit_reached"),
        ("unpaid", "limit_reached"),
        ("quota", "provider_refused"),
    ],
)
def test_a_key_that_expired_and_a_limit_that_is_reached_are_not_asked_again(
    how: str, code: str, double: VoiceProvider, keys: KeyRing, tmp_path: Path
) -> None:
    double.misbehaviour = how
    engine = engine_for("fpt", double, keys, tmp_path)
    with pytest.raises(EngineUnavailable, match=rf"online_voice\.{code}"):
        say(engine)
    assert len(double.heard) == 1


def test_the_month_has_a_budget_and_every_try_is_counted(double: VoiceProvider, keys: KeyRing, tmp_path: Path) -> None:
    engine = engine_for("azure", double, keys, tmp_path, most=2 * len(SHORT))
    say(engine)
    say(engine)
    with pytest.raises(EngineUnavailable, match=r"online_voice\.month_spent"):
        say(engine)
    assert double.heard == [SHORT, SHORT]


def test_no_key_and_no_such_voice_count_against_nobody(double: VoiceProvider, keys: KeyRing, tmp_path: Path) -> None:
    engine = engine_for("google", double, keys, tmp_path)
    with pytest.raises(VoiceAbsent, match=r"online_voice\.unknown"):
        say(engine, voice="vi-VN-Khong")
    keys.remove(providers()["google"])
    assert str(engine.available()).startswith("online_voice.no_key")
    with pytest.raises(VoiceAbsent, match=r"online_voice\.no_key"):
        say(engine)
    assert double.heard == []


@pytest.mark.parametrize("how", ["expired", "html", "half", "stall"])
@pytest.mark.long
def test_the_next_engine_says_the_whole_clip_and_the_key_is_nowhere(
    how: str, double: VoiceProvider, keys: KeyRing, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    double.misbehaviour, double.times = how, 1_000_000
    engine = engine_for("viettel", double, keys, tmp_path, read_seconds=0.2 if how == "stall" else 20.0)
    chain = SpeechChain(
        [EngineStage(FakeEngine("here"), 60)],
        by_name=[EngineStage(engine, 60, optional=True)],
        cache=SentenceCache(tmp_path / "sentences", limit_bytes=10_000_000),
    )
    spoken = chain.speak([SHORT, LONG], voice=Voice("viettel", "hcm-diemmy", "south"))
    assert spoken.engine == "here"
    assert spoken.fallback_reason is not None
    assert KEY not in caplog.text + str(spoken.fallback_reason)
    assert chain.speak([SHORT], voice=Voice("auto", "", "south")).fallback_reason is None
