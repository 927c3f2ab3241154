"""Several stations behind one HTTPS address, each below a path of its own."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from broadcaster.config import Config
from broadcaster.station.database.engine import Database
from web.app import create_app

PREFIX = "/con-minh"
THROUGH_PROXY = {"X-Forwarded-Prefix": PREFIX, "X-Forwarded-For": "203.0.113.5"}


@contextmanager
def console(data_dir: Path, *, proxies: int) -> Iterator[FlaskClient]:
    config = Config(data_dir=data_dir)
    database = Database(config.database_url)
    web = replace(config.web, path_prefix=PREFIX, trusted_proxies=proxies)
    app = create_app(replace(config, web=web), database)
    yield app.test_client()
    app.extensions["loa"].watcher.stop()
    database.dispose()


@pytest.fixture
def data_dir(seeded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(seeded, tmp_path / "data"))


@pytest.fixture
def client(data_dir: Path) -> Iterator[FlaskClient]:
    with console(data_dir, proxies=1) as made:
        yield made


@pytest.mark.long
def test_links_static_files_redirects_and_cookies_begin_with_the_prefix(client: FlaskClient) -> None:
    asked = client.get("/", headers=THROUGH_PROXY)
    assert asked.location.startswith(f"{PREFIX}/")
    assert f"next={PREFIX}/" in asked.location
    page = client.get("/login", headers=THROUGH_PROXY)
    assert f'href="{PREFIX}/static/' in page.text
    assert 'href="/static/' not in page.text
    cookies = page.headers.getlist("Set-Cookie")
    assert cookies
    assert all(f"Path={PREFIX}" in each for each in cookies)


@pytest.mark.parametrize("prefix", ["/elsewhere", "//evil.example", f"{PREFIX}, /elsewhere", ""])
@pytest.mark.long
def test_no_other_prefix_is_believed(client: FlaskClient, prefix: str) -> None:
    page = client.get("/login", headers={"X-Forwarded-Prefix": prefix})
    assert 'href="/static/' in page.text


@pytest.mark.long
def test_without_a_trusted_proxy_none_is(data_dir: Path) -> None:
    with console(data_dir, proxies=0) as client:
        assert 'href="/static/' in client.get("/login", headers=THROUGH_PROXY).text
