"""A phone that plays no Ogg Opus hears the same clips as AAC; one that plays neither takes the file away."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from broadcaster.protocol.values import DeliveryState
from tests.browser.conftest import Enter
from tests.browser.rig.chromium import PATIENCE_MS, Chromium, ask
from tests.browser.rig.person import Person
from tests.browser.rig.stage import Stage

TITLE = "Nghe trên iPhone cũ"
IDLE = 1
"""A media element's ``networkState`` when it has what it wants for now."""


def without_ogg(page: Page) -> list[str]:
    """Let this browser be one that knows no Ogg; the addresses of sound it was given."""
    heard: list[str] = []
    page.add_init_script(
        """const knows = HTMLMediaElement.prototype.canPlayType;
        HTMLMediaElement.prototype.canPlayType = function (type) {
          return /ogg|opus/.test(type) ? "" : knows.call(this, type);
        };"""
    )
    page.route("**/*.ogg", lambda route: route.fulfill(status=404, content_type="text/plain", body="no Ogg here"))
    page.on("response", lambda answer: heard.append(answer.url) if answer.url.endswith(".m4a") and answer.ok else None)
    return heard


def plays(sound: Locator) -> None:
    """Press play, once there is something to play, and wait until sound went by."""
    expect(sound).to_have_js_property("networkState", IDLE)
    sound.focus()
    sound.press(" ")
    expect(sound).to_have_js_property("paused", False)
    for _ in range(PATIENCE_MS // 100):
        if ask(sound, "sound => sound.currentTime") > 0.3:
            break
        sound.page.wait_for_timeout(100)
    assert ask(sound, "sound => sound.currentTime") > 0.3
    assert str(ask(sound, "sound => sound.currentSrc")).endswith(".m4a")


def approved(enter: Enter) -> tuple[Person, Person, str]:
    officer, chair = enter("canbo"), enter("chutich")
    without_ogg(officer.page)
    officer.write(TITLE, "Kính thưa bà con! Họp lúc 19h tại nhà văn hóa thôn.", "lung-pang")
    announcement = officer.save()
    plays(officer.page.locator("audio").first)
    officer.press("Gửi duyệt")
    heard = without_ogg(chair.page)
    chair.go("/approvals")
    plays(chair.page.locator("audio").first)
    assert heard
    chair.go(announcement)
    chair.press("Duyệt")
    expect(chair.page.locator(".page-head")).to_contain_text("Đã duyệt")
    return officer, chair, announcement


def test_officer_approver_and_residents_hear_the_copy(enter: Enter, stage: Stage, chromium: Chromium) -> None:
    officer, chair, announcement = approved(enter)
    officer.go(announcement)
    officer.follow("Phát ngay")
    officer.page.get_by_role("button", name=re.compile("Phát đến 1 cụm loa")).click()
    officer.page.wait_for_url(re.compile("/broadcasts/"))
    broadcast = stage.latest_broadcast()
    stage.report(broadcast, "lung-pang", DeliveryState.PLAYING)
    stage.report(broadcast, "lung-pang", DeliveryState.PLAYED, played_ms=8_000)
    context = chromium.new_context(viewport={"width": 375, "height": 667}, has_touch=True, is_mobile=True)
    phone = context.pages[0]
    heard = without_ogg(phone)
    phone.goto(f"{stage.address}/tin/{broadcast}")
    plays(phone.locator("audio"))
    assert heard
    with phone.expect_download() as taken:
        phone.get_by_role("link", name="Tải tệp âm thanh về máy").click()
    assert taken.value.path().read_bytes()[4:8] == b"ftyp"
    chromium.close(context)
    for person in (officer, chair):
        assert all("404" in error or "503" in error for error in person.errors), person.errors
        person.errors.clear()  # Chromium notes every Ogg that it was not given


@pytest.mark.parametrize("script_after_ms", [0, 3_000])
def test_a_copy_that_comes_a_moment_later_is_waited_for(enter: Enter, script_after_ms: int) -> None:
    """Also where the script comes over a weak link, after the browser has given up on every source."""
    officer = enter("canbo")
    without_ogg(officer.page)
    early = iter((True, True, True))

    def late(route: Route) -> None:
        if next(early, False):
            route.fulfill(status=503, body="")
        else:
            route.fallback()

    def slow(route: Route) -> None:
        officer.page.wait_for_timeout(script_after_ms)
        route.fallback()

    officer.page.route("**/*.m4a", late)
    officer.write(TITLE, "Nghe sau một chút.", "lung-pang")
    announcement = officer.save()
    if script_after_ms:
        early = iter((True, True, True))
        officer.page.route("**/player.js*", slow)
        officer.go(announcement)
    sound = officer.page.locator("audio").first
    plays(sound)
    expect(officer.page.locator("[data-unplayable]")).to_be_hidden()
    officer.errors.clear()


def test_where_nothing_plays_the_file_is_offered(enter: Enter) -> None:
    officer = enter("canbo")
    without_ogg(officer.page)
    officer.page.route("**/*.m4a", lambda route: route.fulfill(status=415, body=""))
    officer.write(TITLE, "Không nghe được ở đây.", "lung-pang")
    officer.save()
    officer.sees("Máy này không phát được âm thanh ở đây.")
    address = officer.page.locator("[data-unplayable] a").get_attribute("href")
    assert address
    assert address.endswith(".m4a")
    officer.errors.clear()
