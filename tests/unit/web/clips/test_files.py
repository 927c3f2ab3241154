"""A clip as a file: Ogg for who plays it, M4A for who does not."""

import pytest
from flask.testing import FlaskClient

from broadcaster.station.announcements import announcements
from tests.unit.web.commune import Commune

pytestmark = pytest.mark.integration


@pytest.fixture
def sha256(commune: Commune) -> str:
    made = commune.write()
    commune.make_clips()
    with commune.database.reading() as s:
        return announcements.get(s, made).clip_sha256 or ""


def copy(commune: Commune, sha256: str) -> bytes:
    content = b"\0\0\0\x1cftypM4A " + bytes(5_000)
    (commune.clips_dir / f"{sha256}.m4a").write_bytes(content)
    return content


@pytest.fixture(params=["/clips", "/api/v1/clips"])
def place(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def client(commune: Commune, place: str) -> FlaskClient:
    if place == "/clips":
        return commune.browser()
    client = commune.app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = commune.token()["Authorization"]
    return client


def test_both_forms_are_served_in_ranges(commune: Commune, client: FlaskClient, place: str, sha256: str) -> None:
    content = copy(commune, sha256)
    whole = client.get(f"{place}/{sha256}.m4a", buffered=True)
    assert (whole.status_code, whole.mimetype, whole.data) == (200, "audio/mp4", content)
    assert "immutable" in whole.headers["Cache-Control"]
    assert "private" in whole.headers["Cache-Control"]
    part = client.get(f"{place}/{sha256}.m4a", headers={"Range": "bytes=0-1"}, buffered=True)
    assert (part.status_code, part.data) == (206, content[:2])
    assert part.headers["Content-Range"] == f"bytes 0-1/{len(content)}"
    last = client.get(f"{place}/{sha256}.m4a", headers={"Range": "bytes=-4"}, buffered=True)
    assert (last.status_code, len(last.data)) == (206, 4)
    assert client.get(f"{place}/{sha256}.m4a", headers={"Range": "bytes=99999-"}).status_code == 416
    assert client.get(f"{place}/{sha256}.ogg", buffered=True).mimetype == "audio/ogg"


def test_a_copy_that_is_being_made_is_not_there_yet(client: FlaskClient, place: str, sha256: str) -> None:
    early = client.get(f"{place}/{sha256}.m4a")
    assert early.status_code == 503
    assert "đang được tạo" in ((early.json or {}).get("message") or early.text)


def test_what_was_never_made_is_not_found(client: FlaskClient, place: str) -> None:
    assert client.get(f"{place}/{'0' * 64}.m4a").status_code == 404


def test_nobody_hears_a_clip_without_signing_in(commune: Commune, sha256: str) -> None:
    copy(commune, sha256)
    stranger = commune.app.test_client()
    assert stranger.get(f"/clips/{sha256}.m4a").status_code in (302, 401)
    assert stranger.get(f"/api/v1/clips/{sha256}.m4a").status_code == 401


def test_every_page_with_a_clip_offers_both(commune: Commune) -> None:
    made = commune.write()
    commune.make_clips()
    page = commune.browser().get(f"/announcements/{made}/sound").text
    assert page.index('type="audio/ogg; codecs=opus"') < page.index('type="audio/mp4"')
    assert 'download="loa-lang.m4a"' in page
    stated = commune.app.test_client().get(f"/api/v1/announcements/{made}", headers=commune.token()).json
    assert stated["clip"]["m4a_url"] == stated["clip"]["url"].replace(".ogg", ".m4a")
    assert stated["clip"]["recorded"] is None
