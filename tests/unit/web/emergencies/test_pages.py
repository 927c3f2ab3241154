"""Khẩn cấp: the red button, and alarms by two people who each say what it is."""

import pytest
from flask.testing import FlaskClient

from broadcaster.station.emergencies import phrasebook
from tests.unit.web.commune import Commune, send

pytestmark = pytest.mark.integration


@pytest.fixture
def officer(commune: Commune) -> FlaskClient:
    return commune.browser("canbo")


@pytest.fixture
def chair(commune: Commune) -> FlaskClient:
    return commune.browser("chutich")


@pytest.fixture
def storm(commune: Commune, officer: FlaskClient) -> str:
    """Id of the storm warning, its clip made."""
    assert send(officer, "/emergency/book", page="/emergency").status_code == 302
    commune.make_clips()
    with commune.database.reading() as s:
        return phrasebook.book(s)[0].id


def between(page: str, before: str, after: str) -> str:
    return page.split(before)[1].split(after)[0]


def waiting(browser: FlaskClient) -> str:
    return between(browser.get("/emergency/now").text, 'action="/emergency/orders/', "/refuse")


def test_one_press_silences_everything_and_two_people_lift_it(officer: FlaskClient, chair: FlaskClient) -> None:
    assert send(officer, "/emergency/silence", {"reason": "Loa bị chiếm quyền"}, page="/emergency").status_code == 302
    page = officer.get("/emergency").text
    assert "3 cụm loa chưa xác nhận im lặng" in page
    assert "Loa bị chiếm quyền" in page
    assert "Dừng toàn bộ loa ngay" not in page
    assert "lệnh dừng toàn bộ" in chair.get("/").text
    order = between(page, 'action="/emergency/silence/', "/ask-lift")
    assert send(officer, f"/emergency/silence/{order}/ask-lift").status_code == 302
    assert send(officer, f"/emergency/silence/{order}/lift").status_code == 403
    assert "Xác nhận gỡ lệnh dừng" in chair.get("/emergency/now").text
    assert send(chair, f"/emergency/silence/{order}/lift").status_code == 302
    assert "Dừng toàn bộ loa ngay" in officer.get("/emergency").text


def test_an_alarm_sounds_only_when_a_second_person_says_the_same(
    officer: FlaskClient, chair: FlaskClient, storm: str
) -> None:
    asked = send(officer, f"/emergency/order/{storm}", {"meant": "real"}, page=f"/emergency/order/{storm}")
    assert asked.headers["Location"] == "/emergency"
    order = waiting(officer)
    page = chair.get("/emergency").text
    assert "BÁO ĐỘNG THẬT chờ xác nhận" in page
    assert "broadcaster." not in page
    assert "đang chờ người thứ hai" in chair.get("/").text
    assert send(officer, f"/emergency/orders/{order}/confirm", {"meant": "real"}).status_code == 403
    assert send(chair, f"/emergency/orders/{order}/confirm", {"meant": "drill"}).status_code == 422
    aired = send(chair, f"/emergency/orders/{order}/confirm", {"meant": "real"})
    assert "/broadcasts/" in aired.headers["Location"]
    assert chair.get(aired.headers["Location"]).status_code == 200


def test_nothing_is_chosen_beforehand_between_drill_and_alarm(officer: FlaskClient, storm: str) -> None:
    page = officer.get(f"/emergency/order/{storm}").text
    assert page.count('name="meant"') == 2
    assert "checked" not in between(page, "Báo động", "DIỄN TẬP")
    answer = send(officer, f"/emergency/order/{storm}", {"reason": "Gió mạnh lên"})
    assert answer.status_code == 422
    assert "Hãy chọn đây là báo động thật hay diễn tập" in answer.text
    assert "Gió mạnh lên" in answer.text


def test_a_drill_has_its_own_text_and_cannot_be_ordered_as_an_alarm(
    commune: Commune, officer: FlaskClient, storm: str
) -> None:
    made = send(officer, f"/emergency/book/{storm}/drill").headers["Location"].rsplit("/", 1)[1]
    commune.make_clips()
    assert "DIỄN TẬP" in officer.get(f"/announcements/{made}").text
    wrong = send(officer, f"/emergency/order/{made}", {"meant": "real"})
    assert wrong.status_code == 422
    assert "DIỄN TẬP nhưng lệnh là báo động thật" in wrong.text
    assert send(officer, f"/emergency/order/{made}", {"meant": "drill"}).status_code == 302


def test_an_order_can_be_dropped(officer: FlaskClient, storm: str) -> None:
    send(officer, f"/emergency/order/{storm}", {"meant": "real"})
    assert send(officer, f"/emergency/orders/{waiting(officer)}/refuse").status_code == 302
    assert "chờ xác nhận" not in officer.get("/emergency/now").text


def test_the_page_is_for_those_who_may_order(commune: Commune) -> None:
    viewer = commune.browser("khach")
    assert "/emergency" not in viewer.get("/").text
    assert viewer.get("/emergency").status_code == 403
    assert send(viewer, "/emergency/silence").status_code == 403
