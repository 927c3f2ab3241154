"""An alarm that goes on, in the console and through the API: told as one story, ended in one press."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from broadcaster.station.announcements import announcements, approvals
from broadcaster.station.emergencies import phrasebook
from broadcaster.station.schema import Announcement, Person
from tests.unit.web.commune import Commune, heard, send

pytestmark = pytest.mark.integration
ORDERS = "/api/v1/emergency-orders"


@pytest.fixture
def officer(commune: Commune) -> FlaskClient:
    return commune.browser("canbo")


@pytest.fixture
def chair(commune: Commune) -> FlaskClient:
    return commune.browser("chutich")


@pytest.fixture
def storm(commune: Commune, officer: FlaskClient) -> str:
    """Id of the storm warning, its clip made."""
    send(officer, "/emergency/book", page="/emergency")
    commune.make_clips()
    with commune.database.reading() as s:
        return phrasebook.book(s)[0].id


def approve_all_clear(commune: Commune) -> None:
    with commune.database.session() as s:
        calm = next(each for each in phrasebook.book(s) if each.phrase == phrasebook.ALL_CLEAR)
        people = {each.username: each for each in s.query(Person)}
        approvals.submit(s, announcement=calm, by=people["canbo"], now_at=commune.clock())
        current = announcements.get(s, calm.id)
        seal = current.content_hash or ""
        approvals.approve(s, announcement=current, content_hash=seal, by=people["chutich"], now_at=commune.clock())
        assert s.get_one(Announcement, calm.id).state == "approved"


def order_form(browser: FlaskClient, address: str, **more: str) -> dict[str, str]:
    """What is sent from the page of an order."""
    return {"meant": "real", "content_hash": heard(browser.get(address).text), **more}


def confirm(chair: FlaskClient, order: str) -> TestResponse:
    address = f"/emergency/orders/{order}/confirm"
    return send(chair, address, {"meant": "real", "content_hash": heard(chair.get("/emergency/now").text, address)})


def sound(officer: FlaskClient, chair: FlaskClient, storm: str) -> str:
    """Order the storm, repeated; the id of the order."""
    address = f"/emergency/order/{storm}"
    send(officer, address, order_form(officer, address, every_minutes="5", for_minutes="60"), page=address)
    page = chair.get("/emergency").text
    assert "lặp lại mỗi 5 phút, lâu nhất 60 phút" in page
    order = page.split('action="/emergency/orders/')[1].split("/")[0]
    confirm(chair, order)
    return order


def test_an_alarm_that_goes_on_is_on_every_page_that_matters(
    officer: FlaskClient, chair: FlaskClient, storm: str
) -> None:
    order = sound(officer, chair, storm)
    page = officer.get("/emergency/now").text
    assert "BÁO ĐỘNG đang lặp lại" in page
    assert f"/emergency/orders/{order}/end" in page
    assert "Chưa có tin báo an toàn đã duyệt" in page, "where its button would stand"
    assert "đang lặp lại mỗi 5 phút" in officer.get("/").text
    stated = officer.get(f"/emergency/orders/{order}/story").text
    assert "Lần 1" in stated
    assert stated.count("/broadcasts/") == 1, "of those to come only the next"
    assert officer.get("/timetable").text.count("Cảnh báo bão") < 3


def test_one_press_stops_the_repeating(officer: FlaskClient, chair: FlaskClient, storm: str) -> None:
    order = sound(officer, chair, storm)
    assert send(officer, f"/emergency/orders/{order}/end").status_code == 302
    assert "Đã dừng lúc" in officer.get(f"/emergency/orders/{order}/story/now").text
    assert "đang lặp lại" not in officer.get("/emergency/now").text


def test_one_press_asks_for_the_all_clear_and_the_alarm_goes_on_until_it_is_confirmed(
    commune: Commune, officer: FlaskClient, chair: FlaskClient, storm: str
) -> None:
    order = sound(officer, chair, storm)
    refused = send(officer, f"/emergency/orders/{order}/all-clear")
    assert "Chưa có tin báo an toàn" in refused.text
    approve_all_clear(commune)
    assert send(officer, f"/emergency/orders/{order}/all-clear").status_code == 302
    page = chair.get("/emergency/now").text
    assert "BÁO ĐỘNG đang lặp lại" in page
    calm = page.split("Bỏ lệnh này")[0].rsplit('action="/emergency/orders/', 1)[1].split("/")[0]
    confirm(chair, calm)
    assert "đang lặp lại" not in chair.get("/emergency/now").text


def test_a_single_alarm_stays_on_the_page_until_it_is_corrected_in_three_clicks(
    officer: FlaskClient, chair: FlaskClient, storm: str
) -> None:
    address = f"/emergency/order/{storm}"
    send(officer, address, order_form(officer, address), page=address)
    order = officer.get("/emergency").text.split('action="/emergency/orders/')[1].split("/")[0]
    aired = confirm(chair, order).headers["Location"]
    page = officer.get("/emergency/now").text
    assert "Báo động đã phát: Cảnh báo bão" in page
    assert "Dừng lặp lại" not in page
    correction = page.split("Đính chính báo nhầm")[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    wrong = aired.rsplit("/", 1)[1]
    assert correction.endswith(f"follows={wrong}")
    assert f'<option value="{wrong}" selected>' in officer.get(correction).text
    send(officer, correction.split("?")[0], order_form(officer, correction, follows=wrong), page=correction)
    assert "chưa xác nhận đã bỏ lượt phát này" in officer.get(aired).text
    assert f"/emergency/orders/{order}/story" in officer.get(aired).text
    assert "Báo động đã phát: Cảnh báo bão" not in officer.get("/emergency/now").text


def test_a_row_that_cannot_be_is_said_beside_its_fields(officer: FlaskClient, storm: str) -> None:
    address = f"/emergency/order/{storm}"
    form = order_form(officer, address, every_minutes="30", for_minutes="30")
    page = send(officer, address, form, page=address)
    assert page.status_code == 422
    assert "ít nhất hai lần" in page.text
    assert '<option value="30" selected>' in page.text


def test_a_program_orders_follows_and_ends_a_repeated_alarm(commune: Commune, storm: str) -> None:
    api, officer, chair = commune.app.test_client(), commune.token("canbo"), commune.token("chutich")
    meant = {"drill": False, "content_hash": commune.seal(storm)}
    body = {"announcement": storm, "every_minutes": 10, "for_minutes": 60, **meant}
    asked = api.post(ORDERS, json=body, headers=officer).json
    assert (asked["every_minutes"], asked["for_minutes"]) == (10, 60)
    one = f"{ORDERS}/{asked['id']}"
    first = api.post(f"{one}/confirm", json=meant, headers=chair).json["broadcast"]
    stated = api.get(f"{one}/story", headers=officer).json
    assert (len(stated["rounds"]), stated["rounds"][0]["broadcast"], stated["going_on"]) == (6, first, True)
    assert {each["heard"] for each in stated["nodes"]} == {0}
    second = api.get(f"/api/v1/broadcasts/{stated['rounds'][1]['broadcast']}", headers=officer).json
    assert second["repeat_of"] == first
    assert [each["order"] for each in api.get("/api/v1/emergencies", headers=officer).json] == [asked["id"]]
    approve_all_clear(commune)
    calm = api.post(f"{one}/all-clear", json={"key": "het-bao"}, headers=officer).json
    assert (calm["status"], calm["follows"]) == ("waiting", first)
    ended = api.post(f"{one}/end", headers=officer).json
    assert (ended["going_on"], {each["status"] for each in ended["rounds"]}) == (False, {"cancelled"})
    assert api.get("/api/v1/emergencies", headers=officer).json == []


def test_residents_are_told_while_it_is_on(
    commune: Commune, officer: FlaskClient, chair: FlaskClient, storm: str
) -> None:
    phone = commune.app.test_client()
    assert "ĐANG BÁO ĐỘNG" not in phone.get("/xa").text
    order = sound(officer, chair, storm)
    commune.clock.move(seconds=6)
    for address in ("/xa", "/thon/lung-pang"):
        page = phone.get(address).text
        assert "ĐANG BÁO ĐỘNG" in page, address
        assert "loa nhắc lại mỗi 5 phút" in page
    assert "ALARM NOW" in phone.get("/xa?lang=en").text
    send(officer, f"/emergency/orders/{order}/end")
    commune.clock.move(seconds=6)
    assert "ĐANG BÁO ĐỘNG" not in phone.get("/xa").text


def test_residents_see_the_end_of_an_alarm_that_nobody_ended(
    commune: Commune, officer: FlaskClient, chair: FlaskClient, storm: str
) -> None:
    phone = commune.app.test_client()
    sound(officer, chair, storm)
    commune.clock.move(minutes=30)
    assert "ĐANG BÁO ĐỘNG" in phone.get("/xa").text
    commune.clock.move(minutes=31)
    assert "ĐANG BÁO ĐỘNG" not in phone.get("/xa").text
