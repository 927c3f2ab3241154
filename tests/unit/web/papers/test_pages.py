"""A paper becomes an announcement on the console, with nothing but forms and buttons."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.unit.paper_files import files
from tests.unit.text.papers.paper_files import own_text
from tests.unit.web.commune import Commune, send
from tests.unit.web.page_forms import fields

pytestmark = pytest.mark.integration

NOTICE = (
    "UBND XÃ CÔN MINH\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n\tĐộc lập - Tự do - Hạnh phúc\n"
    "Số: 46/TB-UBND\tCôn Minh, ngày 20 tháng 11 năm 2026\n\nTHÔNG BÁO\nVề việc tiêm phòng dại\n\n"
    "Bản Lủng Pảng và thôn Bản Cuôn tiêm ngày 30/11/2026.\n"
    "Mức thu 25.000 đồng/con, số tài khoản 0123456789, Agribank.\n\n"
    "Nơi nhận:\tCHỦ TỊCH\n- Các thôn;\t(Đã ký)\n- Lưu: VT.\tHà Văn Tư"
)


def press(browser: FlaskClient, page: TestResponse, **button: str) -> TestResponse:
    """Send the review back as it stands, with one button pressed."""
    return send(browser, "/papers", {**fields(page.text, form="review"), **button})


def opened(browser: FlaskClient, answer: TestResponse) -> TestResponse:
    """The review of a file, however long its reading takes on this machine."""
    while answer.status_code == 303 or "Đang đọc tệp" in answer.text:
        answer = browser.get(answer.headers.get("Location") or answer.request.path)
    return answer


def test_a_pasted_paper_shows_what_is_said_and_what_is_struck_through(commune: Commune) -> None:
    page = send(commune.browser(), "/papers", {"paper": NOTICE})
    assert page.status_code == 200
    assert "<s>Nơi nhận:" in page.text
    assert "<s>- Lưu: VT." in page.text
    assert '<p class="pre">Bản Lủng Pảng và thôn Bản Cuôn tiêm ngày 30/11/2026.</p>' in page.text
    assert "46/TB-UBND" in page.text


def test_one_press_turns_a_line_round_and_another_turns_it_back(commune: Commune) -> None:
    browser = commune.browser()
    page = send(browser, "/papers", {"paper": NOTICE})
    assert "<s>UBND XÃ CÔN MINH" in page.text
    page = press(browser, page, switch="1")
    assert "<s>UBND XÃ CÔN MINH" not in page.text
    page = press(browser, page, switch="8")
    assert "<s>Bản Lủng Pảng" in page.text
    assert "<s>UBND XÃ CÔN MINH" not in page.text
    page = press(browser, page, switch="1")
    assert "<s>UBND XÃ CÔN MINH" in page.text


def test_the_paper_is_handed_to_the_form_with_what_it_offers(commune: Commune) -> None:
    browser = commune.browser()
    page = send(browser, "/papers", {"paper": NOTICE})
    handed = press(browser, page, write="1", with_levy="1")
    assert handed.status_code == 302
    form = browser.get(handed.headers["Location"])
    written = fields(form.text, form="compose")
    assert written["title"] == ["Thông báo về việc tiêm phòng dại"]
    assert written["text"][0].startswith("THÔNG BÁO\nVề việc tiêm phòng dại\nBản Lủng Pảng")
    assert "Nơi nhận" not in written["text"][0]
    assert written["valid_until_on"] == ["2026-11-30"]
    assert (written["levy_account"], written["levy_amount"]) == (["0123456789"], ["25.000"])
    assert set(written["zones"]) == {"lung-pang", "ban-cuon"}


def test_what_was_being_written_stays_beside_the_paper(commune: Commune) -> None:
    browser = commune.browser()
    new = browser.get("/announcements/new")
    typed = fields(new.text, form="compose") | {"title": "Cũ", "text": NOTICE, "class": "priority", "from_form": "1"}
    page = send(browser, "/papers", typed)
    form = browser.get(press(browser, page, write="1").headers["Location"])
    written = fields(form.text, form="compose")
    assert written["class"] == ["priority"]
    assert written["draft"] == typed["draft"]


def test_a_paper_goes_into_an_announcement_that_is_being_edited(commune: Commune) -> None:
    browser, announcement = commune.browser(), commune.write()
    edit = browser.get(f"/announcements/{announcement}/edit")
    page = send(browser, "/papers", fields(edit.text, form="compose") | {"text": NOTICE, "from_form": "1"})
    handed = press(browser, page, write="1")
    assert handed.headers["Location"].startswith(f"/announcements/{announcement}/edit")
    assert "tiêm phòng dại" in fields(browser.get(handed.headers["Location"]).text, form="compose")["text"][0]


def test_a_word_file_is_read_and_a_bad_one_gets_its_sentence(commune: Commune) -> None:
    browser = commune.browser()
    page = opened(browser, send(browser, "/papers", {"file": (BytesIO(files.word()), "tb.docx")}))
    assert "Thôn Gốc Sấu: từ 14h00 đến 17h00." in page.text
    refused = opened(browser, send(browser, "/papers", {"file": (BytesIO(files.encrypted_pdf()), "tb.pdf")}))
    assert refused.status_code == 422
    assert "mật khẩu" in refused.text


def test_an_empty_paper_is_asked_for_again(commune: Commune) -> None:
    page = send(commune.browser(), "/papers", {"paper": "  "})
    assert page.status_code == 422
    assert "Chưa có văn bản nào" in page.text


def test_a_repair_is_told_and_undone(commune: Commune) -> None:
    browser = commune.browser()
    old = "KÝnh mêi bµ con th«n §«ng ®Õn häp lóc 19 giê.\nTr­êng mÇm non nghØ häc."
    page = send(browser, "/papers", {"paper": old})
    assert "Đã chuyển phông TCVN3" in page.text
    assert "Kính mời bà con thôn Đông" in page.text
    page = press(browser, page, undo="tcvn3")
    assert "KÝnh mêi" in page.text
    assert "Đang để nguyên" in page.text
    assert "Kính mời bà con thôn Đông" in press(browser, page, undo="tcvn3").text


def test_nobody_reads_papers_who_may_not_write(commune: Commune) -> None:
    viewer = commune.browser("khach")
    assert viewer.get("/papers/new").status_code == 403
    assert send(viewer, "/papers", {"paper": NOTICE}).status_code == 403


def test_a_ticket_is_for_one_person_and_not_for_ever(commune: Commune) -> None:
    assert commune.browser().get("/papers/no-such-ticket").status_code == 404


def test_a_real_notice_goes_the_whole_way(commune: Commune) -> None:
    browser = commune.browser()
    page = send(browser, "/papers", {"paper": own_text("01")})
    form = browser.get(press(browser, page, write="1").headers["Location"])
    text = fields(form.text, form="compose")["text"][0]
    assert "Thôn Đông, thôn Đoài: từ 07:00 08/6 đến 11:30 08/6, Thay máy biến áp." in text
    assert "KT. GIÁM ĐỐC" not in text


WARNING = """ĐÀI KHÍ TƯỢNG THỦY VĂN KHU VỰC VIỆT BẮC
TIN CẢNH BÁO LŨ QUÉT, SẠT LỞ ĐẤT
Trong 24 giờ tới, bản Lủng Pảng có nguy cơ lũ quét.
Cấp độ rủi ro thiên tai do lũ quét: cấp 3.
"""


def test_a_warning_of_the_weather_service_is_prepared_as_an_order_by_one_press(commune: Commune) -> None:
    browser = commune.browser()
    page = send(browser, "/papers", {"paper": WARNING})
    assert "Đây là bản tin cảnh báo thiên tai" in page.text
    assert "Lủng Pảng" in page.text
    done = send(browser, "/papers/warning", fields(page.text, form="review"))
    assert done.headers["Location"] == "/alerts"
    waiting = browser.get("/alerts").text
    assert "TIN CẢNH BÁO LŨ QUÉT, SẠT LỞ ĐẤT" in waiting
    assert "Nghe và ra lệnh" in waiting
    assert "Bản tin dán vào" in waiting


def test_a_lesser_warning_is_no_order_but_waits_for_approval(commune: Commune) -> None:
    browser = commune.browser()
    page = send(browser, "/papers", {"paper": WARNING.replace("cấp 3", "cấp 1")})
    send(browser, "/papers/warning", fields(page.text, form="review"))
    waiting = browser.get("/alerts").text
    assert "TIN CẢNH BÁO LŨ QUÉT, SẠT LỞ ĐẤT" in waiting
    assert "Nghe và ra lệnh" not in waiting


def test_another_paper_offers_no_order_and_makes_none(commune: Commune) -> None:
    browser = commune.browser()
    page = send(browser, "/papers", {"paper": NOTICE})
    assert "Đây là bản tin cảnh báo thiên tai" not in page.text
    refused = send(browser, "/papers/warning", fields(page.text, form="review"))
    assert refused.status_code == 422
    assert "không phải bản tin cảnh báo thiên tai" in refused.text
    assert "Bản Lủng Pảng và thôn Bản Cuôn" in refused.text


def test_a_warning_that_is_over_says_so_and_stays_on_the_screen(commune: Commune) -> None:
    browser = commune.browser()
    page = send(browser, "/papers", {"paper": WARNING + "Tin phát lúc 9h00 ngày 01/02/2026."})
    done = send(browser, "/papers/warning", fields(page.text, form="review"))
    assert done.status_code == 200
    assert "Đây là bản tin cảnh báo thiên tai" in done.text
    assert "hết hiệu lực" in done.text
