"""A new station is set up in the browser by whoever can read a file on its machine, once."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from broadcaster import config as configuration
from broadcaster.config import Config
from broadcaster.station.database.engine import Database
from broadcaster.station.people import people
from broadcaster.station.upkeep import first_setup
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


def test_four_pages_make_a_station_that_is_encrypted(
    browser: FlaskClient, config: Config, database: Database, tmp_path: Path
) -> None:
    enter(browser, config)
    assert browser.post("/setup/step/commune", data=COMMUNE).status_code == 302
    wrong = browser.post("/setup/step/people", data={**PEOPLE, "approver_again": "x"})
    assert wrong.status_code == 422
    assert 'value="Nông Thị Hoa"' in wrong.get_data(as_text=True)
    assert browser.post("/setup/step/people", data=PEOPLE).status_code == 302
    (tmp_path / "stick").mkdir()
    sheet = browser.post("/setup/step/backups", data={"backups": str(tmp_path / "stick")}).get_data(as_text=True)
    assert "AGE-SECRET-KEY-1" in sheet
    printed = re.search(r"Mã kiểm tra: (\w{8})", sheet)
    assert printed
    assert browser.post("/setup/step/key", data={"code": "aaaaaaaa"}).status_code == 422
    assert browser.post("/setup/step/key", data={"code": printed[1]}).status_code == 302
    done = browser.post("/setup/step/address", data={"address": "10.8.0.1"}).get_data(as_text=True)
    assert "https://10.8.0.1:8080/" in done
    chosen = configuration.load(None, {"LOA_DATA_DIR": str(config.data_dir), "LOA_CONFIG": "/dev/null"})
    assert (chosen.broker.public_host, chosen.web.host) == ("10.8.0.1", "0.0.0.0")
    assert not (config.data_dir / "setup-code").exists()
    with database.reading() as s:
        assert {each.username for each in people.listing(s)} == {"hoa", "son"}


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
