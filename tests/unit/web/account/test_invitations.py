"""An invitation from the administrator's page to the first login."""

import re
from urllib.parse import urlsplit

import pytest

from tests.unit.web.commune import Commune, send

pytestmark = pytest.mark.integration
NEW = {"full_name": "Nông Văn Bình", "username": "binh", "roles": "officer", "unit_id": "con-minh", "how": "invitation"}


def link(page: str) -> str:
    found = re.search(r'<p class="secret" id="link">([^<]+)</p>', page)
    assert found
    return urlsplit(found[1]).path


def test_who_is_invited_sets_a_password_and_signs_in(commune: Commune) -> None:
    path = link(send(commune.browser("quantri"), "/people", NEW).text)
    guest = commune.app.test_client()
    assert "Nông Văn Bình" in guest.get(path).text
    password = {"password": "nha-san-ben-suoi", "password_again": "nha-san-ben-suoi"}
    assert send(guest, path, password | {"password_again": "khac"}).status_code == 422
    assert send(guest, path, password).headers["Location"] == "/login"
    fields = {"username": "binh", "password": "nha-san-ben-suoi", "next": "/"}
    assert send(guest, "/login", fields, page="/login").status_code == 302
    assert "Nông Văn Bình" in guest.get("/account").text


def test_a_link_that_works_no_more_says_so_and_changes_nothing(commune: Commune) -> None:
    path = link(send(commune.browser("quantri"), "/people", NEW).text)
    commune.clock.move(days=7)
    guest = commune.app.test_client()
    answer = guest.get(path)
    assert answer.status_code == 404
    assert "Hãy xin lời mời mới" in answer.text
    assert "Nông" not in answer.text


def test_an_administrator_sends_a_fresh_link_to_who_forgot(commune: Commune) -> None:
    administrator = commune.browser("quantri")
    first = link(send(administrator, "/people", NEW).text)
    person = re.search(r'/people/([0-9a-f]{32})">Nông Văn Bình', administrator.get("/people").text)
    assert person
    second = link(send(administrator, f"/people/{person[1]}/invitation").text)
    guest = commune.app.test_client()
    assert guest.get(first).status_code == 404
    assert guest.get(second).status_code == 200
    assert send(commune.browser("canbo"), f"/people/{person[1]}/invitation").status_code == 403
