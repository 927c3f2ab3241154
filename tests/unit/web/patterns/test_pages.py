"""Patterns in the console: chosen, filled in without JavaScript, added from an announcement; the same for programs."""

import pytest

from tests.unit.web.commune import Commune, send

pytestmark = pytest.mark.integration
API = "/api/v1/patterns"


def test_a_pattern_is_filled_in_and_opens_the_writing_console(commune: Commune) -> None:
    browser = commune.browser()
    assert "/patterns/meeting" in browser.get("/patterns").text
    form = browser.get("/patterns/meeting").text
    assert 'type="date"' in form
    assert 'type="time"' in form
    answers = {"blank-1": "2026-11-28", "blank-2": "19:30", "blank-3": "nhà văn hóa", "blank-4": "Bàn việc làm đường."}
    officer = send(browser, "/patterns/meeting", answers).text
    assert 'value="Họp thôn ngày 28/11/2026"' in officer
    assert "vào lúc 19 giờ 30 ngày 28/11/2026 tại nhà văn hóa." in officer
    assert 'action="/announcements"' in officer


def test_a_blank_left_empty_keeps_the_others(commune: Commune) -> None:
    refused = send(commune.browser(), "/patterns/meeting", {"blank-1": "2026-11-28", "blank-3": "nhà văn hóa"})
    assert refused.status_code == 422
    assert "Chưa điền “giờ họp”" in refused.text
    assert 'value="nhà văn hóa"' in refused.text


def test_an_announcement_becomes_a_pattern_with_its_facts_as_blanks(commune: Commune) -> None:
    browser = commune.browser()
    made = commune.write("Họp ngày 28/11/2026", "Họp lúc 19h30 ngày 28/11/2026.")
    page = browser.get(f"/patterns/new?announcement={made}").text
    assert "Họp lúc [giờ: giờ] ngày [ngày: ngày]." in page
    added = send(browser, "/patterns", {"title": "Họp [ngày: ngày]", "text": "Họp lúc [giờ: giờ].", "class": "routine"})
    address = added.headers["Location"]
    assert "Lời của mẫu" in browser.get(address).text
    assert "Của xã" in browser.get("/patterns").text
    assert send(browser, f"{address}/remove").status_code == 302
    assert browser.get(address).status_code == 404


def test_what_cannot_be_a_pattern_comes_back_as_typed(commune: Commune) -> None:
    refused = send(commune.browser(), "/patterns", {"title": "", "text": "Lời đã gõ.", "class": "routine"})
    assert refused.status_code == 422
    assert "Lời đã gõ." in refused.text


def test_somebody_who_may_only_look_gets_no_patterns(commune: Commune) -> None:
    browser = commune.browser("khach")
    assert browser.get("/patterns").status_code == 403
    assert send(browser, "/patterns", {"title": "A", "text": "B", "class": "routine"}).status_code == 403


def test_a_program_fills_a_pattern_and_adds_its_own(commune: Commune) -> None:
    api, headers = commune.app.test_client(), commune.token()
    listed = api.get(API, headers=headers).json
    assert {"name": "giờ họp", "kind": "giờ"} in next(each for each in listed if each["id"] == "meeting")["blanks"]
    made = api.post(API, json={"title": "Họp", "text": "Họp lúc [giờ: giờ]."}, headers=headers)
    assert (made.status_code, made.json["own"]) == (201, True)
    one = f"{API}/{made.json['id']}"
    filled = api.post(f"{one}/fill", json={"answers": {"giờ": "07:00"}}, headers=headers).json
    assert filled == {"title": "Họp", "text": "Họp lúc 7 giờ.", "class": "routine"}
    assert api.post(f"{one}/fill", json={"answers": {}}, headers=headers).json["field"] == "giờ"
    assert api.delete(one, headers=headers).status_code == 204
    assert api.delete(one, headers=headers).status_code == 404
