"""The story of one announcement, as its people live it in the console."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import expect

from broadcaster.protocol.values import DeliveryState
from tests.browser.conftest import Enter
from tests.browser.rig.person import Person
from tests.browser.rig.stage import Stage

TEXT = (Path(__file__).parents[2] / "data" / "announcements" / "04-thu-quy.txt").read_text(encoding="utf-8")


def test_from_a_typed_text_to_nodes_that_report_back(enter: Enter, stage: Stage) -> None:
    officer, chair = enter("canbo"), enter("chutich")
    for virtual_node in stage.virtual_nodes:
        stage.online(virtual_node)
    announcement = write_and_send(officer)
    approve_and_broadcast(chair)
    watch_the_virtual_nodes(chair, stage)
    officer.go("/log?q=Thu+quỹ")
    officer.sees("3/3 cụm loa phát đủ")
    officer.page.locator("details", has_text="Từng cụm loa").first.click()
    officer.sees("64.0")
    put_into_the_evening(officer, announcement)


def write_and_send(officer: Person) -> str:
    officer.write("Thu quỹ quý IV", TEXT, "con-minh")
    officer.sees("sáu nghìn đồng")
    officer.sees("Ước tính")
    announcement = officer.save()
    officer.can_hear("audio", longer_than_seconds=20)
    officer.press("Gửi duyệt")
    officer.sees("Đang chờ người khác duyệt")
    return announcement


def approve_and_broadcast(chair: Person) -> None:
    chair.go("/approvals")
    chair.page.get_by_role("link", name="Thu quỹ quý IV").click()
    chair.press("Duyệt")
    chair.follow("Phát ngay")
    chair.page.get_by_role("button", name=re.compile("Phát đến 3 cụm loa")).click()
    chair.page.wait_for_url(re.compile("/broadcasts/"))


def watch_the_virtual_nodes(chair: Person, stage: Stage) -> None:
    """Each state appears by itself, on a page that is not loaded again."""
    row = chair.page.locator("tr", has_text="Bản Cuôn")
    expect(row).to_contain_text("đã lên lịch")
    chair.page.evaluate("window.stayed = true")
    broadcast = stage.latest_broadcast()
    for state, words in (
        (DeliveryState.STORED, "đã nhận"),
        (DeliveryState.PLAYING, "đang phát"),
        (DeliveryState.PLAYED, "đã phát"),
    ):
        stage.report(broadcast, "ban-cuon", state, played_ms=64_000 if state is DeliveryState.PLAYED else 0)
        expect(row).to_contain_text(words)
    expect(row).to_contain_text("1 phút 04 giây")
    for virtual_node in ("lung-pang", "lung-vai"):
        stage.report(broadcast, virtual_node, DeliveryState.PLAYING)
        stage.report(broadcast, virtual_node, DeliveryState.PLAYED, played_ms=64_000)
    expect(chair.page.locator("main")).to_contain_text("Đã phát xong")
    assert chair.ask("window.stayed")


def put_into_the_evening(officer: Person, announcement: str) -> None:
    officer.go(announcement)
    officer.follow("Đưa vào khung giờ")
    officer.page.locator(".choice", has_text="17:00").click()
    later = datetime.now(UTC).date() + timedelta(days=10)  # the text names a day that may be over
    officer.page.fill("#last_on", later.isoformat())
    officer.press("Đưa vào khung giờ")
    officer.sees("Đã đưa vào khung giờ")
    officer.go("/timetable")
    tomorrow = officer.page.locator(".cal-day").nth(1)
    expect(tomorrow).to_contain_text("17:00")
    expect(tomorrow).to_contain_text("Thu quỹ quý IV")


def test_the_whole_work_can_be_done_without_javascript(enter: Enter, stage: Stage) -> None:
    officer = enter("canbo", java_script_enabled=False)
    chair = enter("chutich", java_script_enabled=False)
    officer.write("Không cần JavaScript", "Họp lúc 19h30 ngày 30/11.", "ban-cuon")
    officer.press("Xem trước văn bản đọc")
    officer.sees("mười chín giờ ba mươi")
    announcement = officer.save_without_script()
    officer.press("Gửi duyệt")
    chair.go(announcement)
    chair.press("Duyệt")
    chair.follow("Phát ngay")
    chair.page.get_by_role("button", name=re.compile("Phát đến 1 cụm loa")).click()
    chair.sees("đã lên lịch")


def test_a_node_that_goes_offline_is_seen_without_reloading(enter: Enter, stage: Stage) -> None:
    officer = enter("canbo")
    stage.online("ban-cuon")
    officer.go("/nodes")
    row = officer.page.locator("tr", has_text="Bản Cuôn")
    expect(row).to_contain_text("đang kết nối")
    stage.online("ban-cuon", online=False)
    expect(row).to_contain_text("mất kết nối")
