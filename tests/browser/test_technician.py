"""A technician's tools in Chromium: a new node, map, chirp, health; an administrator's: a telephone, the month."""

import re
from datetime import timedelta

from playwright.sync_api import Page

from broadcaster.protocol.values import DeliveryState
from broadcaster.station.broadcasts import test_tones as chirps
from broadcaster.station.people import totp
from broadcaster.station.schema import HealthSample, Node
from tests.browser.conftest import Enter
from tests.browser.rig.chromium import ask
from tests.browser.rig.stage import Stage, now

PHONE = {"viewport": {"width": 360, "height": 740}}


def fits(page: Page) -> bool:
    """Nothing scrolls sideways."""
    return bool(ask(page, "document.documentElement.scrollWidth <= window.innerWidth"))


def test_a_new_node_gets_a_code_settings_and_a_place_on_the_map(stage: Stage, enter: Enter) -> None:
    technician = enter("quantri", **PHONE)
    technician.go("/nodes")
    technician.follow("Thêm cụm loa")
    technician.page.fill("#name", "Loa chợ phiên")
    technician.page.select_option("#unit_id", "ang-hin")
    technician.press("Thêm và lấy mã")
    assert re.match(r"\S+:\d+/[a-z2-7]{26}/[a-z2-7]{16}$", technician.page.locator("#code").inner_text())
    assert technician.page.locator(".qr svg").bounding_box()["width"] > 150  # type: ignore[index]
    assert fits(technician.page)
    technician.follow("Đã xong, mở trang cụm loa")
    technician.follow("Cài đặt")
    technician.page.fill("#name", "Loa chợ Áng Hin")
    technician.page.fill("#position", "22.1510, 105.8420")
    technician.page.fill("#keeper_phone", "0912 345 678")
    technician.page.locator('input[name="quiet_from"]').first.fill("22:00")
    technician.page.locator('input[name="quiet_to"]').first.fill("04:45")
    technician.press("Lưu cài đặt")
    technician.sees("Đã lưu")
    technician.go("/nodes/map")
    technician.page.get_by_role("link", name=re.compile("Loa chợ Áng Hin: chưa từng kết nối")).wait_for()
    assert fits(technician.page)
    technician.go("/nodes?q=cho+phien")  # its old name
    technician.sees("Loa chợ Áng Hin")


def test_a_chirp_is_ordered_and_its_outcome_appears_by_itself(stage: Stage, enter: Enter) -> None:
    virtual_node = stage.virtual_nodes[0]
    stage.online(virtual_node)
    technician = enter("quantri", **PHONE)
    technician.go(f"/nodes/{virtual_node}")
    for _ in range(40):  # its sound is made in the station's first seconds
        technician.press("Kêu thử ngay")
        if "Đang chuẩn bị" not in technician.page.locator("main").inner_text():
            break
        technician.page.wait_for_timeout(500)
    technician.sees("đang gửi lệnh")
    with stage.database.reading() as s:
        last = chirps.latest(s, s.get_one(Node, virtual_node))
        assert last
        broadcast = last.broadcast_id
    stage.report(broadcast, virtual_node, DeliveryState.PLAYED, played_ms=1000)
    technician.sees("đã kêu")


def test_health_is_drawn_and_told(stage: Stage, enter: Enter) -> None:
    virtual_node = stage.virtual_nodes[1]
    with stage.database.session() as s:
        for minute in range(0, 600, 10):
            at = now() - timedelta(minutes=700 - minute)
            s.merge(HealthSample(node_id=virtual_node, at=at, online=True, temperature_celsius=40 + minute / 60))
    technician = enter("quantri", **PHONE)
    technician.go(f"/nodes/{virtual_node}/health?days=1")
    technician.sees("Nhiệt độ máy")
    assert technician.page.locator("path.line").count() >= 1
    assert fits(technician.page)


def test_somebody_signs_in_with_a_telephone_from_now_on(stage: Stage, enter: Enter) -> None:
    officer = enter("canbo")
    officer.go("/account/second-factor")
    secret = officer.page.locator("p.secret").inner_text().replace(" ", "")
    officer.page.fill("#code", totp.code(secret, totp.step_at(now())))
    officer.press("Bật")
    officer.sees("Mã giấy dùng khi mất điện thoại")
    paper = officer.page.locator("code.secret").first.inner_text()
    officer.follow("Đã cất mã giấy")
    officer.press("Đăng xuất khỏi mọi máy")
    officer.sign_in()
    officer.page.wait_for_url("**/login/code")
    officer.page.fill("#code", paper)
    officer.page.get_by_role("button", name="Đăng nhập").click()
    officer.page.wait_for_url(stage.address + "/")
    officer.go("/account")
    officer.page.locator("summary", has_text="Tắt bảo vệ hai lớp").click()
    officer.page.fill("#current-second_factor_off", stage.passwords["canbo"])
    officer.press("Tắt bảo vệ hai lớp")
    officer.sees("Đã tắt bảo vệ hai lớp")


def test_the_settings_the_month_and_the_audit_trail_fit_a_phone(stage: Stage, enter: Enter) -> None:
    administrator = enter("quantri", **PHONE)
    for path in ("/settings", "/reports", "/audit", "/people", "/people/new", "/hamlets", "/account"):
        administrator.go(path)
        assert fits(administrator.page), path
    administrator.go("/settings")
    administrator.page.fill("#contact_phone", "0209 3876 543")
    administrator.press("Lưu cài đặt")
    administrator.sees("Đã lưu cài đặt")
    administrator.go("/audit?kind=settings")
    administrator.sees("contact_phone: – → 0209 3876 543")
    administrator.press("Kiểm tra cả sổ ngay")
    administrator.sees("còn nguyên vẹn")
