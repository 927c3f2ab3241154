"""What is being typed is kept on the server: offered again, opened as it stood, gone once it was saved."""

import pytest

from tests.unit.web.commune import Commune, send

pytestmark = pytest.mark.integration
TYPED = {"title": "Viết dở", "text": "Mời bà con", "zones": ["lung-pang"], "class": "priority"}


def test_an_unfinished_text_is_offered_and_opened_as_it_stood(commune: Commune) -> None:
    browser = commune.browser()
    assert send(browser, "/drafts/new-a1", TYPED).status_code == 204
    offered = browser.get("/announcements/new").text
    assert "Viết dở Mời bà con" in offered
    page = browser.get("/announcements/new?draft=new-a1").text
    assert 'value="Viết dở"' in page
    assert 'name="draft" value="new-a1"' in page
    assert "Có một bản đang viết dở, tự lưu" not in page
    assert "Viết dở" not in commune.browser("chutich").get("/announcements/new").text


def test_saving_or_throwing_away_ends_the_offer(commune: Commune) -> None:
    browser = commune.browser()
    for key in ("new-a1", "new-b2"):
        send(browser, f"/drafts/{key}", TYPED)
    send(browser, "/announcements", TYPED | {"draft": "new-a1"})
    assert "new-a1" not in browser.get("/announcements/new").text
    dropped = send(browser, "/drafts/new-b2/drop", {"next": "/announcements/new"})
    assert dropped.headers["Location"] == "/announcements/new"
    assert "Viết dở" not in browser.get("/announcements/new").text


def test_a_refused_form_stays_the_same_unfinished_text(commune: Commune) -> None:
    refused = send(commune.browser(), "/announcements", TYPED | {"title": "", "draft": "new-a1"})
    assert refused.status_code == 422
    assert 'name="draft" value="new-a1"' in refused.text


def test_an_unfinished_edit_is_offered_on_its_own_page_and_knows_which_revision_it_saw(commune: Commune) -> None:
    browser, made = commune.browser(), commune.write()
    send(browser, f"/drafts/{made}", TYPED | {"revision": "1"})
    assert f'name="draft" value="{made}"><button' in browser.get(f"/announcements/{made}/edit").text
    edited = TYPED | {"title": "Xong", "text": "Chữ khác.", "revision": "1"}
    other = commune.browser("chutich")
    send(other, f"/announcements/{made}/edit", edited)
    page = browser.get(f"/announcements/{made}/edit?draft={made}").text
    assert 'name="revision" value="1"' in page
    assert send(browser, f"/announcements/{made}/edit", TYPED | {"revision": "1"}).status_code == 409


def test_nobody_keeps_what_they_may_not_write(commune: Commune) -> None:
    assert send(commune.browser("khach"), "/drafts/new-a1", TYPED).status_code == 403
    assert commune.app.test_client().post("/drafts/new-a1", data=TYPED).status_code in (400, 401)
    assert send(commune.browser(), "/drafts/..", TYPED).status_code in (404, 405, 422)


def test_a_form_without_a_word_is_not_offered(commune: Commune) -> None:
    browser = commune.browser()
    send(browser, "/drafts/new-a1", {"title": "", "text": " ", "zones": ["lung-pang"]})
    assert "Có một bản đang viết dở, tự lưu" not in browser.get("/announcements/new").text
