"""The form behind a node's code and the answer behind a number: no login, no cookie, no script."""

import io
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from broadcaster.station.feedback import inbox, voices
from broadcaster.station.schema import Feedback
from broadcaster.station.vocabulary.states import VoiceState
from tests.unit.web.commune import Commune, send
from web.feedback import genuine
from web.feedback.limits import FeedbackLimits, MessageAllowance
from web.feedback.public import folder

pytestmark = pytest.mark.integration
FORM = "/loa/loa-lung-pang"


def anybody(commune: Commune) -> FlaskClient:
    """A phone that was never here, and limits nobody used up."""
    commune.app.extensions["loa_feedback_limits"] = FeedbackLimits()
    return commune.app.test_client()


def stamp_of(page: TestResponse) -> str:
    found = re.search(r'name="stamp" value="([^"]+)"', page.text)
    assert found
    return found[1]


def report(
    commune: Commune, visitor: FlaskClient, headers: dict[str, str] | None = None, **fields: object
) -> TestResponse:
    """What the browser sends a while after it showed the form."""
    stamp = stamp_of(visitor.get(FORM))
    commune.clock.move(seconds=genuine.LEAST_SECONDS + 1)
    values = {"stamp": stamp, "problem": "not_heard", "text": "Từ hôm qua không nghe gì.", **fields}
    return visitor.post(FORM, data=values, headers=headers)


def rows(commune: Commune) -> list[Feedback]:
    with commune.database.reading() as s:
        return list(s.query(Feedback).order_by(Feedback.received_at, Feedback.id))


def test_a_resident_reports_and_later_reads_the_answer_without_any_cookie(commune: Commune) -> None:
    phone = anybody(commune)
    sent = report(commune, phone, phone="0912 345 678")
    assert sent.status_code == 303
    ticket = phone.get(sent.headers["Location"])
    assert "Xã đã nhận phản ánh" in ticket.text
    row = rows(commune)[0]
    assert f"{row.code[:5]} {row.code[5:]}" in ticket.text
    assert "0912 345 678" not in ticket.text, "who finds the code does not learn the number"
    with commune.database.session() as s:
        by = commune._person(s, "canbo")
        inbox.answer(s, inbox.get(s, row.id), text="Đã thay <dây> loa.", by=by, now_at=commune.clock())
    found = phone.get(f"/phan-anh?code={row.code[:5].lower()}+{row.code[5:]}", follow_redirects=True)
    assert "Đã thay &lt;dây&gt; loa." in found.text
    assert "đã trả lời" in found.text
    for page in (sent, ticket, found):
        assert "Set-Cookie" not in page.headers
        assert "<script" not in page.text
    assert found.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("fields", "headers", "status"),
    [
        ({"problem": ""}, {}, 422),
        ({"stamp": "5.forged"}, {}, 422),
        ({"stamp": "²5.forged"}, {}, 422),
        ({"website": "http://spam.example"}, {}, 403),
        ({}, {"Origin": "https://elsewhere.example"}, 403),
        ({}, {"Origin": "null"}, 403),
        ({}, {"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
def test_what_no_person_sent_from_our_page_is_refused_and_nothing_is_lost(
    commune: Commune, fields: dict[str, str], headers: dict[str, str], status: int
) -> None:
    answer = report(commune, anybody(commune), headers, **{"text": "Loa rè <b>quá</b>.", **fields})
    assert answer.status_code == status
    assert "Loa rè &lt;b&gt;quá&lt;/b&gt;." in answer.text
    assert rows(commune) == []


def test_a_form_of_another_node_or_of_yesterday_is_shown_once_more(commune: Commune) -> None:
    phone = anybody(commune)
    other = stamp_of(phone.get("/loa/loa-lung-vai"))
    assert report(commune, phone, stamp=other).status_code == 422
    stamp = stamp_of(phone.get(FORM))
    assert phone.post(FORM, data={"stamp": stamp, "problem": "broken"}).status_code == 422, "quicker than a person"
    commune.clock.move(hours=13)
    old = phone.post(FORM, data={"stamp": stamp, "problem": "broken"})
    assert "bấm gửi lần nữa" in old.text
    commune.clock.move(seconds=5)
    assert phone.post(FORM, data={"stamp": stamp_of(old), "problem": "broken"}).status_code == 303


def test_our_own_page_in_any_browser_is_believed(commune: Commune) -> None:
    phone = anybody(commune)
    for headers in (
        {},
        {"Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
    ):
        assert report(commune, phone, headers).status_code == 303


def test_one_address_and_one_node_are_bounded_and_told_what_to_do(commune: Commune) -> None:
    phone = anybody(commune)
    limits = commune.app.extensions["loa_feedback_limits"]
    limits.address, limits.node = MessageAllowance(2, 600.0), MessageAllowance(3, 3600.0)
    assert [report(commune, phone).status_code for _ in range(3)] == [303, 303, 429]
    refused = report(commune, phone)
    assert "Mời thử lại sau mười phút" in refused.text
    assert refused.headers["Retry-After"] == "600"
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    stamp = stamp_of(phone.get(FORM))
    commune.clock.move(seconds=5)
    values = {"stamp": stamp, "problem": "broken"}
    assert phone.post(FORM, data=values, environ_overrides=elsewhere).status_code == 303
    crowded = phone.post(FORM, data=values, environ_overrides=elsewhere)
    assert crowded.status_code == 429
    assert "gọi cho xã" in crowded.text
    assert len(rows(commune)) == 3


def test_counting_forgets_in_time_and_never_grows_without_end() -> None:
    allowance = MessageAllowance(1, 10.0)
    assert allowance.take("a", 0.0)
    assert not allowance.take("a", 9.9)
    assert allowance.take("a", 10.0)
    for number in range(11_000):
        allowance.take(str(number), 20.0)
    assert len(allowance.taken) == 10_000


def test_a_recording_waits_to_be_read_outside_the_clips(commune: Commune) -> None:
    voice = (io.BytesIO(b"RIFF no sound"), "../../loi noi.m4a")
    assert report(commune, anybody(commune), problem="other", text="", voice=voice).status_code == 303
    row = rows(commune)[0]
    assert row.voice is VoiceState.WAITING
    with commune.app.app_context():
        assert [path.name for path in folder().iterdir()] == [f"{row.id}.raw"]
        assert folder() != commune.clips_dir


def test_a_recording_that_is_too_large_leaves_nothing(commune: Commune, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voices, "LARGEST_BYTES", 2_000)
    voice = (io.BytesIO(b"x" * 2_001), "dai.wav")
    answer = report(commune, anybody(commune), voice=voice)
    assert answer.status_code == 422
    assert "Tệp ghi âm lớn quá" in answer.text
    assert rows(commune) == []


def test_a_closed_page_takes_no_message(commune: Commune) -> None:
    phone = anybody(commune)
    stamp = stamp_of(phone.get(FORM))
    send(commune.browser("quantri"), "/public-page", {"on": "0"})
    commune.clock.move(seconds=6)
    assert phone.get(FORM).status_code == 404
    assert phone.post(FORM, data={"stamp": stamp, "problem": "broken"}).status_code == 404
    assert rows(commune) == []


def test_the_printed_sheet_of_a_node_leads_to_its_form(commune: Commune) -> None:
    browser = commune.browser("khach")
    page = browser.get("/public-page/sheets?node=loa-lung-pang").text
    assert page.count('class="sheet"') == 1
    assert f"http://localhost{FORM}" in page
    assert browser.get("/public-page/sheets?kind=nodes").text.count('class="sheet"') == 3
    assert "/phan-anh" in anybody(commune).get("/xa").text


def test_the_staff_take_it_answer_it_and_draft_an_announcement(commune: Commune) -> None:
    assert report(commune, anybody(commune), phone="0912 345 678").status_code == 303
    row = rows(commune)[0]
    staff = commune.browser("canbo")
    assert "1 phản ánh của bà con chưa ai xử lý" in staff.get("/").text
    page = f"/feedback/{row.id}"
    assert page in staff.get("/feedback").text
    assert "0912 345 678" in staff.get(page).text
    assert commune.browser("khach").get(page).status_code == 403
    assert commune.browser("khach").get("/feedback").status_code == 403
    send(staff, f"{page}/take")
    refused = send(staff, f"{page}/answer", {"answer": ""})
    assert refused.status_code == 422
    assert "Chưa viết câu trả lời" in refused.text
    send(staff, f"{page}/answer", {"answer": "Chiều nay thợ lên sửa."})
    drafted = send(staff, f"{page}/draft")
    assert "/announcements/" in drafted.headers["Location"]
    assert "Chiều nay thợ lên sửa." in staff.get(drafted.headers["Location"]).text
    month = staff.get(f"/reports?month={commune.clock():%Y-%m}").text
    assert "Đã trả lời 1/1 phản ánh." in month
    table = staff.get(f"/reports/feedback.csv?month={commune.clock():%Y-%m}").text
    assert "Tất cả;1;1;0" in table.replace(",", ";")


def test_programs_do_the_same(commune: Commune) -> None:
    assert report(commune, anybody(commune)).status_code == 303
    api, officer = anybody(commune), commune.token("canbo")
    listed = api.get("/api/v1/feedback?state=new", headers=officer).json
    path = f"/api/v1/feedback/{listed[0]['id']}"
    assert listed[0]["node"] == "loa-lung-pang"
    assert api.post(f"{path}/take", headers=officer).json["state"] == "in_hand"
    assert api.post(f"{path}/put-back", headers=officer).json["state"] == "new"
    answered = api.post(f"{path}/answer", json={"answer": "Đã sửa."}, headers=officer).json
    assert (answered["state"], answered["answer"]) == ("answered", "Đã sửa.")
    assert api.post(f"{path}/draft", headers=officer).json["announcement_id"]
    assert api.get(f"{path}/voice.ogg", headers=officer).status_code == 404
    assert api.get("/api/v1/feedback", headers=commune.token("khach")).status_code == 403
    month = api.get(f"/api/v1/reports/{commune.clock():%Y-%m}", headers=officer).json["feedback"]
    assert (month["received"], month["answered"]) == (1, 1)
    assert timedelta(seconds=month["answer_seconds"]) < timedelta(minutes=1)
