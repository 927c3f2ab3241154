"""Bản tin cấp trên: an officer takes or declines, two people allow, an administrator follows a level."""

from datetime import UTC, datetime
from typing import Any

import pytest

from broadcaster.station.exchange import choices, upper_levels
from broadcaster.station.people import people
from broadcaster.station.schema import Announcement, ExchangeReport
from tests.unit.web.access.exchange_things import CODE, follow, offered
from tests.unit.web.commune import MORNING, Commune, send

pytestmark = pytest.mark.integration
API = "/api/v1/offers"


@pytest.fixture
def offers(commune: Commune) -> list[str]:
    """Two offers, the priority the second to come."""
    with commune.database.session() as s:
        level = follow(s, by=commune._person(s, "quantri"))
        routine = {"title": "Tiêm chủng", "text": "Mời bà con đi tiêm.", "broadcast_class": "routine"}
        return [offered(s, level, "item-0001", **routine).id, offered(s, level, "item-0002", number=2).id]


def reports(commune: Commune) -> list[tuple[str, str]]:
    from sqlalchemy import select

    with commune.database.reading() as s:
        found = s.scalars(select(ExchangeReport).order_by(ExchangeReport.number))
        return [(each.kind, each.body.get("words", "")) for each in found]


def test_a_priority_stands_first(commune: Commune, offers: list[str]) -> None:
    page = commune.browser().get("/offers").text
    assert page.index("Cấm đường") < page.index("Tiêm chủng")


def test_an_officer_takes_an_offer_as_a_draft_of_the_commune(commune: Commune, offers: list[str]) -> None:
    taken = send(commune.browser(), f"/offers/{offers[0]}/take")
    announcement_id = taken.headers["Location"].rsplit("/", 1)[1]
    with commune.database.reading() as s:
        made = s.get_one(Announcement, announcement_id)
        assert (made.state, made.origin, made.text) == ("draft", "province", "Mời bà con đi tiêm.")
        assert choices.get(s, offers[0]).announcement_id == announcement_id
    assert reports(commune) == [("taken", "")]


def test_when_the_level_wishes_it_is_said_where_the_time_is_chosen(commune: Commune, offers: list[str]) -> None:
    with commune.database.session() as s:
        choices.get(s, offers[0]).wished_at = datetime(2026, 11, 26, 10, 30, tzinfo=UTC)
    browser = commune.browser()
    page = browser.get(send(browser, f"/offers/{offers[0]}/take").headers["Location"]).text
    assert "Cấp trên muốn phát lúc" in page
    assert "17:30" in page


def test_an_offer_is_taken_once(commune: Commune, offers: list[str]) -> None:
    browser = commune.browser()
    assert send(browser, f"/offers/{offers[0]}/take").status_code == 302
    assert send(browser, f"/offers/{offers[0]}/take").status_code == 409
    assert send(browser, f"/offers/{offers[0]}/decline", {"words": "không"}).status_code == 409


def test_an_officer_declines_and_says_why(commune: Commune, offers: list[str]) -> None:
    browser = commune.browser()
    refused = send(browser, f"/offers/{offers[1]}/decline", {"words": " "})
    assert (refused.status_code, "Hãy ghi lý do" in refused.text) == (422, True)
    assert send(browser, f"/offers/{offers[1]}/decline", {"words": "Đã phát sáng nay"}).status_code == 302
    assert reports(commune) == [("declined", "Đã phát sáng nay")]
    assert "Đã phát sáng nay" in browser.get("/offers").text


def test_a_viewer_reads_and_decides_nothing(commune: Commune, offers: list[str]) -> None:
    viewer = commune.browser("khach")
    assert "Cấm đường" in viewer.get("/offers").text
    assert send(viewer, f"/offers/{offers[0]}/take").status_code == 403


def test_two_people_let_a_level_s_emergencies_sound_by_themselves(commune: Commune, offers: list[str]) -> None:
    with commune.database.session() as s:
        level_id = upper_levels.listing(s)[0].id
        roles = [("con-minh", "approver")]
        people.add_person(
            s, username="phochutich", full_name="Lý Thị Mai", password=None, roles=roles, by=None, now_at=MORNING
        )
    first, second = commune.browser("chutich"), commune.browser("phochutich")
    assert send(first, f"/offers/levels/{level_id}/allow", {"drill": "0"}).status_code == 302
    page = second.get("/offers").text
    assert "chờ người thứ hai" in page
    allowance = page.split("/offers/allowances/", 1)[1].split("/", 1)[0]
    assert send(first, f"/offers/allowances/{allowance}/confirm").status_code == 403
    assert send(second, f"/offers/allowances/{allowance}/confirm").status_code == 302
    assert "Bản tin khẩn cấp của cấp này tự phát" in second.get("/offers").text
    assert send(commune.browser(), f"/offers/allowances/{allowance}/end").status_code == 302


def test_an_administrator_follows_a_level_and_leaves_it(commune: Commune) -> None:
    browser = commune.browser("quantri")
    assert send(browser, "/offers", {"code": "abc"}).status_code == 422
    assert send(browser, "/offers", {"code": CODE}).status_code == 302
    assert "tinh.vn" in browser.get("/offers").text
    with commune.database.reading() as s:
        level_id = upper_levels.listing(s)[0].id
    assert send(browser, f"/offers/levels/{level_id}/close").status_code == 302
    assert "tinh.vn" not in browser.get("/offers").text


def test_that_a_level_was_restored_stands_there_until_somebody_has_seen_it(commune: Commune, offers: list[str]) -> None:
    with commune.database.session() as s:
        level = upper_levels.listing(s)[0]
        level.went_back_at = MORNING
        level_id = level.id
    browser = commune.browser()
    assert "khôi phục từ bản sao cũ" in browser.get("/offers").text
    assert send(browser, f"/offers/levels/{level_id}/seen").status_code == 302
    assert "khôi phục từ bản sao cũ" not in browser.get("/offers").text


def test_programs_list_take_and_decline(commune: Commune, offers: list[str]) -> None:
    client, headers = commune.app.test_client(), commune.token()
    found = client.get(API, headers=headers).json
    assert found
    assert [(each["title"], each["class"], each["state"]) for each in found] == [
        ("Cấm đường", "priority", "waiting"),
        ("Tiêm chủng", "routine", "waiting"),
    ]
    taken = client.post(f"{API}/{offers[0]}/take", headers=headers)
    assert taken.status_code == 200
    assert client.post(f"{API}/{offers[1]}/decline", json={"words": "không"}, headers=headers).status_code == 204
    assert reports(commune) == [("taken", ""), ("declined", "không")]


def test_programs_read_the_levels_and_what_may_be_done_with_them(commune: Commune, offers: list[str]) -> None:
    client, administrator = commune.app.test_client(), commune.token("quantri")

    def level(username: str) -> dict[str, Any]:
        found = client.get("/api/v1/upper-levels", headers=commune.token(username)).json or []
        return dict(found[0])

    found = level("quantri")
    one = f"/api/v1/upper-levels/{found['id']}"
    assert (found["upper"], found["steps"], level("khach")["steps"]) == ("thai-nguyen", ["close"], [])
    assert client.post(f"{one}/seen", headers=commune.token()).status_code == 409
    with commune.database.session() as s:
        upper_levels.get(s, found["id"]).went_back_at = MORNING
    assert level("canbo")["steps"] == ["seen"]
    assert client.post(f"{one}/seen", headers=commune.token()).status_code == 204
    assert level("chutich")["steps"] == ["allow", "allow_drill"]
    asked = f"/api/v1/alert-sources/{found['source']}/allowances"
    assert client.post(asked, json={"drill": True}, headers=commune.token("chutich")).status_code < 300
    assert [(each["drill"], each["steps"]) for each in level("canbo")["allowances"]] == [(True, ["end"])]
    assert client.post("/api/v1/upper-levels", json={"code": "abc"}, headers=administrator).status_code == 422
    assert client.post("/api/v1/upper-levels", json={"code": CODE}, headers=administrator).status_code == 201
    assert client.delete(one, headers=administrator).status_code == 204
    assert level("quantri")["upper"] == ""
