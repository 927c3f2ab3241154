"""`loa setup`: a new station in one command, refused the second time, gone on with when it was broken off."""

import io
import os
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from broadcaster import config as configuration
from broadcaster.commands.installing import setup
from broadcaster.station.database.engine import Database
from broadcaster.station.people import people
from broadcaster.station.schema import NoticeChannel
from broadcaster.station.vocabulary.notices import ChannelKind

pytestmark = pytest.mark.integration
Output = pytest.CaptureFixture[str]
COMMUNE = ("--commune", "Côn Minh", "--hamlets", "Lủng Pảng, Lủng Vai")
PEOPLE = ("--administrator", "Nông Thị Hoa", "--approver", "Hoàng Văn Sơn")


@pytest.fixture(autouse=True)
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, bare: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(bare, folder / "loa.db")
    for name in [each for each in os.environ if each.startswith("LOA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LOA_DATA_DIR", str(folder))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    return folder


def test_one_command_makes_a_station_that_listens_encrypted(data: Path, tmp_path: Path, capsys: Output) -> None:
    place = tmp_path / "stick"
    place.mkdir()
    assert setup.main([*COMMUNE, *PEOPLE, "--backups", str(place), "--address", "10.8.0.1"]) == 0
    said = capsys.readouterr().out
    assert said.count("chỉ hiện một lần") == 2
    config = configuration.load()
    assert (config.broker.host, config.broker.public_host, config.web.host) == ("0.0.0.0", "10.8.0.1", "0.0.0.0")
    assert config.backup.places == (str(place),)
    assert (data / "certificates" / "authority.key").exists()
    assert setup.main([]) == 1
    assert "đã cài đặt xong" in capsys.readouterr().err


def test_an_answer_that_is_missing_breaks_it_off_and_the_next_time_goes_on(data: Path, capsys: Output) -> None:
    assert setup.main([*COMMUNE, "--administrator", "Nông Thị Hoa"]) == 1
    assert "Chạy lại “loa setup”" in capsys.readouterr().err
    assert setup.main([*PEOPLE, "--address", "127.0.0.1"]) == 0
    assert configuration.load().broker.host == "127.0.0.1"
    database = Database(f"sqlite:///{data}/loa.db")
    with database.reading() as s:
        assert {person.username for person in people.listing(s)} == {"quantri", "chutich"}
    database.dispose()


@pytest.mark.parametrize(
    ("option", "code"),
    [(("--backups", "stick"), "không phải nơi sao lưu"), (("--backups", "/no/such/folder"), "Không có thư mục")],
)
def test_a_place_that_is_none_is_refused(option: tuple[str, str], code: str, capsys: Output) -> None:
    assert setup.main([*COMMUNE, *PEOPLE, *option]) == 2
    assert code in capsys.readouterr().err
    assert not configuration.load().backup.places


@pytest.mark.parametrize("address", ["http://x", "a b", "máy chủ", "x/y"])
def test_an_address_that_is_none_is_refused(address: str, capsys: Output) -> None:
    assert setup.main([*COMMUNE, *PEOPLE, "--address", address]) == 2
    assert "không phải tên máy" in capsys.readouterr().err
    assert configuration.load().web.host == "127.0.0.1"


def test_channels_services_and_certificates_are_answered_on_the_command_line(data: Path, capsys: Output) -> None:
    mail = ("--mail-server", "smtp.conminh.vn:465", "--mail-from", "loa@conminh.vn")
    called = ("--administrator-notices", "email:hoa@conminh.vn", "--approver-notices", "ntfy:https://ntfy.sh/chu-de")
    certificates = ("--public-url", "https://loa.conminh.vn")
    assert setup.main([*COMMUNE, *PEOPLE, *mail, *called, *certificates, "--address", "10.8.0.1"]) == 0
    assert "Mã ghép đang được gửi" in capsys.readouterr().out
    config = configuration.load()
    assert (config.notices.smtp_host, config.notices.smtp_security) == ("smtp.conminh.vn", "ssl")
    assert (config.web.host, config.web.public_url) == ("127.0.0.1", "https://loa.conminh.vn")
    database = Database(f"sqlite:///{data}/loa.db")
    with database.reading() as s:
        rows = s.scalars(select(NoticeChannel).order_by(NoticeChannel.kind)).unique().all()
        assert [each.kind for each in rows] == [ChannelKind.EMAIL, ChannelKind.NTFY]
        assert {each.base_url for each in rows} == {"https://loa.conminh.vn/"}
    database.dispose()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--approver-notices", "email:a@b.vn"), "chưa mở kênh này"),
        (("--approver-notices", "ntfy:ntfy.sh"), "phải bắt đầu bằng"),
        (("--mail-server", "smtp.x:abc"), "smtp_port"),
        (("--zalo-bot", "no token"), "zalo_bot_token"),
        (("--public-url", "http://x"), "không phải địa chỉ công khai"),
        (("--certificate", "/dev/null"), "tls.key"),
    ],
)
def test_an_answer_that_cannot_be_used_is_refused_in_a_sentence(
    options: tuple[str, ...], said: str, capsys: Output
) -> None:
    assert setup.main([*COMMUNE, *PEOPLE, *options]) == 2
    assert said in capsys.readouterr().err
    assert not configuration.load().notices.smtp_host
