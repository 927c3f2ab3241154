"""The commune opens and closes its residents' pages, and tells their addresses."""

from tests.unit.web.commune import Commune, send
from tests.unit.web.residents.test_pages import anybody, played


def test_the_commune_closes_the_page_and_opens_it_again(commune: Commune) -> None:
    broadcast = played(commune)
    send(commune.browser("quantri"), "/public-page", {"on": "0"})
    commune.clock.move(seconds=6)
    for address in ("/xa", "/thon/lung-pang", "/xa.atom", f"/tin/{broadcast}", f"/tin/{broadcast}/0.ogg"):
        answer = anybody(commune).get(address)
        assert answer.status_code == 404
        assert "tạm đóng" in answer.text
    assert send(commune.browser("canbo"), "/public-page", {"on": "1"}).status_code == 403
    send(commune.browser("quantri"), "/public-page", {"on": "1"})
    commune.clock.move(seconds=6)
    assert "Họp thôn" in anybody(commune).get("/xa").text


def test_programs_find_the_addresses_and_close_the_page_too(commune: Commune) -> None:
    api = anybody(commune)
    stated = api.get("/api/v1/public-page", headers=commune.token("khach")).json
    assert stated["open"]
    assert stated["hamlets"]["lung-pang"] == "http://localhost/thon/lung-pang"
    refused = api.put("/api/v1/public-page", json={"open": False}, headers=commune.token("canbo"))
    assert refused.status_code == 403
    assert api.put("/api/v1/public-page", json={"open": False}, headers=commune.token("quantri")).json["open"] is False
    assert api.get("/xa").status_code == 404


def test_sheets_for_the_nodes_carry_the_address_of_each_hamlet(commune: Commune) -> None:
    browser = commune.browser("khach")
    assert "/thon/lung-vai" in browser.get("/public-page").text
    page = browser.get("/public-page/sheets").text
    assert page.count('class="sheet"') == 4
    assert "http://localhost/thon/ban-cuon" in page
    one = browser.get("/public-page/sheets?unit=lung-vai").text
    assert one.count('class="sheet"') == 1
