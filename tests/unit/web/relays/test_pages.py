"""Tiếp sóng on the console: an administrator writes sources, an officer chooses, an approver releases."""

import pytest

from broadcaster.station.programmes import slots
from broadcaster.station.rows import settings
from tests.unit.web.commune import MORNING, Commune, send
from tests.unit.web.page_forms import fields

pytestmark = pytest.mark.integration
SOURCE = {"name": "VOV1", "addresses": "http://phat.vov.vn/vov1\nhttps://du-phong.vn/vov1.m3u8"}


@pytest.fixture
def slot_id(commune: Commune) -> str:
    with commune.database.session() as s:
        rule = {"kind": "weekly", "weekdays": list(range(7)), "times": ["05:35"]}
        return slots.add_slot(s, name="Sáng", rule=rule, zones=["con-minh"], by=None, now_at=MORNING).id


def source_id(commune: Commune) -> str:
    assert send(commune.browser("quantri"), "/relays", SOURCE).status_code == 302
    listed = commune.app.test_client().get("/api/v1/relay-sources", headers=commune.token("khach")).json
    assert listed is not None
    return str(listed[0]["id"])


def test_from_the_source_to_the_release(commune: Commune, slot_id: str) -> None:
    assert send(commune.browser("canbo"), "/relays", SOURCE).status_code == 403
    source = source_id(commune)
    chosen = {"source_0": source, "minutes": "30", "lead_minutes": "", "ending": "fade", "volume_db": "0"}
    browser, page = commune.browser("canbo"), f"/slots/{slot_id}/relay"
    looked = send(browser, page, chosen | {"look": "1"}).text
    assert "khoảng 135 MB" in looked
    assert send(browser, page, chosen).status_code == 302
    shown = commune.browser("chutich").get(page).text
    assert "Chờ duyệt" in shown
    assert "Tiếp sóng trong khung giờ “Sáng” đang chờ duyệt" in commune.browser("chutich").get("/approvals").text
    seal = shown.partition('name="seal" value="')[2].partition('"')[0]
    assert send(commune.browser("canbo"), f"{page}/approve", {"seal": seal}).status_code == 403
    assert send(commune.browser("chutich"), f"{page}/approve", {"seal": "0" * 64}).status_code == 409
    assert send(commune.browser("chutich"), f"{page}/approve", {"seal": seal}).status_code == 302
    assert "Đã duyệt" in browser.get(page).text
    assert fields(browser.get(page).text, form="relay-form")["lead_minutes"] == ["35"]
    assert send(browser, f"{page}/remove", {}).status_code == 302
    assert "Đã duyệt" not in browser.get(page).text


def test_a_mistake_is_said_where_it_was_made_and_keeps_what_was_typed(commune: Commune, slot_id: str) -> None:
    wrong = send(commune.browser("quantri"), "/relays", SOURCE | {"addresses": "ftp://a.vn/x"})
    assert wrong.status_code == 422
    assert "ftp://a.vn/x" in wrong.text
    source = source_id(commune)
    assert send(commune.browser("quantri"), f"/relays/{source}/edit", SOURCE | {"addresses": ""}).status_code == 422
    with commune.database.session() as s:
        settings.write(s, "monthly_megabytes", 100)
    chosen = {"source_0": source, "minutes": "30", "ending": "cut", "volume_db": "3"}
    answer = send(commune.browser(), f"/slots/{slot_id}/relay", chosen)
    assert answer.status_code == 422
    assert "135 MB" in answer.text
    assert send(commune.browser(), f"/slots/{slot_id}/relay", chosen | {"minutes": "nhiều"}).status_code == 422


def test_a_program_does_the_same(commune: Commune, slot_id: str) -> None:
    api, path = commune.app.test_client(), f"/api/v1/slots/{slot_id}/relay"
    body = {"name": "VOV1", "addresses": ["http://phat.vov.vn/vov1"]}
    made = api.post("/api/v1/relay-sources", json=body, headers=commune.token("quantri"))
    assert made.json is not None
    assert api.get(path, headers=commune.token("khach")).status_code == 404
    choice = {"sources": [made.json["id"]], "minutes": 30}
    chosen = api.put(path, json=choice, headers=commune.token("canbo")).json
    assert chosen is not None
    assert (chosen["lead_minutes"], chosen["approved"], chosen["month_megabytes"]) == (35, False, 135)
    seen = {"seal": chosen["seal"]}
    assert api.post(f"{path}/approve", json=seen, headers=commune.token("quantri")).status_code == 403
    released = api.post(f"{path}/approve", json=seen, headers=commune.token("chutich")).json
    assert released is not None
    assert released["approved"]
    source = f"/api/v1/relay-sources/{made.json['id']}"
    api.put(source, json=body | {"addresses": ["http://khac.vn/x"]}, headers=commune.token("quantri"))
    assert api.get(path, headers=commune.token("khach")).json["approved"] is False  # type: ignore[index]
    assert api.delete(source, headers=commune.token("quantri")).status_code == 204
    assert api.delete(path, headers=commune.token("canbo")).status_code == 204


def test_live_or_recorded_is_chosen_for_each_slot_and_costs_are_its_own(commune: Commune, slot_id: str) -> None:
    source, browser, page = source_id(commune), commune.browser(), f"/slots/{slot_id}/relay"
    chosen = {"source_0": source, "way": "live", "minutes": "30", "ending": "fade", "volume_db": "0"}
    assert "khoảng 180 MB" in send(browser, page, chosen | {"look": "1"}).text
    assert send(browser, page, chosen).status_code == 302
    assert "phát trực tiếp" in browser.get(page).text
    assert fields(browser.get(page).text, form="relay-form")["way"] == ["live"]
    assert "Tiếp sóng trực tiếp VOV1" in browser.get("/timetable").text
    with commune.database.session() as s:
        settings.write(s, "monthly_megabytes", 150)
    assert "chỉ tốn 135 MB" in send(browser, page, chosen | {"look": "1"}).text
    assert send(browser, page, chosen).status_code == 302
    shown = browser.get(page).text
    assert "nên đài thu trước rồi phát" in shown
    assert fields(shown, form="relay-form")["way"] == ["recorded"]


def test_a_program_chooses_live_and_no_other_way(commune: Commune, slot_id: str) -> None:
    api, path = commune.app.test_client(), f"/api/v1/slots/{slot_id}/relay"
    body = {"sources": [source_id(commune)], "minutes": 30, "way": "live"}
    made = api.put(path, json=body, headers=commune.token("canbo")).json
    assert made is not None
    assert (made["way"], made["lead_minutes"], made["month_megabytes"]) == ("live", 0, 180)
    wrong = api.put(path, json=body | {"way": "later"}, headers=commune.token("canbo"))
    assert wrong.status_code in (400, 422)
