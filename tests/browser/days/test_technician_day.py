"""The technician's day: a node goes silent while it speaks, is found, looked after, and a new one is put up."""

import re

from playwright.sync_api import expect

from broadcaster.protocol.values import DeliveryState
from tests.browser.conftest import Enter
from tests.browser.rig.stage import Stage


def test_a_node_that_falls_silent_during_a_broadcast_is_seen_by_everybody_who_must_know(
    enter: Enter, stage: Stage
) -> None:
    stage.hire("kythuat", "Nông Văn Thợ", "technician")
    for virtual_node in stage.virtual_nodes:
        stage.online(virtual_node)
    officer, chair, technician = enter("canbo"), enter("chutich"), enter("kythuat")
    officer.write("Loa hỏng giữa chừng", "Mời bà con nghe hết bản tin này.", *stage.virtual_nodes)
    announcement = officer.save()
    officer.press("Gửi duyệt")
    chair.go(announcement)
    chair.press("Duyệt")
    officer.go(announcement)
    officer.follow("Phát ngay")
    officer.page.get_by_role("button", name=re.compile("Phát đến 3 cụm loa")).click()
    officer.page.wait_for_url(re.compile("/broadcasts/"))
    technician.go("/nodes/lung-vai")
    broadcast = stage.latest_broadcast()
    for virtual_node in stage.virtual_nodes:
        stage.report(broadcast, virtual_node, DeliveryState.PLAYING)
    officer.sees("3 đang phát")
    stage.online("lung-vai", online=False)
    expect(technician.page.locator("main")).to_contain_text("mất kết nối")
    stage.report(broadcast, "lung-vai", DeliveryState.INTERRUPTED, played_ms=900, reason="Mất điện giữa chừng.")
    for virtual_node in ("ban-cuon", "lung-pang"):
        stage.report(broadcast, virtual_node, DeliveryState.PLAYED, played_ms=5_000)
    row = officer.page.locator("tr", has_text="Lủng Vai")
    expect(row).to_contain_text("bị ngắt giữa chừng")
    expect(row).to_contain_text("Mất điện giữa chừng.")
    expect(officer.page.locator("main")).to_contain_text("Phát chưa đủ")
    stage.online("lung-vai")


def test_a_new_node_gets_its_code_and_the_keeper_of_an_old_one_is_written_down(enter: Enter, stage: Stage) -> None:
    stage.hire("kythuat", "Nông Văn Thợ", "technician")
    technician = enter("kythuat")
    technician.go("/nodes/new")
    technician.page.fill("#name", "Loa trường học")
    technician.press("Thêm và lấy mã")
    expect(technician.page.locator("#code")).not_to_be_empty()
    technician.go("/nodes?q=trường+học")
    technician.page.get_by_role("link", name="Loa trường học").first.click()
    node = technician.path
    technician.go(node + "/settings")
    technician.page.fill("#keeper_name", "Bà Hoàng Thị Mỵ")
    technician.page.fill("#keeper_phone", "0912 345 678")
    technician.press("Lưu cài đặt")
    technician.sees("Bà Hoàng Thị Mỵ")
    assert technician.page.get_by_role("link", name="Soạn bản tin").count() == 0
