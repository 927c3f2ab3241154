"""Người dùng: signing in and out, and who may do what."""

import re

import pytest

from broadcaster.errors import NotAllowed
from broadcaster.station.people import people
from tests.unit.web.commune import PASSWORD, Commune, csrf, send
from web.shell.logins import local_path

SIGN_IN_REFUSED = "Tên đăng nhập hoặc mật khẩu không đúng"

pytestmark = pytest.mark.integration


def test_the_right_password_opens_the_console(commune: Commune) -> None:
    browser = commune.app.test_client()
    answer = send(browser, "/login", {"username": "canbo", "password": PASSWORD, "next": "/nodes"}, page="/login")
    assert answer.headers["Location"] == "/nodes"
    assert "Nguyễn Thị Lan" in browser.get("/nodes").text


def test_a_wrong_password_and_an_unknown_name_get_the_same_sentence(commune: Commune) -> None:
    browser = commune.app.test_client()
    wrong = send(browser, "/login", {"username": "canbo", "password": "sai"}, page="/login")
    unknown = send(browser, "/login", {"username": "khong-co-ai", "password": "sai"}, page="/login")
    assert wrong.status_code == unknown.status_code == 401
    assert SIGN_IN_REFUSED in wrong.text
    assert SIGN_IN_REFUSED in unknown.text
    assert 'value="khong-co-ai"' in unknown.text


def test_every_page_asks_a_stranger_to_sign_in_and_remembers_where_they_wanted_to_go(commune: Commune) -> None:
    answer = commune.app.test_client().get("/log?q=họp")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login?next=/log")


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "", None]
)
def test_signing_in_never_leads_to_another_site(commune: Commune, target: str | None) -> None:
    with commune.app.test_request_context():
        assert local_path(target) == "/"
        assert local_path("/nodes?x=1") == "/nodes?x=1"


def test_signing_out_ends_the_session_for_every_copy_of_the_cookie(commune: Commune) -> None:
    browser, thief = commune.browser(), commune.app.test_client()
    with browser.session_transaction() as mine, thief.session_transaction() as copied:
        copied.update(mine)
    assert thief.get("/").status_code == 200
    assert send(browser, "/logout").status_code == 302
    assert thief.get("/").status_code == 302


def test_looking_at_pages_leaves_the_cookie_alone_so_that_a_late_answer_takes_no_message_back(commune: Commune) -> None:
    browser = commune.browser()
    browser.get("/slots/new")  # gives the forms their secret
    for minutes in (0, 0, 2, 120):
        commune.clock.move(hours=minutes / 60)
        for page in ("/", "/timetable", "/slots/new", "/nodes", "/announcements"):
            assert "Set-Cookie" not in browser.get(page, headers={"X-Fragment": "1"}).headers, page


def test_a_session_ends_after_the_hours_the_commune_set(commune: Commune) -> None:
    browser = commune.browser()
    commune.clock.move(hours=11)
    assert browser.get("/").status_code == 200
    commune.clock.move(hours=11)
    assert browser.get("/").status_code == 200
    commune.clock.move(hours=13)
    assert browser.get("/").status_code == 302


def test_what_was_typed_is_shown_when_the_login_had_ended(commune: Commune) -> None:
    browser = commune.browser()
    token = csrf(browser.get("/announcements/new").text)
    commune.clock.move(hours=20)
    text = "Một bản tin dài đã gõ suốt cả buổi chiều."
    answer = browser.post("/announcements", data={"csrf_token": token, "title": "x", "text": text})
    assert answer.status_code == 401
    assert text in answer.text
    assert "Phiên đăng nhập đã hết" in answer.text


def test_a_form_without_its_token_is_refused_and_what_was_typed_is_shown(commune: Commune) -> None:
    text = "Bản tin gõ trên một trang đã mở quá lâu."
    answer = commune.browser().post("/announcements", data={"text": text, "password": "mật khẩu rất dài của tôi"})
    assert answer.status_code == 400
    assert text in answer.text
    assert "mật khẩu rất dài của tôi" not in answer.text


def test_too_many_attempts_to_sign_in_have_to_wait(commune: Commune, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise NotAllowed("sign_in.refused")

    monkeypatch.setattr(people, "authenticate", refuse)  # the real check is slow on purpose
    browser = commune.app.test_client()
    fields = {"csrf_token": csrf(browser.get("/login").text), "username": "canbo", "password": "đoán"}
    assert [browser.post("/login", data=fields).status_code for _ in range(20)] == [401] * 20
    answer = browser.post("/login", data=fields)
    assert answer.status_code == 429
    assert "Hãy đợi một phút" in answer.text


def test_an_administrator_adds_a_person_whose_password_is_shown_once(commune: Commune) -> None:
    browser = commune.browser("quantri")
    fields = {"username": "truong.thon", "full_name": "Bàn Văn Tá", "unit_id": "lung-vai", "roles": ["officer"]}
    page = send(browser, "/people", fields, page="/people/new").text
    password = re.findall(r'class="secret">([^<]+)<', page)[1]
    assert len(password) >= 12
    listed = browser.get("/people").text
    assert "Bàn Văn Tá" in listed
    assert "Cán bộ soạn tin (Lủng Vai)" in listed
    assert password not in listed


def test_a_person_that_cannot_be_added_is_explained_and_the_form_kept(commune: Commune) -> None:
    browser = commune.browser("quantri")
    fields = {"username": "canbo", "full_name": "Trùng Tên", "unit_id": "con-minh", "roles": ["officer"]}
    answer = send(browser, "/people", fields, page="/people/new")
    assert answer.status_code == 409
    assert "đã có người dùng" in answer.text
    assert 'value="Trùng Tên"' in answer.text


@pytest.mark.parametrize("username", ["canbo", "chutich", "khach"])
def test_only_an_administrator_sees_people(commune: Commune, username: str) -> None:
    browser = commune.browser(username)
    assert browser.get("/people").status_code == 403
    assert browser.get("/people/new").status_code == 403


@pytest.fixture
def officer_page(commune: Commune) -> str:
    """The address of the officer's page."""
    with commune.database.reading() as s:
        return f"/people/{commune._person(s, 'canbo').id}"


def test_an_administrator_changes_what_somebody_may_do(commune: Commune, officer_page: str) -> None:
    browser = commune.browser("quantri")
    assert "Lưu quyền" in browser.get(officer_page).text
    assert "Khóa tài khoản" in browser.get(officer_page).text
    fields = {"roles": ["con-minh:officer"], "role": "technician", "unit_id": "lung-vai"}
    assert send(browser, f"{officer_page}/roles", fields, page=officer_page).status_code == 302
    assert "Kỹ thuật viên (Lủng Vai)" in browser.get("/people").text
    assert send(browser, f"{officer_page}/roles", {"roles": ["lung-vai:technician"]}).status_code == 302
    assert "Cán bộ soạn tin (" not in browser.get("/people").text
    assert commune.browser("canbo").get("/announcements/new").status_code == 403
    refused = send(browser, f"{officer_page}/roles", {"role": "king", "unit_id": "lung-vai"})
    assert refused.status_code == 422
    assert "Không có vai trò" in refused.text


def test_somebody_who_is_locked_out_is_out_at_once_until_let_in_again(commune: Commune, officer_page: str) -> None:
    administrator, officer = commune.browser("quantri"), commune.browser("canbo")
    assert officer.get("/").status_code == 200
    assert send(administrator, f"{officer_page}/disable").status_code == 302
    assert officer.get("/").status_code == 302
    assert "đã khóa" in administrator.get(officer_page).text
    assert send(administrator, f"{officer_page}/enable").status_code == 302
    assert commune.browser("canbo").get("/").status_code == 200


def test_a_reset_is_a_link_that_ends_every_visit_when_it_is_used(commune: Commune, officer_page: str) -> None:
    administrator, officer = commune.browser("quantri"), commune.browser("canbo")
    page = send(administrator, f"{officer_page}/invitation").text
    link = re.search(r"/invitation/[\w-]+", page)
    assert link is not None
    assert officer.get("/").status_code == 200
    words = {"password": "nha-san-ben-suoi", "password_again": "nha-san-ben-suoi"}
    fresh = commune.app.test_client()
    assert send(fresh, link.group(0), words).status_code == 302
    assert officer.get("/").status_code == 302
    answer = send(fresh, "/login", {"username": "canbo", "password": "nha-san-ben-suoi"}, page="/login")
    assert answer.status_code == 302


def test_a_person_can_be_signed_out_everywhere(commune: Commune, officer_page: str) -> None:
    administrator, officer = commune.browser("quantri"), commune.browser("canbo")
    assert "Đăng xuất khỏi mọi máy" in administrator.get(officer_page).text
    assert send(administrator, f"{officer_page}/sign-out").status_code == 302
    assert officer.get("/").status_code == 302
    assert "Không đăng nhập ở máy nào" in administrator.get(officer_page).text


def test_nobody_changes_or_locks_themselves(commune: Commune) -> None:
    with commune.database.reading() as s:
        mine = f"/people/{commune._person(s, 'quantri').id}"
    browser = commune.browser("quantri")
    assert "Lưu quyền" not in browser.get(mine).text
    assert send(browser, f"{mine}/roles", {"roles": []}).status_code == 409
    assert send(browser, f"{mine}/disable").status_code == 409


@pytest.mark.parametrize("act", ["roles", "invitation", "sign-out", "disable", "enable"])
def test_only_an_administrator_changes_people(commune: Commune, officer_page: str, act: str) -> None:
    assert send(commune.browser("chutich"), f"{officer_page}/{act}").status_code == 403
    assert commune.browser("chutich").get(officer_page).status_code == 403


def test_people_are_found_by_name_role_and_state(commune: Commune) -> None:
    browser = commune.browser("quantri")

    def names(query: str) -> list[str]:
        return re.findall(r'/people/[0-9a-f]{32}">([^<]+)', browser.get(f"/people?{query}").text)

    assert names("q=thi+lan") == names("q=canbo") == names("role=officer") == ["Nguyễn Thị Lan"]
    assert names("order=username") == ["Nguyễn Thị Lan", "Hoàng Văn Minh", "Người Xem", "Lý Thị Hoa"]
    assert names("state=disabled") == []
    assert len(names("state=active")) == 4
    assert "bỏ bớt điều kiện" in browser.get("/people?q=khong-co").text


def test_programs_look_after_people_with_the_same_checks(commune: Commune) -> None:
    api, officer, administrator = commune.app.test_client(), commune.token("canbo"), commune.token("quantri")
    body = {"username": "binh", "full_name": "Nông Văn Bình", "roles": [{"unit": "lung-vai", "role": "officer"}]}
    assert api.post("/api/v1/people", json=body, headers=officer).status_code == 403
    made = api.post("/api/v1/people", json=body, headers=administrator).json
    assert "/invitation/" in made["link"]
    person = f"/api/v1/people/{made['person']['id']}"
    roles = {"roles": [{"unit": "con-minh", "role": "technician"}]}
    assert api.put(f"{person}/roles", json=roles, headers=administrator).json["roles"] == roles["roles"]
    assert api.put(f"{person}/state", json={"disabled": True}, headers=administrator).json["disabled"]
    assert api.post(f"{person}/invitation", headers=administrator).status_code == 409
    assert api.delete(f"{person}/sessions", headers=administrator).status_code == 204
    assert api.delete(f"{person}/second-factor", headers=administrator).status_code == 204
    assert [each["username"] for each in api.get("/api/v1/people?q=binh", headers=administrator).json] == ["binh"]
    assert api.get("/api/v1/people", headers=officer).status_code == 403
