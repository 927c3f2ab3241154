"""How many presses and pages it takes from a typed text to the air, counted as people press and pages open."""

from playwright.sync_api import Page

from broadcaster.station.emergencies import phrasebook
from broadcaster.station.schema import Broadcast, SlotItem
from tests.browser.conftest import Enter
from tests.browser.rig.person import Person
from tests.browser.rig.stage import Stage

COUNTING = """() => addEventListener('pointerdown', event => {
  if (event.target.closest('a, button, label, summary')) {
    sessionStorage.presses = Number(sessionStorage.presses || 0) + 1;
  }
}, true)"""


class Counted:
    """A person whose presses are counted in the browser itself, and whose pages by their addresses."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.pages: list[str] = [person.page.url]
        person.page.add_init_script(f"({COUNTING})()")
        person.page.on("framenavigated", lambda frame: frame.parent_frame or self._opened(frame.url))
        person.look_again()

    def _opened(self, url: str) -> None:
        plain = url.partition("?")[0].partition("#")[0]
        if plain != self.pages[-1]:
            self.pages.append(plain)

    @property
    def page(self) -> Page:
        return self.person.page

    @property
    def presses(self) -> int:
        self.person.errors.clear()  # a stream of news that is turned away is asked for again, and Chromium notes it
        return int(self.page.evaluate("Number(sessionStorage.presses || 0)"))


def written(officer: Counted, title: str, text: str) -> None:
    """From home to the page on which it can be sent."""
    officer.page.get_by_role("link", name="Soạn bản tin").locator("visible=true").first.click()
    officer.page.fill("#title", title)
    officer.page.fill("#text", text)
    officer.page.locator('label:has(input[name="zones"][value="con-minh"])').click()
    officer.page.locator("main").get_by_role("button", name="Lưu và nghe thử").locator("visible=true").first.click()
    officer.page.get_by_role("button", name="Gửi duyệt", exact=True).wait_for(timeout=60_000)


def released(chair: Counted, words: str) -> None:
    """From home, where what waits can be heard and released."""
    chair.person.look_again()
    chair.page.locator("main").get_by_role("button", name=words).first.click()
    chair.page.get_by_text("Đã duyệt và").first.wait_for()


def test_now_takes_five_presses_and_four_pages(enter: Enter, stage: Stage) -> None:
    officer, chair = Counted(enter("canbo")), Counted(enter("chutich"))
    written(officer, "Mất nước", "Sáng nay mất nước, mời bà con trữ nước.")
    officer.page.get_by_role("button", name="Gửi duyệt, phát ngay khi duyệt").click()
    officer.page.get_by_text("Đang chờ người khác duyệt").wait_for()
    released(chair, "Duyệt và phát ngay")
    with stage.database.reading() as s:
        assert [each.title for each in s.query(Broadcast)] == ["Mất nước"]
    assert officer.presses + chair.presses <= 5
    assert len({*officer.pages, *chair.pages}) <= 4


def test_a_daily_slot_takes_five_presses_and_four_pages(enter: Enter, stage: Stage) -> None:
    officer, chair = Counted(enter("canbo")), Counted(enter("chutich"))
    written(officer, "Đội mũ bảo hiểm", "Bà con nhớ đội mũ bảo hiểm khi đi xe máy.")
    officer.page.get_by_role("button", name="Gửi duyệt, phát trong khung giờ").click()
    officer.page.get_by_text("Đang chờ người khác duyệt").wait_for()
    released(chair, "Duyệt và đưa vào khung giờ")
    with stage.database.reading() as s:
        item = s.query(SlotItem).one()
        assert item.last_on is not None
        assert item.last_on > item.first_on
    assert officer.presses + chair.presses <= 5
    assert len({*officer.pages, *chair.pages}) <= 4


def test_a_prepared_alarm_by_two_people_takes_six_presses(enter: Enter, stage: Stage) -> None:
    book = ready_book(enter, stage)
    officer, chair = Counted(enter("canbo")), Counted(enter("chutich"))
    officer.page.get_by_role("link", name="Khẩn cấp").locator("visible=true").first.click()
    officer.page.locator(f'.tiles a[href$="{book["storm"]}"]').click()
    officer.page.get_by_text("Báo động THẬT").click()
    officer.page.locator("main").get_by_role("button", name="Ra lệnh báo động").click()
    officer.page.get_by_text("đang chờ người thứ hai xác nhận").first.wait_for()
    chair.person.look_again()
    chair.page.locator("main").get_by_text("Báo động THẬT", exact=True).first.click()
    chair.page.locator("main").get_by_role("button", name="Xác nhận, phát báo động").click()
    chair.page.get_by_text("Đã ra lệnh phát.").wait_for()
    assert officer.presses + chair.presses <= 6


def test_without_javascript_both_find_the_same_buttons(enter: Enter) -> None:
    officer = enter("canbo", java_script_enabled=False)
    chair = enter("chutich", java_script_enabled=False)
    officer.write("Họp thôn", "Mời bà con họp thôn lúc 19h30 tối nay.", "lung-pang")
    officer.save_without_script()
    officer.press("Gửi duyệt, phát ngay khi duyệt")
    officer.sees("Đang chờ người khác duyệt")
    chair.go("/")
    chair.press("Duyệt và phát ngay")
    chair.sees("Đã duyệt và ra lệnh phát ngay.")


def ready_book(enter: Enter, stage: Stage) -> dict[str, str]:
    """The shipped texts, copied by the officer and released by the chair in one sitting; ids by kind."""
    officer, chair = enter("canbo"), enter("chutich")
    officer.go("/emergency/book")
    officer.press("Chép các lời cảnh báo mẫu")
    chair.go("/emergency/book")
    await_clips(chair, len(phrasebook.shipped()))
    chair.page.get_by_text("Tôi đã nghe và đọc tất cả").click()
    chair.page.locator("main").get_by_role("button", name="Duyệt cả").click()
    chair.sees("lời cảnh báo.")
    with stage.database.reading() as s:
        return {str(each.phrase): each.id for each in phrasebook.book(s)}


def await_clips(chair: Person, count: int) -> None:
    for _ in range(120):
        if chair.page.get_by_role("button", name=f"Duyệt cả {count} lời cảnh báo").count():
            return
        chair.page.wait_for_timeout(1_000)
        chair.look_again()
    raise AssertionError("the clips of the ready texts were not made")
