"""Pictures of every page of the running console, at 1280 and 360 pixels, light and dark: ``docs/screenshots/*.png``.

``python -m bench.screenshots [FOLDER]``. The commune is the demo's; the voice is real, the poles are played.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from broadcaster.protocol.values import DeliveryState
from tests.browser.stage import Stage, now, open_stage

FOLDER = Path(__file__).parent.parent / "docs" / "screenshots"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-background-networking", "--lang=vi-VN"]
WIDTHS = {"desk": (1280, 860), "phone": (360, 740)}
TEXTS = Path(__file__).parent.parent / "tests" / "data" / "announcements"

FEES = """Kính gửi toàn thể bà con thôn Bản Cuôn!
Ban cán sự thôn thông báo thu các khoản quỹ quý IV/2026:
a) Quỹ vệ sinh môi trường: 6.000 đồng/khẩu/tháng;
b) Tiền điện chiếu sáng: 45.000đ/hộ/quý.
Hạn cuối 17h ngày 30/11. Liên hệ BCH thôn, SĐT 0912 345 678. Xin cảm ơn bà con."""
VACCINES = """Trạm Y tế xã tổ chức tiêm chủng mở rộng từ 7h30 đến 11h ngày 05/12/2026 tại nhà văn hóa thôn.
Đề nghị các gia đình có trẻ từ 2 đến 18 tháng tuổi đưa trẻ đi tiêm đúng giờ, mang theo sổ tiêm."""
POWER = "Điện lực thông báo cắt điện từ 07h00 – 11h30 ngày 28/11/2026 để bảo dưỡng đường dây. Mong bà con thông cảm."


class Walk:
    """One signed-in person in a browser window of the desk's width."""

    def __init__(self, browser: Browser, stage: Stage, username: str) -> None:
        self.stage = stage
        self.page = browser.new_context(locale="vi-VN").new_page()
        self.go("/login")
        self.page.fill("#username", username)
        self.page.fill("#password", stage.passwords[username])
        self.page.click("main form button")
        self.page.wait_for_url(stage.address + "/")

    def go(self, path: str) -> None:
        self.page.goto(self.stage.address + path)

    def press(self, words: str) -> None:
        self.page.locator("main").get_by_role("button", name=words, exact=True).first.click()

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.stage.address)

    def write(self, title: str, text: str, *zones: str) -> str:
        """Write an announcement and wait for its clip; the path of its page."""
        self.go("/announcements/new")
        self.page.fill("#title", title)
        self.page.fill("#text", text)
        for zone in zones:
            self.page.locator("#compose").get_by_label(zone, exact=True).check()
        self.press("Lưu và nghe thử")
        self.page.locator("audio").first.wait_for(timeout=60_000)
        return self.path


def live(browser: Browser, stage: Stage) -> dict[str, str]:
    """A morning in the commune; the pages worth a picture, by name."""
    officer, chair = Walk(browser, stage, "canbo"), Walk(browser, stage, "chutich")
    for pole in stage.poles:
        stage.online(pole)
    stage.online(stage.poles[2], online=False)
    fees = officer.write("Thu quỹ quý IV/2026", FEES, "Toàn xã Côn Minh")
    for path in (fees, officer.write("Lịch tiêm chủng tháng 12", VACCINES, "Toàn xã Côn Minh")):
        officer.go(path)
        officer.press("Gửi duyệt")
    chair.go(fees)
    chair.press("Duyệt")
    pictures = {"announcement-to-approve": chair.path} | _broadcast(officer, stage, fees)
    officer.go(f"{fees}/slot")
    officer.press("Đưa vào khung giờ")
    draft = officer.write("Cắt điện ngày 28/11", POWER, "Bản Cuôn", "Lủng Pảng")
    return pictures | {
        "home": "/",
        "announcements": "/announcements",
        "announcement": fees,
        "edit": f"{draft}/edit",
        "approvals": "/approvals",
        "confirm": f"{fees}/broadcast",
        "timetable": "/timetable",
        "next-week": f"/timetable?from={(now() + timedelta(days=7)).date()}",
        "slot": officer.path,
        "slot-new": "/slots/new",
        "choose-slot": f"{fees}/slot",
        "nodes": "/nodes",
        "node": f"/nodes/{stage.poles[0]}",
        "log": "/log",
        "compose": "/announcements/new",
        "people": "/people",
        "person-new": "/people/new",
        "not-found": "/khong-co",
    }


def _broadcast(officer: Walk, stage: Stage, path: str) -> dict[str, str]:
    """Order a broadcast and let the poles play it: one whole, one still at it, one out of reach."""
    officer.go(f"{path}/broadcast")
    officer.page.locator("main form button.primary").click()
    broadcast = stage.latest_broadcast()
    for pole in stage.poles[:2]:
        stage.report(broadcast, pole, DeliveryState.STORED)
        stage.report(broadcast, pole, DeliveryState.PLAYING)
    stage.report(broadcast, stage.poles[0], DeliveryState.PLAYED, played_ms=35_100)
    return {"broadcast": f"/broadcasts/{broadcast}"}


def shoot(page: Page, stage: Stage, pictures: dict[str, str], save: Callable[[str], Path]) -> list[str]:
    """Every picture; the names of pages wider than the window."""
    too_wide = []
    window = page.viewport_size
    assert window
    for name, path in pictures.items():
        page.goto(stage.address + path)
        if name == "compose":
            page.fill("#title", "Thu quỹ quý IV/2026")
            page.fill("#text", FEES)
            page.wait_for_timeout(1500)
        page.wait_for_timeout(400)
        _unroll(page)
        page.screenshot(path=save(name))
        page.set_viewport_size(window)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            too_wide.append(name)
    return too_wide


def _unroll(page: Page) -> None:
    """Make the window as high as the page, so that what sticks to its bottom is at the bottom of the picture."""
    window = page.viewport_size
    assert window
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": window["width"], "height": max(height, window["height"])})


def main(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    too_wide: list[str] = []
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch, open_stage(Path(scratch)) as stage, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        pictures = live(browser, stage)
        for scheme in ("light", "dark"):
            for width, (x, y) in WIDTHS.items():
                too_wide += _round(browser, stage, pictures, folder, (scheme, width, x, y))
        browser.close()
    print(f"{len(list(folder.glob('*.png')))} pictures in {time.monotonic() - started:.0f} s")
    print("wider than the window:", ", ".join(too_wide) or "none")
    return 1 if too_wide else 0


def _round(
    browser: Browser, stage: Stage, pictures: dict[str, str], folder: Path, look: tuple[str, str, int, int]
) -> list[str]:
    """All pages in one look, as the chair (who sees most), the people's pages as the administrator."""
    scheme, width, x, y = look
    wide = []
    for username in ("chutich", "quantri"):
        context = browser.new_context(
            viewport={"width": x, "height": y},
            color_scheme=scheme,
            locale="vi-VN",
            device_scale_factor=1,  # type: ignore[arg-type]
        )
        page = context.new_page()
        page.goto(stage.address + "/login")
        if username == "chutich":
            page.screenshot(path=folder / f"login-{width}-{scheme}.png")
        page.fill("#username", username)
        page.fill("#password", stage.passwords[username])
        page.click("main form button")
        page.wait_for_url(stage.address + "/")
        for_administrator = username == "quantri"
        chosen = {name: path for name, path in pictures.items() if path.startswith("/people") == for_administrator}
        wide += shoot(page, stage, chosen, lambda name: folder / f"{name}-{width}-{scheme}.png")
        context.close()
    return [f"{name} ({width})" for name in wide]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER))
