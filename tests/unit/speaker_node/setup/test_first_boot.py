"""A card becomes a node by one file that somebody wrote on any computer."""

import configparser
import stat
from pathlib import Path

import pytest

from speaker_node.command import main
from speaker_node.errors import SettingsRefused
from speaker_node.setup import first_boot
from speaker_node.setup.first_boot import FirstBoot

CODE = "192.168.1.5:18831/abcdefghijklmnopqrstuvwxyz/abcdefghijklmnop"
SAMPLE = Path(__file__).parents[4] / "deploy" / "image" / "loa-mau.txt"


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "loa.txt"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_it_is_read_whatever_editor_wrote_it(tmp_path: Path, encoding: str, end: str) -> None:
    text = end.join(
        ["# ghi chú", "", f"Code = {CODE}", "WIFI: Nhà văn hóa", 'wifi_password = " mat khau "', "apn=v-internet"]
    )
    wanted = first_boot.read(written(tmp_path, text, encoding))
    assert wanted == FirstBoot(CODE, wifi="Nhà văn hóa", wifi_password=" mat khau ", apn="v-internet")


def test_the_sample_wants_nothing_but_the_code(tmp_path: Path) -> None:
    text = SAMPLE.read_text("utf-8")
    with pytest.raises(SettingsRefused) as refusal:
        first_boot.read(written(tmp_path, text))
    assert refusal.value.code == "first_boot.no_code"
    assert first_boot.read(written(tmp_path, text.replace("code =", f"code = {CODE}"))) == FirstBoot(CODE)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("what is this", "first_boot.line_wrong"),
        ("hostname = x", "first_boot.line_wrong"),
        ("wifi = a\x07b", "first_boot.line_wrong"),
        ("wifi_password = short", "first_boot.wifi_password_length"),
        ("wifi_password = " + "x" * 64, "first_boot.wifi_password_length"),
        ("wifi = " + "ă" * 17, "first_boot.wifi_too_long"),
        ("country = Vietnam", "first_boot.country_wrong"),
    ],
)
def test_a_line_that_is_wrong_is_said(tmp_path: Path, line: str, code: str) -> None:
    with pytest.raises(SettingsRefused) as refusal:
        first_boot.read(written(tmp_path, f"code = {CODE}\n{line}\n"))
    assert refusal.value.code == code


def test_the_networks_are_private_and_nothing_typed_becomes_another_setting(tmp_path: Path) -> None:
    wanted = FirstBoot(
        CODE, wifi="a;b\\c", wifi_password=" p\\a=ss]word", apn="v-internet", apn_user="u", apn_password="p"
    )
    asked: list[str] = []
    first_boot.connect(wanted, tmp_path / "nm", run=lambda command: asked.append(" ".join(command)))
    first_boot.connect(wanted, tmp_path / "nm", run=lambda command: asked.append(" ".join(command)))
    assert asked[:3] == ["iw reg set VN", "rfkill unblock wifi", "nmcli connection reload"]
    files = {path.name: path for path in (tmp_path / "nm").iterdir()}
    assert sorted(files) == ["loa-mobile.nmconnection", "loa-wifi.nmconnection"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files.values()} == {0o600}
    wifi = configparser.RawConfigParser(delimiters="=", comment_prefixes=("#",))
    wifi.read(files["loa-wifi.nmconnection"], "utf-8")
    assert wifi["wifi"]["ssid"] == "97;59;98;92;99;"
    assert wifi["wifi-security"]["psk"] == "\\sp\\\\a=ss]word"


def test_a_cable_needs_nothing(tmp_path: Path) -> None:
    asked: list[object] = []
    first_boot.connect(FirstBoot(CODE), tmp_path / "nm", run=asked.append)
    assert (asked, list((tmp_path / "nm").iterdir())) == ([], [])


def test_code_and_passwords_leave_the_file_and_the_rest_stays(tmp_path: Path) -> None:
    path = written(tmp_path, f"code = {CODE}\r\nwifi = Nhà\r\nWifi_password = mat-khau-dai\r\napn_password=abc\r\n")
    first_boot.forget(path)
    text = path.read_text("utf-8")
    assert not any(secret in text for secret in (CODE, "mat-khau-dai", "abc"))
    assert "wifi = Nhà" in text
    first_boot.forget(path)


def test_a_station_that_is_not_reached_is_tried_again_with_everything_still_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_boot, "run_quietly", lambda _command: None)
    path = written(tmp_path, "code = 127.0.0.1:1/" + "a" * 26 + "/" + "a" * 16)
    arguments = ["--file", str(path), "--bundle", str(tmp_path / "bundle.json"), "--connections", str(tmp_path / "nm")]
    assert main(["first-boot", *arguments]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert "127.0.0.1" in path.read_text()
    assert not (tmp_path / "bundle.json").exists()
    (tmp_path / "bundle.json").write_text("{}")  # the power went between the two steps
    assert main(["first-boot", *arguments]) == 0
    assert "127.0.0.1" not in path.read_text()
