"""Two machines that say they are the station: the console shouts, and an administrator decides."""

import pytest

from broadcaster.station.copies import own_copy, second_copy
from tests.unit.web.commune import Commune, send

pytestmark = pytest.mark.integration
SHOUT = "Có máy thứ hai xưng là đài này"


@pytest.fixture
def two(commune: Commune) -> Commune:
    with commune.database.session() as s:
        second_copy.note(s, issuer="other", term=0, now_at=commune.clock())
    return commune


def test_home_and_the_nodes_page_say_it_first_and_only_an_administrator_gets_the_button(two: Commune) -> None:
    two.beat()
    for username, offered in (("canbo", False), ("quantri", True)):
        page = two.browser(username).get("/").text
        assert page.count(SHOUT) == 1
        assert ("/settings/take-over" in page) is offered
    assert SHOUT in two.browser("canbo").get("/nodes").text


def test_taking_over_raises_the_term_and_is_in_the_audit_trail(two: Commune) -> None:
    browser = two.browser("quantri")
    assert SHOUT in browser.get("/settings/take-over").text
    assert send(browser, "/settings/take-over", {}).status_code == 302
    with two.database.reading() as s:
        assert (own_copy.read(s).term, second_copy.noticed(s)) == (1, None)
    assert SHOUT not in browser.get("/").text
    assert "tiếp quản đài bằng máy này" in browser.get("/audit").text


def test_nobody_else_may(two: Commune) -> None:
    browser = two.browser("canbo")
    assert browser.get("/settings/take-over").status_code == 403
    assert send(browser, "/settings/take-over", {}).status_code == 403
    with two.database.reading() as s:
        assert own_copy.read(s).term == 0
