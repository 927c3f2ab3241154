from pathlib import Path

import pytest

from broadcaster.errors import Invalid
from broadcaster.speech import Deadline, EngineUnavailable, Voice
from broadcaster.speech.engine import Engine
from broadcaster.speech.engines.piper import PiperEngine
from broadcaster.speech.engines.voice_files import add_voice, digest
from tests.doubles.engine_contract import SHORT, EngineContract
from tests.doubles.tiny_voice import write_tiny_voice

pytestmark = pytest.mark.integration


def with_voice(folder: Path, *, name: str = "vi_VN-tiny") -> PiperEngine:
    model = write_tiny_voice(folder / "downloads", name=name)
    add_voice(model, folder=folder / "voices", sha256=digest(model))
    return PiperEngine(folder / "voices")


class TestPiperEngine(EngineContract):
    @pytest.fixture
    def engine(self, tmp_path: Path) -> Engine:
        return with_voice(tmp_path)


def say(engine: PiperEngine, sentence: str = SHORT, *, name: str = "") -> bytes:
    voice = Voice("piper", name, "north")
    return engine.synthesize(sentence, voice=voice, deadline=Deadline.after(30)).samples.tobytes()


def test_words_that_differ_in_tone_alone_sound_different(tmp_path: Path) -> None:
    engine = with_voice(tmp_path)
    assert len({say(engine, word) for word in ("ma", "má", "mà", "mả", "mã", "mạ")}) == 6


def test_a_voice_without_tones_is_refused(tmp_path: Path) -> None:
    model = write_tiny_voice(tmp_path, tones=False)
    with pytest.raises(Invalid, match=r"voice\.no_tones"):
        add_voice(model, folder=tmp_path / "voices", sha256=digest(model))


def test_a_voice_asked_for_by_a_wrong_name_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match=r"piper\.voice_unknown voice='lan'"):
        say(with_voice(tmp_path), name="lan")


def test_a_voice_file_spoiled_on_disk_is_not_used(tmp_path: Path) -> None:
    engine = with_voice(tmp_path)
    model = tmp_path / "voices" / "vi_VN-tiny.onnx"
    model.write_bytes(model.read_bytes()[:-10])
    with pytest.raises(EngineUnavailable, match=r"voice\.file_broken"):
        say(engine)


def test_a_file_that_is_no_model_is_reported_and_not_fatal(tmp_path: Path) -> None:
    model = write_tiny_voice(tmp_path / "downloads")
    model.write_bytes(b"not a model at all")
    add_voice(model, folder=tmp_path / "voices", sha256=digest(model))
    with pytest.raises(EngineUnavailable, match=r"piper\.voice_not_loaded"):
        say(PiperEngine(tmp_path / "voices"))


def test_a_replaced_voice_is_another_version(tmp_path: Path) -> None:
    before = with_voice(tmp_path).version()
    assert with_voice(tmp_path, name="vi_VN-hai").version() != before
