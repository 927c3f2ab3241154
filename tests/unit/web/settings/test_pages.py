"""Cài đặt: one page, one administrator, every choice kept and shown again."""

import pytest

from broadcaster.station.rules import commune_rules
from tests.unit.web.commune import Commune, send

pytestmark = pytest.mark.integration
FILLED = {
    "station_name": "Đài truyền thanh Côn Minh",
    "contact_phone": "0209 3876 543",
    "quiet_from": ["22:00", ""],
    "quiet_to": ["04:45", ""],
    "default_volume_percent": "80",
    "default_cap_minutes": "30",
    "monthly_megabytes": "300",
    "greeting_opening": "Kính chào bà con",
    "closing_words": "",
}


def test_an_administrator_sees_again_what_was_saved(commune: Commune) -> None:
    browser = commune.browser("quantri")
    assert send(browser, "/settings", FILLED).status_code == 302
    page = browser.get("/settings").text
    for shown in ('value="22:00"', 'value="04:45"', 'value="80"', 'value="300"', "Kính chào bà con", "0209 3876 543"):
        assert shown in page
    assert "Đài truyền thanh Côn Minh" in commune.browser("canbo").get("/nodes").text
    assert 'value="30"' in commune.browser("canbo").get("/slots/new").text


def test_a_mistake_keeps_everything_else_that_was_typed(commune: Commune) -> None:
    answer = send(commune.browser("quantri"), "/settings", FILLED | {"monthly_megabytes": "nhiều"})
    assert answer.status_code == 422
    assert "Kính chào bà con" in answer.text
    with commune.database.reading() as s:
        assert commune_rules.read(s) == commune_rules.CommuneRules()


def test_how_emergencies_are_ordered_is_chosen_here_too(commune: Commune) -> None:
    browser = commune.browser("quantri")
    assert send(browser, "/settings/emergency", {"mode": "declared", "confirm_minutes": "5"}).status_code == 302
    assert send(browser, "/settings/emergency", {"mode": "declared", "confirm_minutes": "500"}).status_code == 422
    assert 'value="declared" checked' in browser.get("/settings").text


def test_nobody_else_gets_the_page(commune: Commune) -> None:
    for username in ("canbo", "chutich", "khach"):
        assert commune.browser(username).get("/settings").status_code == 403
        assert send(commune.browser(username), "/settings", FILLED).status_code == 403


def test_programs_choose_with_the_same_checks(commune: Commune) -> None:
    api = commune.app.test_client()
    before = api.get("/api/v1/settings", headers=commune.token("khach")).json
    wanted = before | {"quiet_hours": [[1320, 300]], "monthly_megabytes": 10}
    assert api.put("/api/v1/settings", json=wanted, headers=commune.token("canbo")).status_code == 403
    saved = api.put("/api/v1/settings", json=wanted, headers=commune.token("quantri")).json
    assert saved == wanted
    assert api.get("/api/v1/settings", headers=commune.token("khach")).json == saved
