"""Sổ kiểm tra: read, narrowed, and checked."""

import pytest
from sqlalchemy import text

from broadcaster.station.matters import matters
from tests.unit.web.commune import Commune, send
from web.audit.words import detail_lines

pytestmark = pytest.mark.integration


def test_an_act_is_shown_in_words_with_what_was_and_what_is(commune: Commune) -> None:
    browser = commune.browser("quantri")
    send(browser, "/nodes/loa-lung-vai/settings", {"name": "Loa Đoàn Kết", "stagger_ms": "290"})
    page = browser.get("/audit?kind=node").text
    for words in ("sửa cài đặt cụm loa", "Lý Thị Hoa", "stagger_ms: 0 → 290", "name: Loa Lủng Vai → Loa Đoàn Kết"):
        assert words in page
    assert "đăng nhập" not in page.partition("<tbody>")[2]
    assert "bỏ bớt điều kiện" in browser.get("/audit?q=khong-co-ai").text
    assert browser.get("/audit?from=xx&page=9").status_code == 200


def test_the_chain_is_checked_by_a_button(commune: Commune) -> None:
    browser = commune.browser("quantri")
    assert "Chưa kiểm tra" in browser.get("/audit").text
    assert send(browser, "/audit/check").status_code == 302
    assert "còn nguyên vẹn" in browser.get("/audit").text


def test_a_broken_chain_is_loud(commune: Commune) -> None:
    with commune.database.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_entries_no_update"))
        connection.execute(text("UPDATE audit_entries SET subject = 'node:khac' WHERE number = 3"))
    browser = commune.browser("quantri")
    send(browser, "/audit/check")
    assert "Nội dung mục số 3 của sổ kiểm tra đã bị sửa" in browser.get("/audit").text
    with commune.database.session() as s:
        matters.observe(s, now_at=commune.clock())
    home = commune.browser("chutich").get("/").text
    assert "Sổ kiểm tra có chỗ đã bị sửa" in home
    assert "Xem sổ kiểm tra" in browser.get("/").text


def test_only_administrators_read_it(commune: Commune) -> None:
    for username in ("canbo", "chutich", "khach"):
        assert commune.browser(username).get("/audit").status_code == 403
        headers = commune.token(username)
        assert commune.app.test_client().get("/api/v1/audit", headers=headers).status_code == 403


def test_programs_read_and_check_it(commune: Commune) -> None:
    api, headers = commune.app.test_client(), commune.token("quantri")
    acts = api.get("/api/v1/audit?kind=person", headers=headers).json
    assert acts["items"][0]["action"].startswith("person.")
    assert api.get("/api/v1/audit/check", headers=headers).json["problems"] == []


def test_hostile_details_stay_words(commune: Commune) -> None:
    assert detail_lines({"name": ["<b>", ""], "empty": None}) == ["name: <b> → –"]
    send(commune.browser("quantri"), "/nodes/loa-lung-vai/settings", {"name": "<script>alert(1)</script>"})
    assert "<script>alert" not in commune.browser("quantri").get("/audit").text


def test_an_act_says_from_which_address(commune: Commune) -> None:
    browser = commune.browser("quantri")
    send(browser, "/nodes/loa-lung-vai/settings", {"name": "Loa Đoàn Kết"})
    assert "từ máy: 127.0.0.1" in browser.get("/audit?kind=node").text
    acts = commune.app.test_client().get("/api/v1/audit?kind=node", headers=commune.token("quantri")).json
    assert acts["items"][0]["address"] == "127.0.0.1"


def test_a_sign_in_with_an_unknown_name_is_kept(commune: Commune) -> None:
    browser = commune.app.test_client()
    send(browser, "/login", {"username": "nobody-here", "password": "x"})
    page = commune.browser("quantri").get("/audit?kind=person").text
    assert "đăng nhập với tên không có" in page
    assert "nobody-here" in page


def test_what_the_station_did_by_itself_is_said_in_the_readers_language(commune: Commune) -> None:
    send(commune.app.test_client(), "/login", {"username": "nobody-here", "password": "x"})
    browser = commune.browser("quantri")
    with browser.session_transaction() as cookie:
        cookie["language"] = "en"
    page = browser.get("/audit?kind=person").text
    assert "the station" in page
    assert "hệ thống" not in page
