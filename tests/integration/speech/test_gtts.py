import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from broadcaster.speech import AUTO, Deadline, EngineFailed, EngineUnavailable, SpeechError, Voice
from broadcaster.speech.breaker import CircuitBreaker
from broadcaster.speech.cache import SentenceCache
from broadcaster.speech.chain import EngineStage, SpeechChain
from broadcaster.speech.engine import Engine
from broadcaster.speech.engines.gtts import GttsEngine, Limits
from tests.doubles.engine_contract import LONG, SHORT, EngineContract
from tests.doubles.fake_engine import FakeEngine
from tests.doubles.google_tts import GoogleTts, google_tts
from tests.rig.running.busy import stretched

pytestmark = pytest.mark.integration

QUICK = Limits(connect_seconds=1.0, read_seconds=0.8)
"""Only what stalls or drips runs into them: a busy machine takes its time to answer well."""
NORTH = Voice("gtts", "", "north")
ANNOUNCEMENT = [SHORT, LONG, "Xin nhắc lại, sáng mai tiêm phòng.", "Xin cảm ơn bà con."]


@pytest.fixture
def google() -> Iterator[GoogleTts]:
    with google_tts() as double:
        yield double


def engine_for(google: GoogleTts) -> GttsEngine:
    return GttsEngine(endpoint=google.url, limits=QUICK, sleep=lambda seconds: None)


class TestGttsEngine(EngineContract):
    @pytest.fixture
    def engine(self, google: GoogleTts) -> Engine:
        return engine_for(google)


def test_every_request_is_short_and_together_they_are_the_sentence(google: GoogleTts) -> None:
    sentence = ", ".join([LONG] * 5)
    engine_for(google).synthesize(sentence, voice=NORTH, deadline=Deadline.after(20))
    assert all(len(part) <= 100 for part in google.heard)
    assert " ".join(google.heard) == sentence
    assert len(google.heard) == 5


REFUSALS = {
    "stall": r"online_answer\.no_reply",
    "drip": r"online_answer\.too_slow",
    "empty": r"online_answer\.no_sound",
    "no_audio": r"online_answer\.no_sound",
    "html": r"online_answer\.no_sound",
    "redirect": r"online_answer\.status status=302",
    "error": r"online_answer\.status status=503",
    "cut_short": r"online_answer\.cut_off",
    "truncated": r"online_answer\.broken",
    "half": r"online_answer\.shorter",
    "wrong": r"online_answer\.broken",
    "silence": r"online_answer\.silent",
    "endless": r"online_answer\.too_long",
}


@pytest.mark.parametrize(("how", "reason"), REFUSALS.items())
def test_each_misbehaviour_ends_in_its_own_error_within_the_budget(google: GoogleTts, how: str, reason: str) -> None:
    google.misbehave(how)
    started = time.monotonic()
    with pytest.raises(EngineFailed, match=reason):
        engine_for(google).synthesize(LONG, voice=NORTH, deadline=Deadline.after(1.5))
    assert time.monotonic() - started < stretched(3.0)


@pytest.mark.parametrize("how", [how for how in REFUSALS if how != "drip"])
def test_a_passing_misbehaviour_is_outlasted(google: GoogleTts, how: str) -> None:
    google.misbehave(how, times=2)
    assert engine_for(google).synthesize(SHORT, voice=NORTH, deadline=Deadline.after(20)).duration_ms > 500


def test_being_blocked_is_not_answered_with_more_requests(google: GoogleTts) -> None:
    google.misbehave("too_many")
    with pytest.raises(EngineUnavailable, match=r"online_voice\.refusing status=429"):
        engine_for(google).synthesize(SHORT, voice=NORTH, deadline=Deadline.after(20))
    assert len(google.heard) == 1


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9", "https://khong-co.invalid"])
def test_without_a_network_it_gives_up_fast(endpoint: str) -> None:
    engine = GttsEngine(endpoint=endpoint, limits=QUICK)
    started = time.monotonic()
    with pytest.raises(EngineUnavailable, match=r"online_voice\.unreachable"):
        engine.synthesize(SHORT, voice=NORTH, deadline=Deadline.after(20))
    assert time.monotonic() - started < stretched(2.0)


def test_a_certificate_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    request = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=127.0.0.1"
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate]
    subprocess.run([*request.split(), *names], check=True, capture_output=True)
    with google_tts(certificate=certificate, key=key) as double:
        engine = GttsEngine(endpoint=double.url, limits=QUICK)
        with pytest.raises(EngineUnavailable, match=r"online_voice\.untrusted"):
            engine.synthesize(SHORT, voice=NORTH, deadline=Deadline.after(20))
        assert double.heard == []


@pytest.mark.parametrize("how", [*REFUSALS, "too_many"])
def test_a_clip_that_breaks_off_online_is_said_whole_by_the_next_engine(
    google: GoogleTts, how: str, tmp_path: Path
) -> None:
    local = FakeEngine("local")
    chain = SpeechChain(
        [EngineStage(engine_for(google), 1.5), EngineStage(local, 20)],
        cache=SentenceCache(tmp_path, limit_bytes=10_000_000),
        breaker=lambda: CircuitBreaker(failures=1, rest_seconds=60, clock=time.monotonic),
    )
    google.misbehave(how)
    spoken = chain.speak(ANNOUNCEMENT, voice=Voice(AUTO, "", "north"))
    assert spoken.engine == "local"
    assert local.said == ANNOUNCEMENT
    assert "online_voice." in str(spoken.fallback_reason)
    google.behave()
    assert chain.speak(["Câu mới."], voice=Voice(AUTO, "", "north")).engine == "local"
    assert "Câu mới." not in google.heard, "an engine that just failed is left alone"


def test_an_announcement_is_said_online_by_several_connections_in_order(google: GoogleTts, tmp_path: Path) -> None:
    chain = SpeechChain([EngineStage(engine_for(google), 20)], cache=SentenceCache(tmp_path, limit_bytes=10_000_000))
    spoken = chain.speak(ANNOUNCEMENT, voice=Voice(AUTO, "", "north"))
    lengths = [each.duration_ms for each in spoken.sentences]
    assert lengths == sorted(lengths, key=lambda ms: lengths.index(ms))
    assert [abs(ms - 220 * len(s.split())) < 200 for ms, s in zip(lengths, ANNOUNCEMENT, strict=True)] == [True] * 4


def test_every_failure_is_a_speech_error_with_a_sentence(google: GoogleTts) -> None:
    google.misbehave("html")
    with pytest.raises(SpeechError) as failed:
        engine_for(google).synthesize(SHORT, voice=NORTH, deadline=Deadline.after(5))
    assert failed.value.code.startswith("online_voice.")
