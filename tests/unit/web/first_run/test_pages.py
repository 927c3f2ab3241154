"""A new station is set up in the browser by whoever can read a file on its machine, once."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from broadcaster import config as configuration
from broadcaster.certificates import server_certificate
from broadcaster.certificates.listeners import require_encrypted
from broadcaster.config import Config
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.notices.sealing import Sealer
from broadcaster.station.people import people
from broadcaster.station.schema import Notice, NoticeChannel
from broadcaster.station.upkeep import first_setup
from broadcaster.station.vocabulary.notices import NoticeKind
from tests.rig.commune import NOW
from tests.unit.web.commune import Commune
from web.app import create_app
from web.first_run import code

pytestmark = pytest.mark.integration
COMMUNE = {"commune": "Côn Minh", "hamlets": "Lủng Pảng, Lủng Vai"}
PASSWORD = "bốn từ ghép lại dài"
PEOPLE = {
    "administrator": "Nông Thị Hoa",
    "administrator_login": "hoa",
    "administrator_password": PASSWORD,
    "administrator_again": PASSWORD,
    "approver": "Hoàng Văn Sơn",
    "approver_login": "son",
    "approver_password": PASSWORD + " nữa",
    "approver_again": PASSWORD + " nữa",
}


@pytest.fixture
def config(tmp_path: Path, bare: Path) -> Config:
    (tmp_path / "data").mkdir()
    shutil.copy(bare, tmp_path / "data" / "loa.db")
    return Config(data_dir=tmp_path / "data")


@pytest.fixture
def database(config: Config) -> Iterator[Database]:
    opened = Database(config.database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def browser(config: Config, database: Database) -> Iterator[FlaskClient]:
    app = create_app(config, database)
    app.config["WTF_CSRF_ENABLED"] = False
    app.config["RATELIMIT_ENABLED"] = False
    yield app.test_client()
    app.extensions["loa"].watcher.stop()


def enter(browser: FlaskClient, config: Config) -> None:
    browser.get("/setup")
    typed = code.path(config.data_dir).read_text()
    assert browser.post("/setup/code", data={"code": typed.upper()}).status_code == 302


def test_nobody_is_asked_to_sign_in_where_nobody_can(browser: FlaskClient, config: Config) -> None:
    assert browser.get("/login").location.endswith("/setup")
    page = browser.get("/setup").get_data(as_text=True)
    assert str(config.data_dir / "setup-code") in page
    assert (config.data_dir / "setup-code").stat().st_mode & 0o077 == 0


def test_without_the_code_nothing_is_set_up(browser: FlaskClient, database: Database) -> None:
    assert browser.post("/setup/code", data={"code": "abcdefghjk"}).status_code == 422
    browser.post("/setup/step/commune", data=COMMUNE)
    browser.post("/setup/step/people", data=PEOPLE)
    with database.reading() as s:
        assert first_setup.state(s).next is first_setup.SetupStep.COMMUNE
        assert people.count(s) == 0


def channel_row(database: Database) -> NoticeChannel:
    with database.reading() as s:
        return s.scalars(select(NoticeChannel)).unique().one()


def chosen_settings(config: Config) -> Config:
    return configuration.load(None, {"LOA_DATA_DIR": str(config.data_dir), "LOA_CONFIG": "/dev/null"})


def with_people(browser: FlaskClient, config: Config) -> None:
    enter(browser, config)
    browser.post("/setup/step/commune", data=COMMUNE)
    browser.post("/setup/step/people", data=PEOPLE)


def refused_beside(browser: FlaskClient, step: str, field: str, **typed: str) -> str:
    """The page, which says what is wrong beside this field."""
    answer = browser.post(f"/setup/step/{step}", data=typed)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, f'id="wrong-{field}"' in page) == (422, True), typed
    return page


def test_the_pages_make_a_station_that_is_encrypted(
    browser: FlaskClient, config: Config, database: Database, tmp_path: Path
) -> None:
    enter(browser, config)
    assert browser.post("/setup/step/commune", data=COMMUNE).status_code == 302
    wrong = browser.post("/setup/step/people", data={**PEOPLE, "approver_again": "x"})
    assert wrong.status_code == 422
    assert 'value="Nông Thị Hoa"' in wrong.get_data(as_text=True)
    assert browser.post("/setup/step/people", data=PEOPLE).status_code == 302
    assert "Gọi qua" in browser.get("/setup").get_data(as_text=True)
    assert browser.post("/setup/step/notices", data={"approver_kind": "ntfy"}).status_code == 302
    (tmp_path / "stick").mkdir()
    sheet = browser.post("/setup/step/backups", data={"backups": str(tmp_path / "stick")}).get_data(as_text=True)
    assert "AGE-SECRET-KEY-1" in sheet
    printed = re.search(r"Mã kiểm tra: (\w{8})", sheet)
    assert printed
    assert browser.post("/setup/step/key", data={"code": "aaaaaaaa"}).status_code == 422
    assert browser.post("/setup/step/key", data={"code": printed[1]}).status_code == 302
    assert "chứng chỉ gốc của đài" in browser.get("/setup").get_data(as_text=True)
    assert browser.get("/setup/authority").data.startswith(b"-----BEGIN CERTIFICATE-----")
    assert browser.post("/setup/step/certificates", data={"kind": "own"}).status_code == 302
    done = browser.post("/setup/step/address", data={"address": "10.8.0.1"}).get_data(as_text=True)
    assert "https://10.8.0.1:8080/" in done
    assert "loa certificates export" in done
    chosen = chosen_settings(config)
    assert (chosen.broker.public_host, chosen.web.host) == ("10.8.0.1", "0.0.0.0")
    assert not (config.data_dir / "setup-code").exists()
    with database.reading() as s:
        assert {each.username for each in people.listing(s)} == {"hoa", "son"}


def test_the_first_two_are_called_where_they_choose_and_each_channel_is_tried(
    browser: FlaskClient, config: Config, database: Database
) -> None:
    with_people(browser, config)
    refused_beside(browser, "notices", "approver_target", approver_kind="ntfy", approver_target="ntfy.sh/chu-de")
    refused_beside(browser, "notices", "approver_kind", approver_kind="telegram", approver_target="12")
    asked = {"approver_kind": "ntfy", "approver_target": "https://ntfy.sh/chu-de-kho-doan"}
    assert browser.post("/setup/step/notices", data=asked).status_code == 302
    row = channel_row(database)
    page = browser.get("/setup").get_data(as_text=True)
    assert ("Hoàng Văn Sơn" in page, "chu-de-kho-doan" in page) == (True, False)
    identity = StationIdentity.load_or_create(config.data_dir.absolute(), config.station.id)
    right = Sealer(identity.seed).open(row.code_sealed or "")
    typed = {"channel": row.id, "code": "111111" if right != "111111" else "222222"}
    refused_beside(browser, "pairing", "code", **typed)
    assert channel_row(database).code_tries == 1
    assert browser.post("/setup/step/pairing", data={**typed, "code": right}).status_code == 302
    assert channel_row(database).paired_at is not None
    assert browser.post("/setup/step/again", data={"channel": row.id}).status_code == 302
    with database.reading() as s:
        assert set(s.scalars(select(Notice.kind))) == {NoticeKind.PAIRING, NoticeKind.TEST}
    assert browser.post("/setup/step/called").status_code == 302
    assert "Nơi sao lưu" in browser.get("/setup").get_data(as_text=True)
    browser.post("/setup/step/address", data={"address": "10.8.0.1"})
    assert channel_row(database).base_url == "https://10.8.0.1:8080/"


def test_mail_of_the_commune_is_set_up_with_it_and_what_cannot_be_used_is_refused(
    browser: FlaskClient, config: Config, database: Database
) -> None:
    with_people(browser, config)
    mail = {"administrator_kind": "email", "administrator_target": "hoa@conminh.vn"}
    refused_beside(browser, "notices", "administrator_kind", **mail)
    mail |= {"smtp_host": "smtp.conminh.vn", "smtp_from": "loa@conminh.vn", "smtp_password": "khong-ai-biet"}
    for name, odd in (("smtp_port", "x"), ("smtp_port", "70000"), ("smtp_host", "a/b"), ("zalo_bot_token", "no token")):
        assert "khong-ai-biet" not in refused_beside(browser, "notices", name, **mail | {name: odd})
    assert browser.post("/setup/step/notices", data={**mail, "smtp_port": "465"}).status_code == 302
    chosen = chosen_settings(config).notices
    assert (chosen.smtp_host, chosen.smtp_port, chosen.smtp_security) == ("smtp.conminh.vn", 465, "ssl")
    assert "email" in chosen.offered
    assert (config.data_dir / "settings.yaml").stat().st_mode & 0o077 == 0
    assert browser.post("/setup/step/unwanted", data={"channel": channel_row(database).id}).status_code == 302
    assert "Gọi qua" in browser.get("/setup").get_data(as_text=True)


def test_a_server_in_front_keeps_the_console_on_this_machine(browser: FlaskClient, config: Config) -> None:
    with_people(browser, config)
    for url in ("http://loa.conminh.vn", "loa.conminh.vn", "https://a b", "https://a/b/c"):
        answer = browser.post("/setup/step/certificates", data={"kind": "server", "public_url": url})
        assert answer.status_code == 422
    sent = {"kind": "server", "public_url": "https://loa.conminh.vn"}
    browser.post("/setup/step/notices")
    browser.post("/setup/step/backups")
    refused_beside(browser, "certificates", "public_url", kind="server", public_url="loa.conminh.vn")
    assert browser.post("/setup/step/certificates", data=sent).status_code == 302
    done = browser.post("/setup/step/address", data={"address": "10.8.0.1"}).get_data(as_text=True)
    assert 'href="https://loa.conminh.vn/"' in done
    chosen = chosen_settings(config)
    assert (chosen.web.host, chosen.web.secure_cookies, chosen.web.trusted_proxies) == ("127.0.0.1", True, 1)
    assert (chosen.broker.host, chosen.broker.public_host) == ("0.0.0.0", "10.8.0.1")
    require_encrypted(chosen)


def test_a_pair_of_files_is_tried_before_it_is_chosen(browser: FlaskClient, config: Config, tmp_path: Path) -> None:
    with_people(browser, config)
    pair = server_certificate.keep(Config(data_dir=tmp_path / "other"), now_at=NOW)
    for certificate, key in (("", ""), (str(pair), ""), (str(pair), str(tmp_path / "none")), ("/dev/null", str(pair))):
        sent = {"kind": "files", "tls.certificate": certificate, "tls.key": key}
        assert browser.post("/setup/step/certificates", data=sent).status_code == 422
    sent = {"kind": "files", "tls.certificate": str(pair), "tls.key": str(pair)}
    assert browser.post("/setup/step/certificates", data=sent).status_code == 302
    browser.post("/setup/step/address", data={"address": "10.8.0.1"})
    chosen = chosen_settings(config)
    assert (chosen.tls.certificate, chosen.tls.key, chosen.web.host) == (str(pair), str(pair), "0.0.0.0")


def test_it_goes_on_where_the_terminal_left_it(browser: FlaskClient, config: Config, database: Database) -> None:
    with database.session() as s:
        first_setup.name_commune(s, name="Côn Minh", now_at=NOW)
    enter(browser, config)
    assert 'name="approver_password"' in browser.get("/setup").get_data(as_text=True)


def test_a_station_that_works_has_no_such_page(commune: Commune) -> None:
    browser = commune.app.test_client()
    assert browser.get("/setup").status_code == 409
    assert browser.get("/login").status_code == 200
    assert browser.post("/setup/code", data={"code": "x"}).status_code in (400, 409)
