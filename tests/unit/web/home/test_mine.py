"""Home shows what is mine: what waits to be aired, what came back, and for the approver what one press releases."""

import pytest

from tests.unit.web.commune import Commune, heard, send

pytestmark = pytest.mark.integration


def test_what_was_released_and_what_came_back_stand_at_home(commune: Commune) -> None:
    commune.approved("Chưa phát lần nào")
    made = commune.write("Viết lại nhé", text="Lời cũ.")
    commune.make_clips()
    send(commune.browser(), f"/announcements/{made}/submit")
    send(commune.browser("chutich"), f"/announcements/{made}/return", {"comment": "Ghi rõ giờ."})
    page = commune.browser().get("/").text
    assert "Đã duyệt, chưa phát" in page
    assert "Chưa phát lần nào" in page
    assert "Bị trả lại, cần sửa" in page
    assert "Ghi rõ giờ." in page
    assert "Chưa phát lần nào" not in commune.browser("khach").get("/").text


def test_the_approver_releases_from_home_with_one_press(commune: Commune) -> None:
    made = commune.write("Họp ngay")
    commune.make_clips()
    send(commune.browser(), f"/announcements/{made}/submit", {"when": "now"})
    chair = commune.browser("chutich")
    page, action = chair.get("/").text, f"/announcements/{made}/approve"
    assert "Duyệt và phát ngay" in page
    done = send(chair, action, {"content_hash": heard(page, action), "next": "/"})
    assert done.headers["Location"] == "/"
    after = chair.get("/").text
    assert "Đã duyệt và ra lệnh phát ngay." in after
    assert action not in after
    assert action not in commune.browser().get("/").text
