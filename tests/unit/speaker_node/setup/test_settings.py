"""Bundle, settings file and command line."""

from pathlib import Path

import pytest

from broadcaster.protocol.codec import encode
from broadcaster.protocol.enrolment import BrokerAddress, NodeBundle
from speaker_node.command import _parser, settings_from
from speaker_node.errors import SettingsRefused
from speaker_node.setup.settings import LocalSettings
from speaker_node.sound.player.choose import choose_player

BUNDLE = NodeBundle(
    station="xa",
    node="loa-1",
    name="Thôn Bản Chang",
    station_key="ab" * 32,
    username="loa-1",
    password="mat-khau-ngau-nhien",
    broker=BrokerAddress(host="127.0.0.1", port=1883),
)


def _settings(folder: Path, *arguments: str, toml: str | None = None) -> LocalSettings:
    (folder / "bundle.json").write_bytes(encode(BUNDLE))
    if toml is not None:
        (folder / "node.toml").write_text(toml)
    return settings_from(
        _parser().parse_args(["--bundle", str(folder / "bundle.json"), "--data", str(folder), *arguments])
    )


def test_the_bundle_alone_is_enough(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    assert (settings.bundle, settings.sound, settings.trust_clock) == (BUNDLE, "alsa", False)
    assert settings.audience.key == bytes.fromhex("ab" * 32)


def test_the_file_overrides_and_the_command_line_overrides_the_file(tmp_path: Path) -> None:
    settings = _settings(tmp_path, "--volume", "40", toml='volume_percent = 70\nsound = "file"\n')
    assert (settings.volume_percent, settings.sound) == (40, "file")


@pytest.mark.parametrize(
    ("toml", "complaint"),
    [
        ("am_luong = 3", "Không có mục cài đặt tên am_luong"),
        ('volume_percent = "to"', "volume_percent phải có kiểu int"),
        ("volume_percent = 101", "volume_percent phải từ 0 đến 100"),
        ("trust_clock = 1", "trust_clock phải có kiểu bool"),
        ("quota_mb = true", "quota_mb phải có kiểu int"),
        ("volume_percent =", "không đọc được"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, toml: str, complaint: str) -> None:
    with pytest.raises(SettingsRefused, match=complaint):
        _settings(tmp_path, toml=toml)


def test_a_missing_or_damaged_bundle_says_what_to_do(tmp_path: Path) -> None:
    arguments = _parser().parse_args(["--bundle", str(tmp_path / "none"), "--data", str(tmp_path)])
    with pytest.raises(SettingsRefused, match="Không đọc được"):
        settings_from(arguments)
    (tmp_path / "none").write_text("{}")
    with pytest.raises(SettingsRefused, match="Hãy xin tệp mới từ đài"):
        settings_from(arguments)


def test_the_setting_sound_names_the_player(tmp_path: Path) -> None:
    assert choose_player(_settings(tmp_path, "--sound", "file")).name == "file"
    assert choose_player(_settings(tmp_path, "--sound", "alsa")).name == "alsa:default"
    assert choose_player(_settings(tmp_path, "--sound", "alsa:plughw:1,0")).name == "alsa:plughw:1,0"
    with pytest.raises(SettingsRefused, match="Hãy dùng alsa"):
        choose_player(_settings(tmp_path, "--sound", "radio"))
