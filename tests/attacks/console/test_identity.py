"""Guessing, locking out and borrowing: what a stranger tries at the login and with a token."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from broadcaster.errors import Invalid
from broadcaster.station.people import people, second_factor, tokens, totp
from broadcaster.station.rows import settings
from broadcaster.station.schema import Person
from tests.unit.web.commune import PASSWORD, Commune, send
from web.security.protection import limiter

pytestmark = pytest.mark.integration
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def sign_in(browser: FlaskClient, *, username: str = "canbo", password: str = PASSWORD) -> TestResponse:
    limiter.reset()
    return send(browser, "/login", {"username": username, "password": password})


def account(commune: Commune, username: str = "canbo") -> Person:
    with commune.database.reading() as s:
        found = people.find(s, username)
        assert found is not None
        return found


def with_telephone(commune: Commune, username: str = "canbo") -> None:
    with commune.database.session() as s:
        person = people.find(s, username)
        assert person is not None
        typed = totp.code(SECRET, totp.step_at(commune.clock()))
        second_factor.enable(s, person=person, secret=SECRET, typed=typed, now_at=commune.clock())
    commune.clock.move(minutes=2)


def test_the_right_password_between_wrong_codes_gives_no_further_tries(commune: Commune) -> None:
    with_telephone(commune)
    browser = commune.app.test_client()
    answers = []
    for _ in range(8):
        if sign_in(browser).status_code == 302:
            limiter.reset()
            answers.append(send(browser, "/login/code", {"code": "000000"}).status_code)
    assert len(answers) < 8
    assert account(commune).failed_logins >= 5
    assert account(commune).locked_until_at is not None


def test_a_strangers_lock_leaves_the_owner_in_on_a_known_device(commune: Commune) -> None:
    owner, stranger = commune.app.test_client(), commune.app.test_client()
    assert sign_in(owner).headers["Location"] == "/"
    send(owner, "/logout")
    for _ in range(12):
        sign_in(stranger, password="không phải thế này")
    assert sign_in(stranger).status_code == 401
    assert sign_in(commune.app.test_client()).status_code == 401
    assert sign_in(owner).headers["Location"] == "/"
    assert account(commune).locked_until_at is not None, "the stranger has to wait all the same"


def test_the_known_device_keeps_the_owner_in_with_a_telephone_too(commune: Commune) -> None:
    with_telephone(commune)
    owner, stranger = commune.app.test_client(), commune.app.test_client()

    def enter() -> TestResponse:
        sign_in(owner)
        limiter.reset()
        commune.clock.move(minutes=2)
        code = totp.code(SECRET, totp.step_at(commune.clock()))
        return send(owner, "/login/code", {"code": code})

    assert enter().status_code == 302
    send(owner, "/logout")
    for _ in range(12):
        sign_in(stranger, password="không phải thế này")
    assert enter().status_code == 302


def test_a_stolen_device_is_no_way_round_the_wait(commune: Commune) -> None:
    owner = commune.app.test_client()
    sign_in(owner)
    send(owner, "/logout")
    for _ in range(8):
        sign_in(owner, password="không phải thế này")
    assert sign_in(owner).status_code == 401


def test_a_device_cookie_nobody_signed_or_of_another_person_is_no_known_device(commune: Commune) -> None:
    other, stranger = commune.app.test_client(), commune.app.test_client()
    sign_in(other, username="khach")
    send(other, "/logout")
    stranger.set_cookie("loa_device", "IkFiYyI.forged")
    for _ in range(8):
        sign_in(commune.app.test_client(), password="không phải thế này")
    assert sign_in(other).status_code == 401
    assert sign_in(stranger).status_code == 401


def test_signing_out_everywhere_forgets_the_devices(commune: Commune) -> None:
    owner = commune.app.test_client()
    sign_in(owner)
    send(owner, "/account/sign-out")
    for _ in range(8):
        sign_in(commune.app.test_client(), password="không phải thế này")
    assert sign_in(owner).status_code == 401


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("ngắn", "person.password_length"),
        ("1234567890", "person.password_guessed"),
        ("password123", "person.password_guessed"),
        ("Password2026!", "person.password_guessed"),
        ("qwertyuiop", "person.password_guessed"),
        ("matkhau123456", "person.password_guessed"),
        ("Mật-Khẩu-123", "person.password_guessed"),
        ("anhyeuem123", "person.password_guessed"),
        ("aaaaaaaaaaaa", "person.password_guessed"),
        ("canbo-2026-xa", "person.password_name"),
        ("Nguyễn Thị Lan", "person.password_name"),
        ("nguyenthilan1990", "person.password_name"),
    ],
)
def test_known_easy_and_own_names_are_no_passwords(commune: Commune, password: str, code: str) -> None:
    with commune.database.session() as s:
        person = people.find(s, "canbo")
        assert person is not None
        with pytest.raises(Invalid) as refusal:
            people.set_password(s, person=person, password=password, by=person, now_at=commune.clock())
    assert (refusal.value.code, refusal.value.field) == (code, "password")


def test_words_that_have_nothing_to_do_with_each_other_are_a_password(commune: Commune) -> None:
    with commune.database.session() as s:
        person = people.find(s, "canbo")
        assert person is not None
        people.set_password(s, person=person, password="trâu bò gà vịt", by=person, now_at=commune.clock())


def test_an_approver_without_the_second_factor_gets_nowhere_where_it_is_asked(commune: Commune) -> None:
    header = commune.token("chutich")
    with commune.database.session() as s:
        settings.write(s, "second_factor_approvers", True)
    assert commune.browser("chutich").get("/approvals").headers["Location"] == "/account/second-factor"
    refused = commune.app.test_client().get("/api/v1/announcements", headers=header)
    assert (refused.status_code, refused.json["code"]) == (401, "token.second_factor_first")
    assert commune.browser("canbo").get("/").status_code == 200


def test_no_token_is_made_without_the_second_factor_where_it_is_asked(commune: Commune) -> None:
    with commune.database.session() as s:
        settings.write(s, "second_factor_required", True)
    browser = commune.browser("quantri")
    fields = {"name": "máy", "days": "30", "scopes": ["view_log"], "current": PASSWORD}
    assert send(browser, "/account/tokens", fields).headers["Location"] == "/account/second-factor"
    with commune.database.reading() as s:
        assert tokens.listing(s) == []


def test_a_token_does_nothing_beyond_its_scopes(commune: Commune) -> None:
    released = commune.approved()
    with commune.database.session() as s:
        chair = people.find(s, "chutich")
        assert chair is not None
        token = tokens.add_token(s, person=chair, name="bảng tin", now_at=commune.clock(), scopes=["view_log"])
    api, header = commune.app.test_client(), {"Authorization": f"Bearer {token}"}
    assert api.get("/api/v1/announcements", headers=header).status_code == 200
    assert api.post("/api/v1/broadcasts", json={"announcement": released}, headers=header).status_code == 403
    assert api.post("/api/v1/stop-orders", json={}, headers=header).status_code == 403
    assert api.post("/api/v1/announcements", json={}, headers=header).status_code == 403


def test_tokens_stand_on_the_account_page_and_are_revoked_there(commune: Commune) -> None:
    browser = commune.browser()
    fields = {"name": "Bảng tin điện tử", "days": "30", "scopes": ["view_log", "write"], "current": PASSWORD}
    made = send(browser, "/account/tokens", fields).text
    token = re.search(r"loa_[\w-]+", made)
    assert token is not None
    header = {"Authorization": f"Bearer {token.group(0)}"}
    assert commune.app.test_client().get("/api/v1/announcements", headers=header).status_code == 200
    page = browser.get("/account").text
    assert "Bảng tin điện tử" in page
    assert "dùng lần cuối" in page
    assert token.group(0) not in page
    address = re.search(r"/account/tokens/\w+/revoke", page)
    assert address is not None
    assert send(commune.browser("khach"), address.group(0)).status_code == 404
    assert send(browser, address.group(0)).status_code == 302
    assert commune.app.test_client().get("/api/v1/announcements", headers=header).status_code == 401
    assert send(browser, "/account/tokens", fields | {"current": "không phải thế này"}).status_code == 422
