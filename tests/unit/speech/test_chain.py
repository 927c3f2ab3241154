import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from broadcaster.refusals.reasons import Reason
from broadcaster.speech import (
    AUTO,
    EngineFailed,
    EngineUnavailable,
    SpeechCancelled,
    SpeechUnavailable,
    Voice,
)
from broadcaster.speech.breaker import CircuitBreaker
from broadcaster.speech.cache import SentenceCache
from broadcaster.speech.chain import EngineStage, SpeechChain
from tests.doubles.fake_engine import FakeEngine

SENTENCES = ["Kính chào bà con.", "Chiều nay mất điện.", "Xin nhắc lại.", "Xin cảm ơn."]


def passed_over(code: str) -> Reason:
    return Reason("speech.passed_over", why=[Reason(code)])


ANY = Voice(AUTO, "", "north")

MakeChain = Callable[..., SpeechChain]


class Clock:
    """Moves only when told."""

    def __init__(self) -> None:
        self.now_seconds = 1000.0

    def __call__(self) -> float:
        return self.now_seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make_chain(tmp_path: Path, clock: Clock) -> MakeChain:
    def make(*engines: FakeEngine) -> SpeechChain:
        return SpeechChain(
            [EngineStage(engine, 60.0) for engine in engines],
            cache=SentenceCache(tmp_path / "sentences", limit_bytes=10_000_000),
            breaker=lambda: CircuitBreaker(failures=2, rest_seconds=120, clock=clock),
            clock=clock,
        )

    return make


def test_the_first_engine_says_every_sentence_in_order(make_chain: MakeChain) -> None:
    first, second = FakeEngine("first"), FakeEngine("second")
    spoken = make_chain(first, second).speak(SENTENCES, voice=ANY)
    assert spoken.engine == "first"
    assert spoken.fallback_reason is None
    assert first.said == SENTENCES
    assert second.said == []
    assert [each.duration_ms for each in spoken.sentences] == [len(s.split()) * 200 for s in SENTENCES]


def test_an_engine_that_fails_half_way_leaves_the_whole_clip_to_the_next(make_chain: MakeChain) -> None:
    first = FakeEngine("first", failure=EngineFailed("fake.cut_short"), fails_from=2)
    second = FakeEngine("second")
    spoken = make_chain(first, second).speak(SENTENCES, voice=ANY)
    assert spoken.engine == "second"
    assert second.said == SENTENCES
    assert spoken.fallback_reason == passed_over("fake.cut_short")


def test_an_engine_that_is_not_there_is_passed_over_with_its_reason(make_chain: MakeChain) -> None:
    absent = FakeEngine("absent", unavailable=Reason("fake.no_file"))
    spoken = make_chain(absent, FakeEngine("here")).speak(SENTENCES, voice=ANY)
    assert (spoken.engine, spoken.fallback_reason) == ("here", passed_over("fake.no_file"))


def test_when_every_engine_fails_all_reasons_are_told(make_chain: MakeChain) -> None:
    chain = make_chain(
        FakeEngine("a", failure=EngineFailed("fake.broken")), FakeEngine("b", unavailable=Reason("fake.no_file"))
    )
    with pytest.raises(SpeechUnavailable, match=r"fake\.broken.*fake\.no_file"):
        chain.speak(SENTENCES, voice=ANY)


def test_the_engine_asked_for_goes_first(make_chain: MakeChain) -> None:
    first, second = FakeEngine("first"), FakeEngine("second")
    spoken = make_chain(first, second).speak(SENTENCES, voice=Voice("second", "lan", "south", 120))
    assert spoken.engine == "second"
    assert second.voices[0] == Voice("second", "lan", "south", 120)


def test_a_voice_name_is_not_passed_to_another_engine(make_chain: MakeChain) -> None:
    first, second = FakeEngine("first", unavailable=Reason("fake.no_network")), FakeEngine("second")
    make_chain(first, second).speak(SENTENCES, voice=Voice("first", "lan", "south", 120))
    assert second.voices[0] == Voice("second", "", "south", 120)


def test_a_sentence_said_before_is_not_said_again(make_chain: MakeChain) -> None:
    engine = FakeEngine()
    chain = make_chain(engine)
    chain.speak(SENTENCES, voice=ANY)
    spoken = chain.speak([*SENTENCES[:3], "Chúc bà con mạnh khỏe."], voice=ANY)
    assert spoken.from_cache == 3
    assert engine.said == [*SENTENCES, "Chúc bà con mạnh khỏe."]


def test_a_sentence_that_occurs_twice_is_said_once(make_chain: MakeChain) -> None:
    engine = FakeEngine()
    spoken = make_chain(engine).speak(["Chú ý!", "Chú ý!"], voice=ANY)
    assert engine.said == ["Chú ý!"]
    assert len(spoken.sentences) == 2


@pytest.mark.parametrize("change", [{"rate_percent": 90}, {"region": "south"}, {"name": "lan"}])
def test_another_voice_is_another_sound(make_chain: MakeChain, change: dict[str, object]) -> None:
    engine = FakeEngine()
    chain = make_chain(engine)
    plain = {"engine": "fake", "name": "", "region": "north", "rate_percent": 100}
    chain.speak(SENTENCES[:1], voice=Voice(**plain))  # type: ignore[arg-type]
    chain.speak(SENTENCES[:1], voice=Voice(**{**plain, **change}))  # type: ignore[arg-type]
    assert len(engine.said) == 2


def test_a_new_version_of_an_engine_says_everything_anew(make_chain: MakeChain) -> None:
    engine = FakeEngine()
    chain = make_chain(engine)
    chain.speak(SENTENCES, voice=ANY)
    engine.release = "2"
    assert chain.speak(SENTENCES, voice=ANY).from_cache == 0


def test_a_clip_that_is_wholly_cached_needs_no_network(make_chain: MakeChain) -> None:
    online = FakeEngine("online")
    chain = make_chain(online, FakeEngine("local"))
    chain.speak(SENTENCES, voice=ANY)
    online.unavailable = Reason("fake.no_network")
    assert chain.speak(SENTENCES, voice=ANY).engine == "online"


def test_a_failing_engine_is_left_alone_after_two_clips_and_tried_again_later(
    make_chain: MakeChain, clock: Clock
) -> None:
    flaky = FakeEngine("flaky", failure=EngineFailed("fake.cut_off"))
    chain = make_chain(flaky, FakeEngine("local"))
    chain.speak(["Một."], voice=ANY)
    assert chain.why_not("flaky") is None
    chain.speak(["Hai."], voice=ANY)
    assert chain.why_not("flaky") == Reason("fake.cut_off")
    flaky.failure = None
    spoken = chain.speak(["Ba."], voice=ANY)
    assert (spoken.engine, spoken.fallback_reason) == ("local", passed_over("fake.cut_off"))
    clock.now_seconds += 121
    assert chain.speak(["Bốn."], voice=ANY).engine == "flaky"


def test_an_engine_that_says_it_is_unavailable_is_left_alone_at_once(make_chain: MakeChain) -> None:
    blocked = FakeEngine("blocked", failure=EngineUnavailable("fake.refusing"))
    chain = make_chain(blocked, FakeEngine("local"))
    chain.speak(["Một."], voice=ANY)
    assert chain.why_not("blocked") == Reason("fake.refusing")


def test_stopping_ends_the_work_and_keeps_what_was_said(make_chain: MakeChain) -> None:
    engine = FakeEngine()
    chain = make_chain(engine)
    asked = itertools.count()
    with pytest.raises(SpeechCancelled, match=r"clip\.cancelled"):
        chain.speak(SENTENCES, voice=ANY, cancelled=lambda: next(asked) >= 0)
    assert chain.why_not("fake") is None


def test_progress_counts_sentences_up_to_all_of_them(make_chain: MakeChain) -> None:
    stated: list[tuple[int, int]] = []
    make_chain(FakeEngine()).speak(SENTENCES, voice=ANY, progress=lambda done, total: stated.append((done, total)))
    assert stated[-1] == (4, 4)
    assert stated == sorted(stated)


def test_asking_after_an_engine_nobody_knows_says_so(make_chain: MakeChain) -> None:
    assert make_chain(FakeEngine()).why_not("ai") == Reason("speech.engine_unknown", engine="ai")
