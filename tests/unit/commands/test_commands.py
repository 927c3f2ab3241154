"""The commands of the terminal: what they print, what they keep, how they refuse."""

import io
import os
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadcaster.commands import backup, nodes, tokens, users
from broadcaster.commands.installing import releases
from broadcaster.delivery.enrolment import offers
from broadcaster.protocol import codec
from broadcaster.protocol.enrolment import EnrolmentCode, NodeBundle

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def _station(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, bare: Path) -> None:
    (tmp_path / "data").mkdir()
    shutil.copy(bare, tmp_path / "data" / "loa.db")
    for name in [each for each in os.environ if each.startswith("LOA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LOA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LOA_BROKER__PUBLIC_HOST", "10.0.0.7")
    monkeypatch.chdir(tmp_path)


Output = pytest.CaptureFixture[str]


def test_a_user_is_added_listed_and_disabled(capsys: Output) -> None:
    assert users.main(["add", "canbo", "--name", "Nông Thị Hoa", "--role", "officer"]) == 0
    assert re.search(r"Mật khẩu \(chỉ hiện một lần\): \S{19}", capsys.readouterr().out)
    assert users.main(["disable", "canbo"]) == 0
    assert users.main(["list"]) == 0
    assert re.search(r"canbo +Nông Thị Hoa +officer \(Xã của tôi\) +bị khóa", capsys.readouterr().out)


def test_who_lost_telephone_and_paper_is_let_in_by_password_alone(capsys: Output) -> None:
    users.main(["add", "canbo", "--role", "officer"])
    assert users.main(["one-factor", "canbo"]) == 0
    assert "chỉ bằng mật khẩu" in capsys.readouterr().out


def test_a_password_can_be_given_without_being_printed(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("mot-mat-khau-dai\n"))
    assert users.main(["add", "canbo", "--role", "officer", "--password-stdin"]) == 0
    assert "mật khẩu" not in capsys.readouterr().out.lower()


def test_a_token_is_printed_alone_once(capsys: Output) -> None:
    users.main(["add", "canbo", "--role", "officer"])
    capsys.readouterr()
    assert tokens.main(["add", "--user", "canbo", "--name", "máy tính"]) == 0
    token = capsys.readouterr().out
    assert re.fullmatch(r"loa_[A-Za-z0-9_-]{43}\n", token)
    tokens.main(["list"])
    listed = capsys.readouterr().out
    assert "máy tính" in listed
    assert token.strip() not in listed
    assert tokens.main(["revoke", listed.splitlines()[1].split()[0]]) == 0
    tokens.main(["list"])
    assert "đã thu hồi" in capsys.readouterr().out


def test_a_token_for_nobody_is_refused_with_a_way_out(capsys: Output) -> None:
    assert tokens.main(["add", "--user", "ai-do", "--name", "x"]) == 1
    assert "loa users list" in capsys.readouterr().err


def test_a_new_node_gets_a_private_bundle(tmp_path: Path, capsys: Output) -> None:
    users.main(["add", "canbo", "--role", "officer"])
    assert nodes.main(["add", "Lủng Pảng", "--unit", "Xã của tôi", "--weak"]) == 0
    path = tmp_path / "lung-pang.bundle.json"
    bundle = codec.decode(NodeBundle, path.read_bytes())
    assert (bundle.node, bundle.broker.host) == ("lung-pang", "10.0.0.7")
    assert path.stat().st_mode & 0o077 == 0
    nodes.main(["list"])
    assert "chưa kết nối" in capsys.readouterr().out


def test_a_new_node_gets_a_code_to_be_read_and_scanned_instead_of_a_file(tmp_path: Path, capsys: Output) -> None:
    users.main(["add", "canbo", "--role", "officer"])
    assert nodes.main(["add", "Lủng Pảng", "--unit", "xa-cua-toi", "--code"]) == 0
    said = capsys.readouterr().out
    found = re.search(r"loa node enrol (\S+) --output lung-pang.json", said)
    assert found
    code = EnrolmentCode.parse(found[1])
    assert (code.host, code.port) == ("10.0.0.7", 18831)
    assert "▀" in said
    assert not list(tmp_path.glob("*.json"))
    bundle = offers.take(tmp_path / "data" / "enrolment", code.secret, now_at=datetime.now(UTC))
    assert bundle
    assert codec.decode(NodeBundle, bundle).node == "lung-pang"


def test_a_station_without_a_console_gives_no_codes_and_adds_no_node(
    monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.setenv("LOA_ENROLMENT__PORT", "0")
    users.main(["add", "canbo", "--role", "officer"])
    assert nodes.main(["add", "Lủng Pảng", "--unit", "xa-cua-toi", "--code"]) == 1
    assert "không cấp mã" in capsys.readouterr().err
    nodes.main(["list"])
    assert "lung-pang" not in capsys.readouterr().out


def test_a_node_whose_bundle_cannot_be_written_is_not_added(tmp_path: Path, capsys: Output) -> None:
    users.main(["add", "canbo", "--role", "officer"])
    (tmp_path / "lung-pang.bundle.json").write_text("old")
    assert nodes.main(["add", "Lủng Pảng", "--unit", "xa-cua-toi"]) == 1
    assert "--force" in capsys.readouterr().err
    nodes.main(["list"])
    assert "lung-pang" not in capsys.readouterr().out


def test_a_node_in_an_unknown_place_is_refused_with_the_places_there_are(capsys: Output) -> None:
    users.main(["add", "canbo", "--role", "officer"])
    assert nodes.main(["add", "X", "--unit", "đâu đó"]) == 1
    assert "Các đơn vị hiện có: Xã của tôi" in capsys.readouterr().err


def test_a_replaced_card_gets_a_new_password(tmp_path: Path) -> None:
    users.main(["add", "canbo", "--role", "officer"])
    nodes.main(["add", "Lủng Pảng", "--unit", "xa-cua-toi"])
    path = tmp_path / "lung-pang.bundle.json"
    old = codec.decode(NodeBundle, path.read_bytes())
    assert nodes.main(["renew", "lung-pang", "--force"]) == 0
    assert codec.decode(NodeBundle, path.read_bytes()).password != old.password
    assert nodes.main(["revoke", "lung-pang"]) == 0
    assert nodes.main(["renew", "lung-pang", "--force"]) == 1


def test_backup_and_restore_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    users.main(["add", "canbo", "--role", "officer"])
    assert backup.backup(["x.loa"]) == 0
    assert backup.restore(["x.loa"]) == 1
    monkeypatch.setenv("LOA_DATA_DIR", str(tmp_path / "other"))
    assert backup.restore(["x.loa"]) == 0
    capsys.readouterr()
    users.main(["list"])
    assert "canbo" in capsys.readouterr().out


def test_a_misspelt_setting_is_named(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    monkeypatch.setenv("LOA_DATABASES__URL", "x")
    assert users.main(["list"]) == 2
    assert "databases" in capsys.readouterr().err


def test_a_release_is_uploaded_by_one_person_and_started_by_another(capsys: Output, tmp_path: Path) -> None:
    for name in ("kythuat", "quantri"):
        users.main(["add", name, "--role", "technician"])
    wheel = tmp_path / "loa_lang-0.3.0-py3-none-any.whl"
    wheel.write_bytes(b"PK")
    assert releases.main(["add", str(tmp_path / "khong-co.whl"), "--by", "kythuat"]) == 2
    assert releases.main(["add", str(wheel), "--by", "kythuat"]) == 0
    capsys.readouterr()
    assert releases.main(["start", "0.3.0", "--canary", "lung-pang", "--by", "kythuat"]) == 1
    assert "nhờ một người khác" in capsys.readouterr().err
    assert releases.main(["start", "0.3.0", "--canary", "lung-pang", "--by", "quantri"]) == 2
    assert releases.main(["withdraw", "0.3.0", "--by", "quantri"]) == 0
    releases.main(["list"])
    assert "0.3.0: đã rút" in capsys.readouterr().out
