"""Announcements from above, in the console and through the API: whose they are is said wherever they are shown."""

import csv
import io
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from broadcaster.station.announcements import announcements
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.people import people
from broadcaster.station.schema import Announcement
from broadcaster.station.schema.announcement_fields import AnnouncementFields
from tests.unit.web.commune import Commune, send

pytestmark = pytest.mark.integration
FORM = {
    "title": "Công điện mưa lũ",
    "text": "Chủ động ứng phó mưa lũ.",
    "zones": ["con-minh"],
    "class": "priority",
    "rate_percent": "100",
    "repeats": "1",
    "origin": "paper",
    "document_number": "174/CĐ-TTg",
}
ANNOUNCEMENTS = "/api/v1/announcements"


@pytest.fixture
def officer(commune: Commune) -> FlaskClient:
    return commune.browser("canbo")


@pytest.fixture
def address(officer: FlaskClient) -> str:
    """Where the announcement is that the officer took in."""
    return send(officer, "/announcements", FORM, page="/announcements/new").headers["Location"]


def test_the_page_says_who_sent_it_its_number_and_who_took_it_in(officer: FlaskClient, address: str) -> None:
    page = officer.get(address).text
    assert "Chép từ văn bản · 174/CĐ-TTg" in page
    assert "Người tiếp nhận" in page
    assert "Người soạn" not in page


def test_a_lower_class_asks_for_a_reason_which_the_approver_sees(
    commune: Commune, officer: FlaskClient, address: str
) -> None:
    edit = FORM | {"class": "routine", "revision": "1", "sent_class": "priority"}
    refused = send(officer, f"{address}/edit", edit, page=f"{address}/edit")
    assert refused.status_code == 422
    assert "Nơi gửi xếp bản tin này là “Ưu tiên”" in refused.text
    assert 'id="wrong-class_reason"' in refused.text
    assert send(officer, f"{address}/edit", edit | {"class_reason": "Đã phát hôm qua."}).status_code == 302
    commune.make_clips()
    send(officer, f"{address}/submit")
    assert "Hạ loại vì: Đã phát hôm qua." in commune.browser("chutich").get("/approvals").text


def arrived(commune: Commune) -> str:
    """An emergency that came in signed through the exchange, which the officer took in; its id."""
    with commune.database.session() as s:
        by = people.find(s, "canbo")
        assert by is not None
        fields = AnnouncementFields(
            title=str(FORM["title"]),
            text=str(FORM["text"]),
            zones=["con-minh"],
            broadcast_class="emergency",
            origin="central",
            document_number="174/CĐ-TTg",
        )
        return announcements.create(s, fields, by=by, now_at=commune.clock()).id


def test_an_emergency_from_above_is_ordered_by_another_in_one_go(commune: Commune, officer: FlaskClient) -> None:
    order = f"/emergency/order/{arrived(commune)}"
    commune.make_clips()
    chair = commune.browser("chutich")
    assert "đã được Nguyễn Thị Lan tiếp nhận" in chair.get(order).text
    assert "đã được" not in officer.get(order).text
    heard = commune.seal(order.rsplit("/", 1)[1])
    aired = send(chair, order, {"meant": "real", "content_hash": heard}, page=order)
    page = chair.get(aired.headers["Location"]).text
    assert "Trung ương · 174/CĐ-TTg" in page
    with commune.database.session() as s:
        broadcasts.settle(s, now_at=commune.clock() + timedelta(hours=12))
    row = next(csv.DictReader(io.StringIO(chair.get("/log.csv").text)))
    assert (row["Nguồn"], row["Số văn bản"]) == ("Trung ương", "174/CĐ-TTg")
    assert "Trung ương 174/CĐ-TTg" in chair.get("/log").text


def test_an_approved_emergency_offers_no_button_that_would_be_refused(commune: Commune, officer: FlaskClient) -> None:
    made = commune.approved("Bão")
    with commune.database.session() as s:
        s.get_one(Announcement, made).broadcast_class = "emergency"  # type: ignore[assignment]
    page = officer.get(f"/announcements/{made}").text
    assert "Ra lệnh báo động" in page
    assert "Phát ngay" not in page
    assert "Đưa vào khung giờ" not in page


def test_a_program_hands_a_announcement_in_from_above(commune: Commune) -> None:
    api, headers = commune.app.test_client(), commune.token()
    body = {
        "title": "Công điện",
        "text": "Ứng phó mưa lũ.",
        "zones": ["con-minh"],
        "class": "priority",
        "origin": "paper",
        "document_number": "12/CĐ-UBND",
    }
    made = api.post(ANNOUNCEMENTS, json=body, headers=headers).json
    assert (made["origin"], made["document_number"], made["sent_class"]) == ("paper", "12/CĐ-UBND", "priority")
    one = f"{ANNOUNCEMENTS}/{made['id']}"
    lowered = {"revision": 1, "class": "routine"}
    refused = api.patch(one, json=lowered, headers=headers)
    assert (refused.status_code, refused.json["field"]) == (422, "class_reason")
    stated = api.patch(one, json=lowered | {"class_reason": "Trùng tin."}, headers=headers).json
    assert (stated["class"], stated["class_reason"]) == ("routine", "Trùng tin.")
    assert api.post(ANNOUNCEMENTS, json=body | {"origin": "huyen"}, headers=headers).status_code in (400, 422)
