import json
from pathlib import Path

import pytest

from broadcaster.errors import Invalid, Unavailable
from broadcaster.speech.engines.voice_files import TONE_DIGITS, add_voice, digest, voice_files

SOUND_CONFIG = {"espeak": {"voice": "vi"}, "phoneme_id_map": {digit: [1] for digit in TONE_DIGITS}}


def voice_at(folder: Path, config: object, *, name: str = "vi_VN-thu") -> Path:
    model = folder / f"{name}.onnx"
    model.write_bytes(b"model " + name.encode())
    Path(f"{model}.json").write_text(config if isinstance(config, str) else json.dumps(config))
    return model


def test_a_voice_with_its_publishers_digest_is_taken_in(tmp_path: Path) -> None:
    model = voice_at(tmp_path, SOUND_CONFIG)
    added = add_voice(model, folder=tmp_path / "voices", sha256=digest(model).upper())
    assert voice_files(tmp_path / "voices") == [added]
    assert added.model.read_bytes() == model.read_bytes()
    added.check()


def test_a_voice_whose_file_changed_on_disk_is_noticed(tmp_path: Path) -> None:
    model = voice_at(tmp_path, SOUND_CONFIG)
    added = add_voice(model, folder=tmp_path / "voices", sha256=digest(model))
    added.model.write_bytes(b"flipped")
    with pytest.raises(Unavailable, match=r"voice\.file_broken"):
        added.check()


def test_a_wrong_digest_is_refused_with_both_figures(tmp_path: Path) -> None:
    model = voice_at(tmp_path, SOUND_CONFIG)
    with pytest.raises(Invalid, match=r"voice\.digest_wrong"):
        add_voice(model, folder=tmp_path / "voices", sha256="0" * 64)
    assert voice_files(tmp_path / "voices") == []


def test_the_known_voice_is_checked_against_what_its_publisher_states(tmp_path: Path) -> None:
    model = voice_at(tmp_path, SOUND_CONFIG, name="vi_VN-vais1000-medium")
    with pytest.raises(Invalid, match=r"voice\.digest_wrong"):
        add_voice(model, folder=tmp_path / "voices")


def test_an_unknown_voice_needs_a_stated_digest(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"voice\.digest_unknown"):
        add_voice(voice_at(tmp_path, SOUND_CONFIG), folder=tmp_path / "voices")


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ({**SOUND_CONFIG, "phoneme_id_map": {"a": [1], "1": [2]}}, r"voice\.no_tones"),
        ({**SOUND_CONFIG, "espeak": {"voice": "en-us"}}, r"voice\.not_vietnamese"),
        ({"espeak": {"voice": "vi"}}, r"voice\.config_foreign"),
        ([], r"voice\.file_foreign"),
        ("{", r"voice\.file_unreadable"),
    ],
)
def test_a_voice_that_cannot_speak_vietnamese_is_refused_with_the_reason(
    tmp_path: Path, config: object, reason: str
) -> None:
    model = voice_at(tmp_path, config)
    with pytest.raises(Invalid, match=reason):
        add_voice(model, folder=tmp_path / "voices", sha256=digest(model))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"voice\.file_missing"):
        add_voice(tmp_path / "khong.onnx", folder=tmp_path)
    lonely = tmp_path / "mot.onnx"
    lonely.write_bytes(b"model")
    with pytest.raises(Invalid, match=r"voice\.companion_missing"):
        add_voice(lonely, folder=tmp_path)
