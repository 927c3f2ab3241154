"""The approver sees what changed, decides from the queue, and is told that something waits."""

import pytest

from tests.unit.web.commune import Commune, send

pytestmark = pytest.mark.integration


def come_back(commune: Commune) -> str:
    """Returned with a word, edited, and sent again."""
    made = commune.write(text="Mời bà con họp lúc 19h.")
    commune.make_clips()
    officer = commune.browser()
    send(officer, f"/announcements/{made}/submit")
    send(commune.browser("chutich"), f"/announcements/{made}/return", {"comment": "Sửa giờ thành 20h."})
    edited = {"title": "Họp thôn", "text": "Mời bà con họp lúc 20h.", "zones": ["lung-pang"], "class": "priority"}
    send(officer, f"/announcements/{made}/edit", edited | {"revision": "1"})
    commune.make_clips()
    send(officer, f"/announcements/{made}/submit")
    return made


def test_the_queue_and_the_page_show_what_changed(commune: Commune) -> None:
    made = come_back(commune)
    chair = commune.browser("chutich")
    for path in ("/approvals", f"/announcements/{made}"):
        page = chair.get(path).text
        assert "Sửa giờ thành 20h." in page
        assert '</span>19h.</del><ins><span class="away">thêm: </span>20h.</ins>' in page
        assert "<del>Thông thường</del> <ins>Ưu tiên</ins>" in page
        assert "<del>Lủng Pảng, Lủng Vai</del> <ins>Lủng Pảng</ins>" in page


def test_a_decision_in_the_queue_leads_back_to_the_queue(commune: Commune) -> None:
    made = come_back(commune)
    chair = commune.browser("chutich")
    back = send(chair, f"/announcements/{made}/return", {"comment": "Chưa được.", "next": "/approvals"})
    assert back.headers["Location"] == "/approvals"
    away = send(chair, f"/announcements/{made}/return", {"comment": "A", "next": "//evil.example"})
    assert "evil" not in away.headers.get("Location", "")


def test_the_approver_is_told_how_many_wait_wherever_they_are(commune: Commune) -> None:
    chair = commune.browser("chutich")
    assert chair.get("/approvals/waiting").text == "0"
    come_back(commune)
    assert chair.get("/approvals/waiting").text == "1"
    page = chair.get("/nodes").text
    assert "<title>(1) " in page
    assert 'data-src="/approvals/waiting"' in page
    assert commune.browser().get("/approvals/waiting").text == "0"
    assert "/approvals/waiting" not in commune.browser().get("/nodes").text


def test_an_open_queue_learns_that_it_is_no_longer_the_queue(commune: Commune) -> None:
    chair = commune.browser("chutich")
    address = chair.get("/approvals").text.partition('data-src="/approvals/news')[2].partition('"')[0]
    assert "vừa thay đổi" not in chair.get(f"/approvals/news{address}").text
    come_back(commune)
    assert "vừa thay đổi" in chair.get(f"/approvals/news{address}").text
    assert commune.browser().get(f"/approvals/news{address}").status_code == 403


def test_a_program_reads_the_same_difference(commune: Commune) -> None:
    made = come_back(commune)
    api, headers = commune.app.test_client(), commune.token("chutich")
    stated = api.get(f"/api/v1/announcements/{made}/changes", headers=headers).json
    assert (stated["action"], stated["comment"]) == ("returned", "Sửa giờ thành 20h.")
    assert stated["facts"]["class"] == {"before": "routine", "now": "priority"}
    assert {"change": "new", "words": "20h."} in stated["text"]
    fresh = commune.write()
    assert api.get(f"/api/v1/announcements/{fresh}/changes", headers=headers).json["action"] is None


def test_changed_sentences_come_first_and_the_whole_text_opens_below(commune: Commune) -> None:
    before = "Kính thưa bà con. Nhà văn hóa mở cửa sớm. Mời bà con họp lúc 19h. Xin cảm ơn."
    made = commune.write(text=before)
    commune.make_clips()
    officer, chair = commune.browser(), commune.browser("chutich")
    send(officer, f"/announcements/{made}/submit")
    send(chair, f"/announcements/{made}/return", {"comment": "Sửa giờ."})
    edited = {"title": "Họp thôn", "text": before.replace("19h", "20h"), "zones": ["lung-pang", "lung-vai"]}
    send(officer, f"/announcements/{made}/edit", edited | {"class": "routine", "revision": "1"})
    commune.make_clips()
    send(officer, f"/announcements/{made}/submit")
    for path in ("/approvals", f"/announcements/{made}"):
        shown = chair.get(path).text.partition('<ul class="changed-sentences">')[2]
        first, _, below = shown.partition("</ul>")
        assert "Mời bà con họp lúc" in first
        assert "20h.</ins>" in first
        assert "Kính thưa" not in first
        assert "Xin cảm ơn" not in first
        whole = below.partition("<details")[2].partition("</details>")[0]
        assert "Kính thưa bà con." in whole
        assert "20h.</ins>" in whole
