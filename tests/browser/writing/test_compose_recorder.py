"""Recording in the browser: Chromium's own pretended microphone, which beeps once a second."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Playwright, expect

from tests.browser.rig.chromium import Chromium
from tests.browser.rig.person import Person
from tests.browser.rig.stage import Stage

MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
AFTER_A_MOMENT, AFTER_A_SECOND = re.compile("0:0[1-9]|0:[1-5]"), re.compile("0:0[2-9]|0:[1-5]")
"""At least so long: a busy machine draws not every second."""
Speak = Callable[[], Person]


@pytest.fixture(scope="module")
def listening(playwright: Playwright) -> Iterator[Chromium]:
    """A second Chromium, with a microphone; the first one has none."""
    browser = Chromium(playwright, *MICROPHONE)
    yield browser
    browser.close()


@pytest.fixture
def speaker(listening: Chromium, stage: Stage) -> Iterator[Person]:
    person = Person(listening, stage, "canbo")
    yield person
    assert person.errors == []
    person.leave()


def open_recorder(person: Person, title: str) -> None:
    person.write(title, "Lời của trưởng thôn.", "lung-vai")
    person.save()
    person.page.get_by_text("Dùng bản ghi âm thay giọng đọc máy").click()


def test_a_voice_is_recorded_heard_and_sent_without_leaving_the_page(speaker: Person) -> None:
    open_recorder(speaker, "Ghi âm trên trang")
    page = speaker.page
    speaker.press("Ghi âm ngay trên trang này")
    expect(page.locator("[data-part=elapsed]").first).to_have_text(AFTER_A_SECOND)
    assert speaker.ask("document.querySelector('[data-part=level]').value") >= 0
    speaker.press("Dừng ghi")
    speaker.can_hear("[data-part=sound]", longer_than_seconds=1.5)
    assert speaker.ask("document.querySelector('#recording').files[0].type") == "audio/wav"
    speaker.press("Tải lên")
    speaker.sees("Loa phát bản ghi âm “ghi âm.wav”")
    page.locator("audio[controls]:has(source[src^='/clips/'])").wait_for()
    expect(page.locator("[data-src$='/sound']")).to_contain_text("Bản ghi âm")


def test_a_recording_survives_a_server_that_does_not_answer(speaker: Person) -> None:
    open_recorder(speaker, "Ghi rồi mất mạng")
    page = speaker.page
    speaker.press("Ghi âm ngay trên trang này")
    expect(page.locator("[data-part=elapsed]").first).to_have_text(AFTER_A_MOMENT)
    speaker.press("Dừng ghi")
    page.route("**/recording", lambda route: route.abort())
    speaker.press("Tải lên")
    speaker.sees("Bản ghi vẫn còn ở đây; hãy bấm lại khi có mạng.")
    page.unroute("**/recording")
    speaker.errors.clear()  # Chromium notes the lost connection
    speaker.press("Tải lên")
    speaker.sees("Loa phát bản ghi âm “ghi âm.wav”")


def test_a_version_in_another_language_is_recorded_the_same_way(speaker: Person) -> None:
    speaker.write("Bản tiếng Mông", "Mời bà con đi họp.", "lung-vai")
    speaker.save()
    card = speaker.page.locator("#versions")
    card.get_by_text("Ghi âm bằng tiếng khác").click()
    card.get_by_label("Thứ tiếng").select_option("hmn")
    card.get_by_role("button", name="Ghi âm ngay trên trang này").click()
    expect(card.locator("[data-part=elapsed]")).to_have_text(AFTER_A_MOMENT)
    card.get_by_role("button", name="Dừng ghi").click()
    card.get_by_role("button", name="Tải lên").click()
    expect(card.get_by_role("heading", name="Tiếng Mông")).to_be_visible()
    card.locator("audio:has(source[src^='/clips/'])").wait_for()
    speaker.press("Gửi duyệt")
    speaker.sees("Đang chờ người khác duyệt")


def test_a_machine_without_microphone_says_what_else_can_be_done(chromium: Chromium, stage: Stage) -> None:
    officer = Person(chromium, stage, "canbo")
    open_recorder(officer, "Không có micro")
    officer.press("Ghi âm ngay trên trang này")
    officer.page.locator("[data-say=absent], [data-say=refused]").locator("visible=true").wait_for()
    assert officer.page.locator("#recording").is_visible()
    officer.leave()


def test_an_address_browsers_do_not_trust_says_how_to_record_instead(listening: Chromium, stage: Stage) -> None:
    officer = Person(listening, stage, "canbo")
    officer.context.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    open_recorder(officer, "Địa chỉ không an toàn")
    officer.press("Ghi âm ngay trên trang này")
    officer.sees("Trình duyệt chỉ cho ghi âm khi mở trang bằng địa chỉ https")
    officer.leave()
