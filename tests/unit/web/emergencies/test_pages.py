"""Khẩn cấp: the red button, and alarms by two people who each say what it is."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from broadcaster.station.announcements import announcements
from broadcaster.station.emergencies import phrasebook
from broadcaster.station.schema.announcement_fields import fields_of
from tests.unit.web.commune import Commune, heard, send

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


def order(browser: FlaskClient, announcement_id: str, meant: str = "real") -> TestResponse:
    """Open the page of an order, say what it is, press."""
    address = f"/emergency/order/{announcement_id}"
    page = browser.get(address).text
    return send(browser, address, {"meant": meant, "content_hash": heard(page)}, page=address)


def edit(commune: Commune, announcement_id: str) -> None:
    """Say something else, and make its clip."""
    with commune.database.session() as s:
        current = announcements.get(s, announcement_id)
        written = replace(fields_of(current), text="Bão đã tan.")
        by = commune._person(s, "canbo")
        announcements.edit(s, current, written, revision=current.revision, by=by, now_at=commune.clock())
    commune.make_clips()


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
    assert order(officer, storm).headers["Location"] == "/emergency"
    confirm = f"/emergency/orders/{waiting(officer)}/confirm"
    page = chair.get("/emergency").text
    assert "BÁO ĐỘNG THẬT chờ xác nhận" in page
    assert "broadcaster." not in page
    assert "đang chờ người thứ hai" in chair.get("/").text
    seal = {"content_hash": heard(page, confirm)}
    assert send(officer, confirm, {"meant": "real", **seal}).status_code == 403
    assert send(chair, confirm, {"meant": "drill", **seal}).status_code == 422
    aired = send(chair, confirm, {"meant": "real", **seal})
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
    wrong = order(officer, made)
    assert wrong.status_code == 422
    assert "DIỄN TẬP nhưng lệnh là báo động thật" in wrong.text
    assert order(officer, made, "drill").status_code == 302


def test_an_order_can_be_dropped(officer: FlaskClient, storm: str) -> None:
    order(officer, storm)
    assert send(officer, f"/emergency/orders/{waiting(officer)}/refuse").status_code == 302
    assert "chờ xác nhận" not in officer.get("/emergency/now").text


def test_a_text_edited_between_hearing_and_pressing_is_not_ordered(
    commune: Commune, officer: FlaskClient, storm: str
) -> None:
    address = f"/emergency/order/{storm}"
    seal = heard(officer.get(address).text)
    edit(commune, storm)
    unchosen = send(officer, address, {"content_hash": seal})
    assert heard(unchosen.text) == seal, "a refusal for another reason is no hearing of the new text"
    refused = send(officer, address, {"meant": "real", "content_hash": seal})
    assert refused.status_code == 409
    assert "đã bị sửa sau khi bạn nghe" in refused.text
    assert "Bão đã tan." in refused.text
    fresh = heard(refused.text)
    assert fresh == commune.seal(storm)
    assert send(officer, address, {"meant": "real", "content_hash": fresh}).status_code == 302


def test_an_order_and_a_confirmation_without_what_was_heard_are_refused(
    officer: FlaskClient, chair: FlaskClient, storm: str
) -> None:
    unheard = send(officer, f"/emergency/order/{storm}", {"meant": "real"})
    assert unheard.status_code == 422
    assert "Thiếu mã của nội dung đã nghe" in unheard.text
    order(officer, storm)
    confirm = f"/emergency/orders/{waiting(officer)}/confirm"
    assert send(chair, confirm, {"meant": "real"}).status_code == 422


def test_a_text_edited_between_hearing_and_pressing_is_not_confirmed(
    commune: Commune, officer: FlaskClient, chair: FlaskClient, storm: str
) -> None:
    older = commune.seal(storm)
    edit(commune, storm)
    order(officer, storm)
    confirm = f"/emergency/orders/{waiting(officer)}/confirm"
    refused = send(chair, confirm, {"meant": "real", "content_hash": older})
    assert refused.status_code == 409
    assert "đã bị sửa sau khi bạn nghe" in refused.text
    aired = send(chair, confirm, {"meant": "real", "content_hash": heard(chair.get("/emergency").text, confirm)})
    assert "/broadcasts/" in aired.headers["Location"]


def test_the_page_is_for_those_who_may_order(commune: Commune) -> None:
    viewer = commune.browser("khach")
    assert "/emergency" not in viewer.get("/").text
    assert viewer.get("/emergency").status_code == 403
    assert send(viewer, "/emergency/silence").status_code == 403
