import pytest

from broadcaster.speech import Deadline, EngineFailed, Voice
from broadcaster.speech.engine import Engine
from broadcaster.speech.engines.espeak import VOICES, EspeakEngine
from tests.doubles.engine_contract import LONG, EngineContract

pytestmark = pytest.mark.integration


class TestEspeakEngine(EngineContract):
    @pytest.fixture
    def engine(self) -> Engine:
        return EspeakEngine()


def said(region: str = "north", *, name: str = "", sentence: str = LONG) -> bytes:
    voice = Voice("espeak", name, region)
    return EspeakEngine().synthesize(sentence, voice=voice, deadline=Deadline.after(30)).samples.tobytes()


def test_the_three_regions_sound_different() -> None:
    assert len({said(region) for region in VOICES}) == 3


def test_another_region_in_between_leaves_no_trace() -> None:
    """espeak-ng varies a sentence by a few samples from one time to the next, never by a voice."""
    first = said()
    said("south")
    assert abs(len(said()) - len(first)) < 400


def test_the_six_tones_sound_different() -> None:
    assert len({said(sentence=word) for word in ("ma", "má", "mà", "mả", "mã", "mạ")}) == 6


def test_the_pace_is_a_commune_announcers() -> None:
    """About 190 syllables a minute with an announcement's pauses, so a little quicker within a sentence."""
    speech = EspeakEngine().synthesize(LONG, voice=Voice("espeak", "", "north"), deadline=Deadline.after(30))
    assert 180 < len(LONG.split()) / speech.duration_ms * 60_000 < 240


def test_a_voice_it_does_not_have_is_refused_by_name() -> None:
    with pytest.raises(EngineFailed, match=r"espeak\.voice_unknown voice='khong-co'"):
        said(name="khong-co")


def test_a_sentence_of_punctuation_alone_is_an_error() -> None:
    with pytest.raises(EngineFailed, match=r"espeak\.silent"):
        said(sentence="…")
