"""Two priority announcements for one hour: the home page says so, one press orders them, a program may as well."""

from datetime import timedelta

import pytest

from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.announcements import announcements
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.clips.content import content_hash
from broadcaster.station.schema import Person
from tests.unit.web.commune import Commune, send

pytestmark = pytest.mark.integration


@pytest.fixture
def colliding(commune: Commune) -> list[str]:
    """Ids of two priority broadcasts at eleven, the first a little earlier."""
    made = []
    for place, title in enumerate(("Phòng lũ", "Phòng dịch")):
        announcement_id = commune.approved(title)
        with commune.database.session() as s:
            text_too = announcements.get(s, announcement_id)
            text_too.broadcast_class = BroadcastClass.PRIORITY
            text_too.content_hash = content_hash(text_too)
            by = s.query(Person).filter_by(username="canbo").one()
            start_at = commune.clock() + timedelta(hours=3, seconds=5 * place)
            again = broadcasts.broadcast_now(s, announcement=text_too, by=by, now_at=commune.clock(), start_at=start_at)
            made.append(again.id)
    return made


def test_the_officer_is_told_and_says_which_goes_first(commune: Commune, colliding: list[str]) -> None:
    officer, viewer = commune.browser("canbo"), commune.browser("khach")
    assert "Bản tin ưu tiên trùng giờ: “Phòng lũ”, “Phòng dịch”" in officer.get("/").text
    assert "trùng giờ" not in viewer.get("/").text
    page = officer.get("/collisions").text
    assert "Chưa ai quyết định" in page
    assert page.index("1. Phòng lũ") < page.index("2. Phòng dịch")
    pressed = {"broadcasts": colliding, "first": colliding[1]}
    assert send(officer, "/collisions", pressed, page="/collisions").status_code == 302
    page = officer.get("/collisions").text
    assert page.index("1. Phòng dịch") < page.index("2. Phòng lũ")
    assert "Đã xếp thứ tự" in page
    assert "trùng giờ" not in officer.get("/").text


def test_a_program_orders_them(commune: Commune, colliding: list[str]) -> None:
    api, headers = commune.app.test_client(), commune.token()
    [stated] = api.get("/api/v1/collisions", headers=headers).json
    assert (stated["decided"], [each["broadcast"] for each in stated["broadcasts"]]) == (False, colliding)
    assert stated["nodes"] == ["loa-lung-pang", "loa-lung-vai"]
    answer = api.put("/api/v1/collisions", json={"broadcasts": colliding[::-1]}, headers=headers).json
    assert [each["order"] for each in answer["broadcasts"]] == [1, 2]
    assert answer["broadcasts"][0]["broadcast"] == colliding[1]
    refused = api.put("/api/v1/collisions", json={"broadcasts": colliding[:1]}, headers=headers)
    assert (refused.status_code, refused.json["field"]) == (422, "broadcasts")
