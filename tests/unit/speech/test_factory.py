from pathlib import Path

from broadcaster.speech import SpeechSettings
from broadcaster.speech.engine import Engine
from broadcaster.speech.factory import build_chain


def test_the_chain_holds_the_engines_of_the_settings_in_their_order(tmp_path: Path) -> None:
    settings = SpeechSettings(engines=("espeak", "piper", "gtts"))
    chain = build_chain(settings, cache_dir=tmp_path / "c", voices_dir=tmp_path / "v")
    assert [engine.name for engine in chain.engines] == ["espeak", "piper", "gtts"]
    assert all(isinstance(engine, Engine) for engine in chain.engines)


def test_piper_without_a_voice_file_says_what_to_do(tmp_path: Path) -> None:
    chain = build_chain(SpeechSettings(), cache_dir=tmp_path / "c", voices_dir=tmp_path / "v")
    assert str(chain.why_not("piper")).startswith("piper.")
