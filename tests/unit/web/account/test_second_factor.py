"""Signing in with a telephone beside the password, and switching that on and off."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from broadcaster.station.people import people, second_factor, totp
from broadcaster.station.rows import settings
from tests.unit.web.commune import PASSWORD, Commune, send

pytestmark = pytest.mark.integration
SECRET = totp.new_secret()


def code(commune: Commune, secret: str = SECRET) -> str:
    return totp.code(secret, totp.step_at(commune.clock()))


def enable(commune: Commune, username: str = "canbo") -> list[str]:
    with commune.database.session() as s:
        person = people.find(s, username)
        assert person
        codes = second_factor.enable(s, person=person, secret=SECRET, typed=code(commune), now_at=commune.clock())
    commune.clock.move(minutes=1)
    return codes


def enter(commune: Commune, password: str = PASSWORD) -> FlaskClient:
    browser = commune.app.test_client()
    send(browser, "/login", {"username": "canbo", "password": password, "next": "/nodes"}, page="/login")
    return browser


def test_the_password_alone_opens_nothing(commune: Commune) -> None:
    enable(commune)
    browser = enter(commune)
    assert browser.get("/nodes").status_code == 302
    assert "Mã 6 chữ số" in browser.get("/login/code").text


def test_the_code_opens_the_page_that_was_asked_for(commune: Commune) -> None:
    enable(commune)
    browser = enter(commune)
    assert send(browser, "/login/code", {"code": "000000"}).status_code == 403
    answer = send(browser, "/login/code", {"code": code(commune)})
    assert answer.headers["Location"] == "/nodes"
    assert browser.get("/nodes").status_code == 200


def test_a_code_on_paper_opens_too(commune: Commune) -> None:
    codes = enable(commune)
    assert send(enter(commune), "/login/code", {"code": codes[0]}).status_code == 302
    assert send(enter(commune), "/login/code", {"code": codes[0]}).status_code == 403


def test_without_the_password_or_after_five_minutes_no_code_helps(commune: Commune) -> None:
    enable(commune)
    stranger = enter(commune, password="sai-mat-khau")
    assert send(stranger, "/login/code", {"code": code(commune)}).headers["Location"] == "/login"
    slow = enter(commune)
    commune.clock.now_at += timedelta(minutes=6)
    assert send(slow, "/login/code", {"code": code(commune)}).headers["Location"] == "/login"
    assert slow.get("/nodes").status_code == 302


def test_it_is_switched_on_with_a_scanned_secret_and_off_with_the_password(commune: Commune) -> None:
    browser = commune.browser()
    page = browser.get("/account/second-factor").text
    secret = re.search(r'<p class="secret">([A-Z2-7 ]+)</p>', page)
    assert secret
    typed = code(commune, secret[1].replace(" ", ""))
    assert send(browser, "/account/second-factor", {"code": "123"}).status_code == 422
    shown = send(browser, "/account/second-factor", {"code": typed}).text
    assert len(re.findall(r'<code class="secret">', shown)) == 10
    assert "đang bật" in browser.get("/account").text
    assert send(browser, "/account/second-factor/off", {"current": "sai"}).status_code == 422
    assert send(browser, "/account/second-factor/off", {"current": PASSWORD}).status_code == 302
    assert "đang tắt" in browser.get("/account").text


def test_where_administrators_owe_it_they_get_nowhere_before(commune: Commune) -> None:
    with commune.database.session() as s:
        settings.write(s, second_factor.REQUIRED, True)
    administrator = commune.browser("quantri")
    assert administrator.get("/nodes").headers["Location"] == "/account/second-factor"
    assert "Xã yêu cầu" in administrator.get("/account/second-factor").text
    assert commune.browser("canbo").get("/nodes").status_code == 200


def test_ones_own_password_is_changed_by_who_knows_the_old_one(commune: Commune) -> None:
    browser = commune.browser()
    new = "mat-khau-moi-cua-toi"
    fields = {"current": "sai", "password": new, "password_again": new}
    assert send(browser, "/account/password", fields).status_code == 422
    fields |= {"current": PASSWORD, "password_again": "khac"}
    assert send(browser, "/account/password", fields).status_code == 422
    assert send(browser, "/account/password", fields | {"password_again": new}).status_code == 302
    assert enter(commune, new).get("/nodes").status_code == 200


def test_an_administrator_helps_who_lost_the_telephone(commune: Commune) -> None:
    enable(commune)
    with commune.database.reading() as s:
        person = people.find(s, "canbo")
        assert person
    administrator = commune.browser("quantri")
    assert "có bảo vệ hai lớp" in administrator.get(f"/people/{person.id}").text
    assert send(commune.browser("chutich"), f"/people/{person.id}/second-factor/off").status_code == 403
    assert send(administrator, f"/people/{person.id}/second-factor/off").status_code == 302
    assert enter(commune).get("/nodes").status_code == 200
