"""A stranger's Host header makes no link: not an invitation, not a code to scan, not a feed, not a line of the API."""

import pytest

from tests.unit.web.commune import Commune, csrf
from tests.unit.web.residents.test_pages import anybody, played

pytestmark = pytest.mark.integration
STRANGERS = (
    "evil.example",
    "localhost.evil.example",
    "localhost@evil.example",
    "127.0.0.1.evil.example",
    "evil.example:8080",
    "93.184.215.14",
    "localhost, evil.example",
    "localhost/evil.example",
    "localhost\tevil.example",
    "[2606:2800:21f:cb07::1]:8080",
)


@pytest.mark.parametrize("host", STRANGERS)
def test_a_foreign_host_gets_a_refusal_and_its_name_in_no_link(commune: Commune, host: str) -> None:
    broadcast = played(commune)
    for address in ("/xa", "/xa.atom", "/thon/lung-pang.atom", f"/tin/{broadcast}", "/login", "/health"):
        answer = anybody(commune).get(address, headers={"Host": host})
        assert answer.status_code == 400, address
        assert f"//{host}" not in answer.text
    sheets = commune.browser("quantri").get("/public-page/sheets", headers={"Host": host})
    assert sheets.status_code == 400
    stated = anybody(commune).get("/api/v1/public-page", headers={**commune.token("khach"), "Host": host})
    assert (stated.status_code, stated.json["code"]) == (400, "page.foreign_host")


def test_no_invitation_leads_to_a_stranger(commune: Commune) -> None:
    wanted = {
        "username": "moi",
        "full_name": "Người Mới",
        "unit_id": "con-minh",
        "roles": "viewer",
        "how": "invitation",
    }
    browser = commune.browser("quantri")
    wanted["csrf_token"] = csrf(browser.get("/people/new").text)
    answer = browser.post("/people", data=wanted, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    api = anybody(commune).post(
        "/api/v1/invitations", json={}, headers={**commune.token("quantri"), "Host": "evil.example"}
    )
    assert (api.status_code, api.json["code"]) == (400, "page.foreign_host")
    assert "Người Mới" not in commune.browser("quantri").get("/people").text


def test_the_proxys_word_for_the_host_is_not_a_strangers_to_give(commune: Commune) -> None:
    answer = anybody(commune).get("/xa.atom", headers={"X-Forwarded-Host": "evil.example"})
    assert "evil.example" not in answer.text
