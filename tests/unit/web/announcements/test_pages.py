"""Bản tin: written, previewed, listened to, and never lost."""

import pytest

from tests.unit.web.commune import Commune, send

pytestmark = pytest.mark.integration
DRAFT = {
    "title": "Thu quỹ quý IV",
    "text": "Thu quỹ 6.000 đồng/khẩu/tháng, hạn cuối 17h ngày 30/11.",
    "zones": ["lung-pang"],
    "class": "routine",
    "voice": "auto",
    "rate_percent": "100",
    "repeats": "1",
}
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def created(commune: Commune, browser, **changes: object) -> str:
    answer = send(browser, "/announcements", {**DRAFT, **changes}, page="/announcements/new")
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"].rsplit("/", 1)[1]


def test_a_draft_is_saved_and_its_words_are_shown(commune: Commune) -> None:
    browser = commune.browser()
    page = browser.get(f"/announcements/{created(commune, browser)}").text
    assert "Thu quỹ quý IV" in page
    assert "sáu nghìn đồng" in page
    assert "Đang tạo tệp phát" in page


def test_the_player_appears_when_the_clip_is_made(commune: Commune) -> None:
    browser = commune.browser()
    made = created(commune, browser)
    commune.make_clips()
    fragment = browser.get(f"/announcements/{made}/sound").text
    assert "<audio" in fragment
    assert "<html" not in fragment
    address = fragment.split('src="')[1].split('"')[0]
    sound = browser.get(address, buffered=True)
    assert sound.status_code == 200
    assert sound.mimetype == "audio/ogg"
    assert "immutable" in sound.headers["Cache-Control"]


def test_a_clip_can_be_fetched_in_ranges(commune: Commune) -> None:
    browser = commune.browser()
    made = created(commune, browser)
    commune.make_clips()
    address = browser.get(f"/announcements/{made}/sound").text.split('src="')[1].split('"')[0]
    assert browser.get(address, headers={"Range": "bytes=0-3"}, buffered=True).data == b"OggS"


def test_preview_without_javascript_keeps_the_form_and_saves_nothing(commune: Commune) -> None:
    browser = commune.browser()
    page = send(browser, "/announcements", {**DRAFT, "preview": "1"}).text
    assert "sáu nghìn đồng" in page
    assert "Thu quỹ 6.000 đồng/khẩu/tháng" in page
    assert 'value="lung-pang" checked' in page
    assert "Chưa có bản tin nào" in browser.get("/announcements").text


def test_the_preview_fragment_marks_words_and_estimates_the_length(commune: Commune) -> None:
    fragment = send(commune.browser(), "/preview", {"text": "Họp lúc 19h30."}).text
    assert "mười chín giờ" in fragment
    assert "Ước tính" in fragment
    assert "giây" in fragment


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": "  "}, "Hãy"),
        ({"text": ""}, "Nội dung bản tin đang trống"),
        ({"text": "🎉🎉🎉"}, "không có từ nào đọc được"),
        ({"zones": []}, "Chưa chọn nơi phát"),
        ({"zones": ["khong-co"]}, "khong-co"),
        ({"class": "nonsense"}, "Loại bản tin"),
        ({"rate_percent": "nhanh"}, "Tốc độ đọc phải là một số"),
        ({"repeats": "99"}, "Số lần đọc"),
        ({"valid_until_on": "2020-01-01"}, "Hạn phát đã qua"),
        ({"valid_until_on": "mai"}, "Ngày “mai” không đúng"),
        ({"valid_until_on": "9999-12-31"}, "Ngày “9999-12-31” không đúng"),
    ],
)
def test_what_cannot_be_accepted_is_said_and_what_was_typed_is_kept(
    commune: Commune, changes: dict[str, object], sentence: str
) -> None:
    answer = send(commune.browser(), "/announcements", {**DRAFT, **changes})
    assert answer.status_code == 422
    assert sentence in answer.text
    stored = {**DRAFT, **changes}
    assert str(stored["text"]) in answer.text
    assert str(stored["title"]) in answer.text


def test_a_paste_of_200_kilobytes_is_refused_with_a_sentence_and_kept_whole(commune: Commune) -> None:
    text = "Bà con chú ý. " * 14_000
    answer = send(commune.browser(), "/announcements", {**DRAFT, "text": text})
    assert answer.status_code == 422
    assert "nhiều nhất là 20.000" in answer.text
    assert text in answer.text


def test_markup_and_scripts_are_shown_as_text(commune: Commune) -> None:
    browser = commune.browser()
    made = created(commune, browser, title=f"Tin {HOSTILE}", text=f"Bà con {HOSTILE}")
    for address in ("/", "/announcements", f"/announcements/{made}", f"/announcements/{made}/edit"):
        page = browser.get(address).text
        assert "<script>alert(1)" not in page
        assert "<img src=x" not in page


def test_two_people_editing_see_both_texts_and_lose_neither(commune: Commune) -> None:
    first, second = commune.browser("canbo"), commune.browser("chutich")
    made = commune.write()
    edit = f"/announcements/{made}/edit"
    theirs = {**DRAFT, "text": "Bản của người thứ nhất.", "revision": "1"}
    assert send(first, edit, theirs).status_code == 302
    answer = send(second, edit, {**DRAFT, "text": "Bản của người thứ hai.", "revision": "1"})
    assert answer.status_code == 409
    assert "Bản của người thứ nhất." in answer.text
    assert "Bản của người thứ hai." in answer.text
    assert 'name="revision" value="2"' in answer.text


def test_the_list_finds_by_words_and_by_state(commune: Commune) -> None:
    browser = commune.browser()
    commune.write("Tiêm chủng tháng 12")
    commune.approved("Cắt điện")
    assert "Tiêm chủng" in browser.get("/announcements?q=tiêm").text
    approved = browser.get("/announcements?state=approved").text
    assert "Cắt điện" in approved
    assert "Tiêm chủng" not in approved
    assert "Không có bản tin nào như vậy" in browser.get("/announcements?q=không-có-đâu").text


def test_somebody_who_may_only_look_cannot_write(commune: Commune) -> None:
    browser = commune.browser("khach")
    assert "Soạn bản tin" not in browser.get("/").text
    assert browser.get("/announcements/new").status_code == 403
    answer = send(browser, "/announcements", DRAFT)
    assert answer.status_code == 403


def test_an_unknown_announcement_is_said_in_words(commune: Commune) -> None:
    answer = commune.browser().get("/announcements/khong-co")
    assert answer.status_code == 404
    assert "Không có bản tin này" in answer.text


def test_a_text_that_is_too_long_is_said_while_typing(commune: Commune) -> None:
    fragment = send(commune.browser(), "/preview", {"text": "Bà con chú ý. " * 2_000}).text
    assert "nhiều nhất là 20.000" in fragment


def test_the_making_of_a_clip_can_be_stopped_and_begun_again(commune: Commune) -> None:
    browser = commune.browser()
    made = commune.write()
    assert "Dừng tạo" in browser.get(f"/announcements/{made}/sound").text
    assert send(browser, f"/announcements/{made}/sound/stop").status_code == 302
    assert "Tạo lại tệp phát" in browser.get(f"/announcements/{made}/sound").text
    assert send(browser, f"/announcements/{made}/sound/stop").status_code == 409
    assert send(browser, f"/announcements/{made}/sound").status_code == 302
    commune.make_clips()
    assert "<audio" in browser.get(f"/announcements/{made}/sound").text


def test_somebody_who_may_only_look_cannot_stop_it(commune: Commune) -> None:
    assert send(commune.browser("khach"), f"/announcements/{commune.write()}/sound/stop").status_code == 403
