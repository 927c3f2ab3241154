"""Pictures of every page of the running product, at 1280 and 360 pixels, light and dark: ``docs/screenshots/*.png``.

``python -m tests.browser.rig.screenshots [FOLDER]`` starts the demo commune as ``make run`` does, with its broker and
three nodes.
"""

import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, ViewportSize

from tests.browser.rig.chromium import Chromium, ask, driver
from tests.browser.rig.person import Person
from tests.integration.whole.officer import nodes
from tests.integration.whole.running_station import running, until

FOLDER = Path(__file__).parents[3] / "docs" / "screenshots"
FEES = """Kính gửi toàn thể bà con thôn Bản Cuôn!
Ban cán sự thôn thông báo thu các khoản quỹ quý IV/2026:
a) Quỹ vệ sinh môi trường: 6.000 đồng/khẩu/tháng;
b) Tiền điện chiếu sáng: 45.000đ/hộ/quý.
Hạn cuối 17h ngày 30/11. Liên hệ BCH thôn, SĐT 0912 345 678. Xin cảm ơn bà con."""
VACCINES = """Trạm Y tế xã tổ chức tiêm chủng mở rộng từ 7h30 đến 11h ngày 05/12/2026 tại nhà văn hóa thôn.
Đề nghị các gia đình có trẻ từ 2 đến 18 tháng tuổi đưa trẻ đi tiêm đúng giờ, mang theo sổ tiêm."""
POWER = "Điện lực thông báo cắt điện từ 07h00 – 11h30 ngày 28/11/2026 để bảo dưỡng đường dây. Mong bà con thông cảm."

PLAYED_MS = 300_000
"""For the longest text to be played whole by every node, the one on a poor link too."""
Pictures = dict[str, str]
"""Paths of pages worth a picture, by name."""
ALWAYS: Pictures = {
    "people": "/people",
    "person-new": "/people/new",
    "node-new": "/nodes/new",
    "map": "/nodes/map",
    "hamlets": "/hamlets",
    "report": "/reports",
    "settings": "/settings",
    "voices": "/voices",
    "audit": "/audit",
    "account": "/account",
    "second-factor": "/account/second-factor",
}
"""Pages that need no day to have something on them."""


@dataclass(frozen=True, slots=True)
class WindowKind:
    """One way of looking at the console: a window and a colour scheme."""

    name: str
    width: int
    height: int
    scheme: Literal["light", "dark"]

    @property
    def window(self) -> ViewportSize:
        return {"width": self.width, "height": self.height}


WINDOWS = (
    WindowKind("desk-light", 1280, 860, "light"),
    WindowKind("phone-light", 360, 740, "light"),
    WindowKind("desk-dark", 1280, 860, "dark"),
    WindowKind("phone-dark", 360, 740, "dark"),
)


@dataclass(frozen=True, slots=True)
class Village:
    """address: of the console; passwords: of its people, by username; nodes: ids of its nodes."""

    address: str
    passwords: dict[str, str]
    virtual_nodes: list[str]


@contextmanager
def demo(folder: Path) -> Iterator[Village]:
    """The whole house as a newcomer starts it, every node online."""
    with running(folder / "var") as station:
        until(lambda: all(node["online"] for node in nodes(station)), seconds=30, what="three nodes online")
        passwords = dict(re.findall(r"^ +(canbo|chutich|quantri) +(\S+) ", station.words, re.MULTILINE))
        yield Village(f"http://127.0.0.1:{station.port}", passwords, [node["id"] for node in nodes(station)])


def morning(browser: Chromium, stage: Village) -> Pictures:
    """A morning in the commune, and the pages it leaves behind."""
    officer, chair = Person(browser, stage, "canbo"), Person(browser, stage, "chutich")
    officer.write("Thu quỹ quý IV/2026", FEES, "con-minh")
    _ask_for_money(officer.page)
    fees = officer.save()
    officer.press("Gửi duyệt")
    officer.write("Lịch tiêm chủng tháng 12", VACCINES, "con-minh")
    vaccines = officer.save()
    officer.press("Gửi duyệt")
    chair.go(fees)
    chair.press("Duyệt")
    broadcast = _broadcast(officer, fees)
    officer.go(f"{fees}/slot")
    officer.press("Đưa vào khung giờ")
    officer.sees("Đã đưa vào khung giờ")
    slot = officer.path
    _survey(Person(browser, stage, "quantri"), stage.virtual_nodes)
    officer.go("/dictionary")
    officer.page.fill("#written", "NVHCĐ")
    officer.page.fill("#reading", "nhà văn hóa cộng đồng")
    officer.press("Lưu")
    officer.write("Cắt điện ngày 28/11", POWER, "ban-cuon", "lung-pang")
    return _pages(fees=fees, vaccines=vaccines, broadcast=broadcast, slot=slot, draft=officer.save()) | {
        **ALWAYS,
        "node-settings": f"/nodes/{stage.virtual_nodes[0]}/settings",
        "node-health": f"/nodes/{stage.virtual_nodes[0]}/health?days=1",
        "node": f"/nodes/{stage.virtual_nodes[0]}",
        "alarm": _drill(officer, chair),
        "collisions": "/collisions",
    }


def _pages(*, fees: str, vaccines: str, broadcast: str, slot: str, draft: str) -> Pictures:
    return {
        "broadcast": broadcast,
        "home": "/",
        "matters": "/matters",
        "compose": "/announcements/new",
        "edit": f"{draft}/edit",
        "announcements": "/announcements",
        "announcement": fees,
        "announcement-to-approve": vaccines,
        "approvals": "/approvals",
        "confirm": f"{fees}/broadcast",
        "timetable": "/timetable",
        "next-week": f"/timetable?from={(datetime.now(UTC) + timedelta(days=7)).date()}",
        "slot": slot,
        "slot-new": "/slots/new",
        "slot-date": f"{slot}/dates/{(datetime.now(UTC) + timedelta(days=2)).date()}T05:00",
        "choose-slot": f"{fees}/slot",
        "nodes": "/nodes",
        "log": "/log",
        "dictionary": "/dictionary",
        "languages": "/languages",
        "patterns": "/patterns",
        "pattern": "/patterns/power_cut",
        "pattern-new": "/patterns/new",
        "emergency": "/emergency",
        "residents": "/xa",
        "residents-announcement": broadcast.replace("/broadcasts/", "/tin/"),
        "public-page": "/public-page",
        "feedback": "/feedback",
        "feedback-form": "/loa/ban-cuon",
        "sheets": "/public-page/sheets?unit=ban-cuon",
        "not-found": "/khong-co",
    }


def _ask_for_money(page: Page) -> None:
    page.get_by_text("Thu tiền qua ngân hàng").first.click()
    page.select_option("#levy_bank", "970405")
    for name, typed in (("account", "3713123456789"), ("holder", "Thôn Bản Cuôn"), ("purpose", "Quỹ quý IV")):
        page.fill(f"#levy_{name}", typed)


def _drill(officer: Person, chair: Person) -> str:
    """An exercise that repeats, by two people, of a text the station shipped; the path of its story."""
    officer.go("/emergency")
    officer.press("Tạo bản diễn tập")
    officer.page.get_by_role("link", name="Ra lệnh diễn tập").wait_for(timeout=120_000)
    officer.follow("Ra lệnh diễn tập")
    officer.page.get_by_label("DIỄN TẬP").check()
    officer.page.select_option("#every_minutes", "5")
    officer.press("Ra lệnh diễn tập")
    chair.go("/emergency")
    chair.page.get_by_label("DIỄN TẬP").first.check()
    chair.press("Xác nhận, phát diễn tập")
    chair.follow("Xem diễn biến")
    chair.sees("Đang lặp lại")
    return chair.path


def _survey(administrator: Person, virtual_nodes: list[str]) -> None:
    """Where the nodes stand, so that the map has something to show."""
    for virtual_node, position in zip(
        virtual_nodes, ("22.1562, 105.8553", "22.1431, 105.9102", "22.1205, 105.8801"), strict=False
    ):
        administrator.go(f"/nodes/{virtual_node}/settings")
        administrator.page.fill("#position", position)
        administrator.press("Lưu cài đặt")
    administrator.leave()


def _broadcast(officer: Person, announcement: str) -> str:
    """Order a broadcast, and wait until every node says that it played the whole."""
    officer.go(f"{announcement}/broadcast")
    officer.page.locator("main form button.primary").click()
    officer.page.wait_for_url("**/broadcasts/*")
    officer.page.get_by_text("3 đã phát").wait_for(timeout=PLAYED_MS)  # the README shows it
    return officer.path


def _is_administrators(path: str) -> bool:
    """Pages the chair may not see, or sees with less on them."""
    return path.startswith(("/people", "/nodes", "/hamlets", "/settings", "/audit", "/voices"))


def shoot(browser: Chromium, stage: Village, pictures: Pictures, *, window_kind: WindowKind, folder: Path) -> list[str]:
    """Every page in one window, as the chair, who sees most; people's pages as the administrator; pages too wide."""
    wide = []
    for username in ("chutich", "quantri"):
        mine = {name: path for name, path in pictures.items() if _is_administrators(path) == (username == "quantri")}
        person = Person(browser, stage, username, viewport=window_kind.window, color_scheme=window_kind.scheme)
        for name, path in mine.items():
            person.go(path)
            wide += _shoot_page(person.page, name, folder / f"{name}-{window_kind.name}.png")
            person.page.set_viewport_size(window_kind.window)
        person.leave()
    return [f"{name} ({window_kind.name})" for name in wide]


def _shoot_page(page: Page, name: str, path: Path) -> list[str]:
    if name == "compose":
        page.fill("#title", "Thu quỹ quý IV/2026")
        page.fill("#text", FEES)
        page.wait_for_timeout(1200)
    page.wait_for_timeout(300)
    width, height = ask(page, "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    window = page.viewport_size
    assert window
    # A window as high as the page: what sticks to its bottom then is at the bottom of the picture.
    page.set_viewport_size({"width": window["width"], "height": max(height, window["height"])})
    page.screenshot(path=path)
    return [name] if width > window["width"] else []


def shoot_login(browser: Chromium, stage: Village, *, window_kind: WindowKind, folder: Path) -> None:
    page = browser.new_context(viewport=window_kind.window, color_scheme=window_kind.scheme).pages[0]
    page.goto(stage.address + "/login")
    page.screenshot(path=folder / f"login-{window_kind.name}.png")
    browser.close(page.context)


def main(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    wide: list[str] = []
    with tempfile.TemporaryDirectory() as scratch, demo(Path(scratch)) as stage, driver() as playwright:
        browser = Chromium(playwright)
        pictures = morning(browser, stage)
        for window_kind in WINDOWS:
            shoot_login(browser, stage, window_kind=window_kind, folder=folder)
            wide += shoot(browser, stage, pictures, window_kind=window_kind, folder=folder)
        browser.close()
    print(f"{len(list(folder.glob('*.png')))} pictures in {time.monotonic() - began:.0f} s")
    print("wider than the window:", ", ".join(wide) or "none")
    return 1 if wide else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER))
