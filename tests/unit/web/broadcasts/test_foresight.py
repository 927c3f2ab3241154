"""Before *Phát* the page says what would happen; the same order pressed twice is asked about."""

import pytest
from sqlalchemy import func, select

from broadcaster.station.schema import Broadcast
from tests.unit.web.commune import Commune, send

pytestmark = pytest.mark.integration


def count(commune: Commune) -> int:
    with commune.database.reading() as s:
        return s.scalar(select(func.count()).select_from(Broadcast)) or 0


def test_the_page_says_which_nodes_would_sound_and_what_is_on_the_air(commune: Commune) -> None:
    made = commune.approved()
    page = commune.browser().get(f"/announcements/{made}/broadcast").text
    assert "<strong>0/2</strong>" in page
    assert "Chưa kết nối lần nào." in page
    assert "Không có gì đang phát ở đó." in page
    commune.clock.move(hours=15)
    assert "bà con có thể đang ngủ" in commune.browser().get(f"/announcements/{made}/broadcast").text


def test_the_same_order_after_back_is_recognised(commune: Commune) -> None:
    made, officer = commune.approved(), commune.browser()
    address = f"/announcements/{made}/broadcast"
    send(officer, address, {"when": "now", "key": "first"})
    commune.clock.move(seconds=5)
    again = send(officer, address, {"when": "now", "key": "first"})
    assert "không phát thêm lần nữa" in officer.get(again.headers["Location"]).text
    assert count(commune) == 1


def test_a_second_order_a_moment_later_is_asked_about(commune: Commune) -> None:
    made, officer = commune.approved(), commune.browser()
    address = f"/announcements/{made}/broadcast"
    send(officer, address, {"when": "now", "key": "first"})
    commune.clock.move(seconds=40)
    assert "vừa được ra lệnh phát" in officer.get(address).text
    asked = send(officer, address, {"when": "now", "key": "second"})
    assert asked.status_code == 409
    assert "Tôi muốn phát thêm một lần nữa" in asked.text
    assert count(commune) == 1
    assert send(officer, address, {"when": "now", "key": "second", "again": "1"}).status_code == 302
    assert count(commune) == 2
