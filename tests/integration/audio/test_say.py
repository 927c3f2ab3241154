"""``loa say`` and ``loa voices`` as a person runs them, each in a process of its own; only refusals share this one."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile

from broadcaster.speech.engines.voice_files import digest
from loa import commands
from tests.doubles.google_tts import google_tts
from tests.doubles.tiny_voice import write_tiny_voice

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[3]
TEXT = "Mời bà con 8h00 ngày 2/9 ra nhà văn hóa họp."


def loa(folder: Path, *arguments: object, stdin: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LOA_DATA_DIR": str(folder / "var"), "LOA_SPEECH__ENGINES": "[espeak]"}
    environment.pop("LOA_CONFIG", None)
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "loa", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=ROOT,
        env={**environment, **{f"LOA_{name}": value for name, value in settings.items()}},
    )


@pytest.mark.parametrize(("name", "kind"), [("tin.ogg", "OPUS"), ("tin.opus", "OPUS"), ("tin.wav", "PCM_16")])
def test_a_text_becomes_a_finished_clip(tmp_path: Path, name: str, kind: str) -> None:
    done = loa(tmp_path, "say", TEXT, "-o", tmp_path / name, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    stated = json.loads(done.stdout)
    content = (tmp_path / name).read_bytes()
    assert stated["engine"] == "espeak"
    assert stated["bytes"] == len(content)
    assert stated["sha256"] == hashlib.sha256(content).hexdigest()
    info = soundfile.info(tmp_path / name)
    assert info.subtype == kind
    assert stated["seconds"] == pytest.approx(info.frames / info.samplerate, abs=0.01)
    assert "mùng hai tháng chín" in stated["script"] or "hai tháng chín" in stated["script"]


def test_the_text_may_come_from_standard_input(tmp_path: Path) -> None:
    done = loa(tmp_path, "say", "-", "-o", tmp_path / "tin.ogg", stdin=TEXT)
    assert done.returncode == 0
    assert "espeak" in done.stdout


def test_what_is_doubtful_is_stated(tmp_path: Path) -> None:
    text = "Họp BCM thôn; moi ba con den dong du."
    doubts = json.loads(loa(tmp_path, "say", text, "-o", tmp_path / "tin.ogg", "--json").stdout)["doubts"]
    assert [(doubt["written"], doubt["kind"]) for doubt in doubts] == [
        ("BCM", "unknown_acronym"),
        ("moi ba con den dong du.", "missing_marks"),
    ]
    assert all(text[doubt["start"] : doubt["end"]] == doubt["written"] for doubt in doubts)
    assert all(doubt["reason"] for doubt in doubts)
    assert doubts[1]["suggestion"].startswith("mời bà con")


def test_a_second_time_every_sentence_is_known(tmp_path: Path) -> None:
    for known in (0, 1):
        done = loa(tmp_path, "say", TEXT, "-o", tmp_path / "tin.ogg", "--json")
        assert json.loads(done.stdout)["sentences_from_cache"] == known


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The text said without any choice."""
    folder = tmp_path_factory.mktemp("plain")
    assert loa(folder, "say", TEXT, "-o", folder / "mot.ogg").returncode == 0
    return (folder / "mot.ogg").read_bytes()


@pytest.mark.parametrize("flag", [("--rate", "70"), ("--repeats", "2"), ("--chime", "emergency"), ("--horn", "strong")])
def test_every_choice_changes_the_sound(tmp_path: Path, plain: bytes, flag: tuple[str, str]) -> None:
    assert loa(tmp_path, "say", TEXT, "-o", tmp_path / "hai.ogg", *flag).returncode == 0
    assert (tmp_path / "hai.ogg").read_bytes() != plain


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("", "-o", "tin.ogg"), "Văn bản đọc đang trống"),
        (("  😀 ", "-o", "tin.ogg"), "Văn bản đọc đang trống"),
        ((TEXT, "-o", "tin.flac"), "đuôi .ogg hoặc .wav"),
        ((TEXT, "-o", "khong/co/tin.ogg"), "Không ghi được tệp"),
        ((TEXT, "-o", "tin.ogg", "--rate", "900"), "Tốc độ đọc phải từ 50 đến 200"),
        ((TEXT, "-o", "tin.ogg", "--chime", "coi"), "Không có nhạc hiệu"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_code_1(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    sentence: str,
) -> None:
    monkeypatch.delenv("LOA_CONFIG", raising=False)
    monkeypatch.setenv("LOA_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("LOA_SPEECH__ENGINES", "[espeak]")
    text, option, name, *rest = arguments
    assert commands.main(["say", text, option, str(tmp_path / name), *rest]) == 1
    said = capsys.readouterr().err
    assert sentence in said
    assert len(said.splitlines()) == 1
    assert not (tmp_path / name).exists()


def test_a_fallback_is_told(tmp_path: Path) -> None:
    settings = {"SPEECH__ENGINES": "[gtts, espeak]", "SPEECH__GTTS_ENDPOINT": "http://127.0.0.1:9"}
    done = loa(tmp_path, "say", TEXT, "-o", tmp_path / "tin.ogg", "--json", **settings)
    stated = json.loads(done.stdout)
    assert stated["engine"] == "espeak"
    assert "không liên lạc được" in stated["fallback_reason"]


def test_the_online_voice_speaks_when_it_can_be_reached(tmp_path: Path) -> None:
    with google_tts() as google:
        settings = {"SPEECH__ENGINES": "[gtts, espeak]", "SPEECH__GTTS_ENDPOINT": google.url}
        done = loa(tmp_path, "say", TEXT, "-o", tmp_path / "tin.ogg", "--json", **settings)
        assert json.loads(done.stdout)["engine"] == "gtts"
        assert not any(character.isdigit() for character in " ".join(google.heard))


def test_a_piper_voice_is_added_listed_and_speaks(tmp_path: Path) -> None:
    model = write_tiny_voice(tmp_path / "downloads")
    refused = loa(tmp_path, "voices", "add", model)
    assert refused.returncode == 1
    assert digest(model) in refused.stderr
    assert loa(tmp_path, "voices", "add", model, "--sha256", digest(model)).returncode == 0
    assert "vi_VN-tiny" in loa(tmp_path, "voices", "list").stdout
    done = loa(tmp_path, "say", TEXT, "-o", tmp_path / "tin.ogg", "--json", SPEECH__ENGINES="[piper, espeak]")
    assert json.loads(done.stdout)["engine"] == "piper"


def test_a_toneless_voice_is_refused_with_the_reason(tmp_path: Path) -> None:
    model = write_tiny_voice(tmp_path / "downloads", tones=False)
    done = loa(tmp_path, "voices", "add", model, "--sha256", digest(model))
    assert done.returncode == 1
    assert "thiếu dấu thanh" in done.stderr
