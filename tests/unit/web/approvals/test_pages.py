"""Duyệt: bound to what was seen and heard, never one's own."""

import pytest
from sqlalchemy import select

from broadcaster.station.schema import Announcement, Decision
from tests.unit.web.commune import Commune, csrf, send

pytestmark = pytest.mark.integration


def submitted(commune: Commune) -> str:
    made = commune.write()
    commune.make_clips()
    assert send(commune.browser(), f"/announcements/{made}/submit").status_code == 302
    return made


def state_of(commune: Commune, made: str) -> str:
    with commune.database.reading() as s:
        return str(s.get_one(Announcement, made).state)


def content_hash(page: str) -> str:
    return page.split('name="content_hash" value="')[1].split('"')[0]


def test_nothing_is_sent_for_approval_before_it_can_be_heard(commune: Commune) -> None:
    made = commune.write()
    answer = send(commune.browser(), f"/announcements/{made}/submit")
    assert answer.status_code == 409
    assert "Đang tạo tệp phát" in answer.text


def test_the_approver_hears_it_and_releases_exactly_that(commune: Commune) -> None:
    made = submitted(commune)
    chair = commune.browser("chutich")
    queue = chair.get("/approvals").text
    assert "Họp thôn" in queue
    assert "<audio" in queue
    answer = send(chair, f"/announcements/{made}/approve", {"content_hash": content_hash(queue)})
    assert answer.status_code == 302
    assert state_of(commune, made) == "approved"
    with commune.database.reading() as s:
        actions = s.scalars(select(Decision.action).where(Decision.announcement_id == made).order_by(Decision.at)).all()
    assert [str(each) for each in actions] == ["submitted", "approved"]


def test_what_changed_since_it_was_heard_is_not_released(commune: Commune) -> None:
    made = submitted(commune)
    answer = send(commune.browser("chutich"), f"/announcements/{made}/approve", {"content_hash": "0" * 64})
    assert answer.status_code == 409
    assert state_of(commune, made) == "pending_approval"


def test_nobody_releases_their_own(commune: Commune) -> None:
    made = commune.write(by="chutich")
    commune.make_clips()
    chair = commune.browser("chutich")
    send(chair, f"/announcements/{made}/submit")
    page = chair.get(f"/announcements/{made}").text
    assert "Không ai tự duyệt" in page
    with commune.database.reading() as s:
        seal = s.get_one(Announcement, made).content_hash
    answer = send(chair, f"/announcements/{made}/approve", {"content_hash": seal})
    assert answer.status_code == 403
    assert state_of(commune, made) == "pending_approval"


def test_a_returned_announcement_carries_the_remark_to_its_author(commune: Commune) -> None:
    made = submitted(commune)
    answer = send(commune.browser("chutich"), f"/announcements/{made}/return", {"comment": "Sửa lại giờ họp."})
    assert answer.status_code == 302
    officer = commune.browser()
    assert "Sửa lại giờ họp." in officer.get(f"/announcements/{made}").text
    assert "được trả lại để sửa" in officer.get("/").text


def test_a_remark_is_needed_to_return_or_reject_and_the_page_says_so(commune: Commune) -> None:
    made = submitted(commune)
    chair = commune.browser("chutich")
    for act in ("return", "reject"):
        answer = send(chair, f"/announcements/{made}/{act}", {"comment": "  "})
        assert answer.status_code == 422
        assert "Hãy ghi" in answer.text


def test_an_edit_voids_the_approval(commune: Commune) -> None:
    made = commune.approved()
    browser = commune.browser()
    edit = f"/announcements/{made}/edit"
    page = browser.get(edit).text
    assert "phải được duyệt lại" in page
    fields = {
        "csrf_token": csrf(page),
        "revision": "1",
        "title": "Họp thôn",
        "text": "Đổi giờ: 20h.",
        "zones": "lung-pang",
    }
    assert browser.post(edit, data=fields).status_code == 302
    assert state_of(commune, made) == "draft"
    assert "Mất hiệu lực vì bản tin đã sửa" in browser.get(f"/announcements/{made}").text


def test_an_officer_has_no_queue_and_no_right_to_approve(commune: Commune) -> None:
    made = submitted(commune)
    officer = commune.browser()
    assert officer.get("/approvals").status_code == 403
    assert send(officer, f"/announcements/{made}/approve", {"content_hash": "x"}).status_code == 403


def test_the_menu_counts_what_waits_for_the_approver(commune: Commune) -> None:
    submitted(commune)
    assert "data-badge>1</span>" in commune.browser("chutich").get("/").text
    assert "badge" not in commune.browser().get("/").text


def test_a_withdrawn_announcement_is_not_broadcast(commune: Commune) -> None:
    made = commune.approved()
    browser = commune.browser()
    assert send(browser, f"/announcements/{made}/withdraw").status_code == 302
    answer = send(browser, f"/announcements/{made}/broadcast", {"when": "now", "key": "k1"})
    assert answer.status_code == 409


def test_what_was_sent_first_stands_first_whatever_was_written_first(commune: Commune) -> None:
    made = {title: commune.write(title=title) for title in ("Sau cùng", "Đầu tiên", "Ở giữa")}
    commune.make_clips()
    for title in ("Đầu tiên", "Ở giữa", "Sau cùng"):
        send(commune.browser(), f"/announcements/{made[title]}/submit")
        commune.clock.move(minutes=5)
    page = commune.browser("chutich").get("/approvals").text
    assert page.index(">Đầu tiên</a>") < page.index(">Ở giữa</a>") < page.index(">Sau cùng</a>")


def bar(commune: Commune, username: str) -> tuple[str, str]:
    """The telephone's bar as its own links, and what opens under Thêm."""
    tabs = commune.browser(username).get("/").text.partition('<nav class="tabs"')[2].partition("</nav>")[0]
    links, _, more = tabs.partition("<details>")
    return links, more


def test_whoever_approves_reaches_the_queue_and_its_number_from_the_telephones_bar(commune: Commune) -> None:
    submitted(commune)
    links, more = bar(commune, "chutich")
    assert 'href="/approvals"' in links
    assert "data-badge>1</span>" in links
    assert 'href="/approvals"' not in more
    assert links.count("<a") <= 4
    assert 'href="/timetable"' in links + more


def test_whoever_writes_only_has_no_queue_in_the_bar(commune: Commune) -> None:
    links, more = bar(commune, "canbo")
    assert "/approvals" not in links + more
    assert 'href="/timetable"' in links
    assert links.count("<a") == 4
