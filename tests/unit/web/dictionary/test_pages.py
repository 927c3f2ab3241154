"""Từ điển đọc: the commune teaches its loudspeakers, from a page of its own or beside a doubtful word."""

import io

import pytest

from broadcaster.clip_plans import RenderedClip
from broadcaster.station.clips import clips, station_clips
from tests.unit.web.commune import Commune, send

pytestmark = pytest.mark.integration
ENTRY = {"unit_id": "con-minh", "written": "NVHX", "reading": "nhà văn hóa xã", "whole_word": "1"}
TEXT = "Họp tại NVHX lúc 7h."


def test_what_was_taught_is_listed_found_and_read(commune: Commune) -> None:
    browser = commune.browser()
    assert send(browser, "/dictionary", ENTRY, page="/dictionary").status_code == 302
    assert "nhà văn hóa xã" in browser.get("/dictionary?q=nvhx").text
    assert "Không có mục nào như vậy" in browser.get("/dictionary?q=khác-hẳn").text
    assert "nhà văn hóa xã" in send(browser, "/preview", {"text": TEXT}).text


def test_the_clip_of_a_draft_that_says_it_is_made_again_and_no_other(commune: Commune) -> None:
    browser = commune.browser()
    says, silent = commune.write(text=TEXT), commune.write("Khác", text="Họp lúc 7h.")
    commune.make_clips()
    send(browser, "/dictionary", ENTRY)
    page = browser.get(f"/announcements/{says}").text
    assert "Đang tạo tệp phát" in page
    assert "nhà văn hóa xã" in page
    assert "<audio" in browser.get(f"/announcements/{silent}").text


def test_an_approved_announcement_keeps_the_words_that_were_heard(commune: Commune) -> None:
    browser = commune.browser()
    made = commune.approved()
    send(browser, "/dictionary", {**ENTRY, "written": "bà con", "reading": "đồng bào"})
    page = browser.get(f"/announcements/{made}").text
    assert "<audio" in page
    assert "đồng bào" not in page.split("data-saved")[1]


def test_a_reading_that_cannot_be_said_is_refused_and_kept_on_the_screen(commune: Commune) -> None:
    answer = send(commune.browser(), "/dictionary", {**ENTRY, "reading": "nhà số 5"})
    assert answer.status_code == 422
    assert "phải viết bằng chữ" in answer.text
    assert 'value="nhà số 5"' in answer.text


def test_what_was_removed_is_read_as_before(commune: Commune) -> None:
    browser = commune.browser()
    send(browser, "/dictionary", ENTRY)
    address = browser.get("/dictionary").text.split('action="/dictionary/')[1].split("/remove")[0]
    assert send(browser, f"/dictionary/{address}/remove").status_code == 302
    assert "nhà văn hóa xã" not in send(browser, "/preview", {"text": TEXT}).text


def test_the_dictionary_goes_out_as_a_file_and_comes_back(commune: Commune) -> None:
    browser = commune.browser()
    send(browser, "/dictionary", {**ENTRY, "match_case": "1"})
    content = browser.get("/dictionary/export.tsv").data
    assert "NVHX\tnhà văn hóa xã\t1\t1" in content.decode()
    more = content + "TYT\ttrạm y tế\n".encode()
    answer = send(browser, "/dictionary/import", {"unit_id": "con-minh", "file": (io.BytesIO(more), "a.tsv")})
    assert answer.status_code == 302
    page = browser.get("/dictionary").text
    assert "Đã nhập 1 mục" in page
    assert "trạm y tế" in page


def test_a_file_with_a_bad_line_is_refused_whole_and_the_line_is_named(commune: Commune) -> None:
    browser = commune.browser()
    for content, words in ((b"TYT\ttr\xff", "UTF-8"), (b"", "Chưa chọn tệp"), (b"A\ta\nTYT", "dòng 2")):
        answer = send(browser, "/dictionary/import", {"unit_id": "con-minh", "file": (io.BytesIO(content), "a.tsv")})
        assert answer.status_code == 422
        assert words in answer.text
    assert "Chưa có mục nào" in browser.get("/dictionary").text


def test_a_doubtful_word_is_fixed_beside_the_preview(commune: Commune) -> None:
    browser = commune.browser()
    fragment = send(browser, "/preview", {"text": TEXT}).text
    assert 'name="fix-written-1" value="NVHX"' in fragment
    fixed = {"text": TEXT, "fix": "1", "fix-written-1": "NVHX", "fix-reading-1": "nhà văn hóa xã"}
    fragment = send(browser, "/preview", fixed).text
    assert "nhà văn hóa xã" in fragment
    assert "fix-written-1" not in fragment


def test_without_javascript_fixing_keeps_the_whole_form(commune: Commune) -> None:
    typed = {"title": "Họp", "text": TEXT, "zones": ["lung-pang"], "class": "priority"}
    fix = {"fix": "1", "fix-written-1": "NVHX", "fix-reading-1": "nhà văn hóa xã"}
    page = send(commune.browser(), "/announcements", {**typed, **fix}).text
    assert TEXT in page
    assert 'value="lung-pang" checked' in page
    assert "nhà văn hóa xã" in page


def test_a_fix_that_cannot_be_said_is_refused_beside_the_preview(commune: Commune) -> None:
    fix = {"text": TEXT, "fix": "1", "fix-written-1": "NVHX", "fix-reading-1": "5 5"}
    assert "phải viết bằng chữ" in send(commune.browser(), "/preview", fix).text


def test_somebody_who_may_only_look_reads_but_does_not_change(commune: Commune) -> None:
    browser = commune.browser("khach")
    assert "Thêm cách đọc" not in browser.get("/dictionary").text
    assert send(browser, "/dictionary", ENTRY).status_code == 403


def test_markup_in_an_entry_is_shown_as_text(commune: Commune) -> None:
    browser = commune.browser()
    send(browser, "/dictionary", {**ENTRY, "written": "<script>alert(1)</script>"})
    assert "<script>alert" not in browser.get("/dictionary").text


def test_a_reading_is_heard_before_it_is_saved(commune: Commune) -> None:
    browser = commune.browser()
    answer = send(browser, "/dictionary/listen", {**ENTRY, "match_case": "1"}, page="/dictionary")
    page = browser.get(answer.headers["Location"]).text
    assert "Đang tạo tiếng để nghe thử" in page
    assert 'value="nhà văn hóa xã"' in page
    assert 'name="match_case" value="1" checked' in page
    with commune.database.session() as s:
        row = station_clips.QUEUE.claim(s, worker="test", now_at=commune.clock())
        assert row is not None
        assert row.text == "nhà văn hóa xã"
        made = RenderedClip(commune.clips_dir / "x", "a" * 64, 9, 900, "espeak", None, -16.0)
        station_clips.QUEUE.finish(s, key=row.plan_hash, clip=clips.record(s, made, row.plan_hash, commune.clock()))
    assert "a" * 64 in browser.get("/dictionary/sound?reading=nhà văn hóa xã").text
    assert "Chưa có mục nào" in browser.get("/dictionary").text


def test_a_reading_that_could_not_be_made_is_explained(commune: Commune) -> None:
    browser = commune.browser()
    assert send(browser, "/dictionary/listen", ENTRY).status_code == 302
    with commune.database.session() as s:
        row = station_clips.QUEUE.claim(s, worker="test", now_at=commune.clock())
        assert row is not None
        station_clips.QUEUE.fail(s, key=row.plan_hash, error="Không giọng nào đọc được.")
    assert "Không giọng nào đọc được." in browser.get("/dictionary/sound?reading=nhà văn hóa xã").text


def test_what_cannot_be_said_is_not_sent_to_a_voice(commune: Commune) -> None:
    assert send(commune.browser(), "/dictionary/listen", {**ENTRY, "reading": "5"}).status_code == 422
    assert send(commune.browser("khach"), "/dictionary/listen", ENTRY).status_code == 403


def test_a_program_teaches_finds_and_forgets(commune: Commune) -> None:
    api, headers = commune.app.test_client(), commune.token()
    body = {"unit": "con-minh", "written": "NVHX", "reading": "nhà văn hóa xã"}
    made = api.post("/api/v1/dictionary", json=body, headers=headers)
    assert made.status_code == 201
    found = api.get("/api/v1/dictionary?q=nvhx", headers=headers).json
    assert [each["reading"] for each in found["items"]] == ["nhà văn hóa xã"]
    assert api.post("/api/v1/dictionary", json=body, headers=headers).status_code == 409
    assert api.post("/api/v1/dictionary", json=body, headers=commune.token("khach")).status_code == 403
    one = f"/api/v1/dictionary/{made.json['id']}"
    assert api.delete(one, headers=headers).status_code == 204
    assert api.delete(one, headers=headers).status_code == 404
