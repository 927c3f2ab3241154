"""Whatever is typed into any field of any form: it is kept, or refused in words, and on every page it is only text."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from tests.browser.rig import forms, tour
from tests.browser.rig.chromium import Chromium
from tests.browser.rig.forms import Form
from tests.browser.rig.person import Person
from tests.browser.rig.stage import Stage, open_stage

pytestmark = pytest.mark.long

MARK = "window.broken=1"
HOSTILE = f"Tin <script>{MARK}</script><img src=x onerror='{MARK}'>\"'{{{{6007*7}}}}\u202e\u200b%s"
RAW = (f"<script>{MARK}", f"<img src=x onerror='{MARK}'", "42049")
"""How it looks where it was not made harmless."""
LEFT_ALONE = ("/logout", "/language")
"""Forms without a word of anybody's own, that would send the tester away."""


@pytest.fixture(scope="module")
def own_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with open_stage(tmp_path_factory.mktemp("hostile")) as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(own_stage: Stage) -> list[tour.Page]:
    return tour.pages(own_stage.app, own_stage.database, tour.furnish(own_stage))


@pytest.mark.parametrize("kinds", [("free",), ("free", "bound", "kept")])
def test_every_field_of_every_form_takes_it_as_text(
    own_stage: Stage, pages: list[tour.Page], kinds: tuple[str, ...]
) -> None:
    """A form that stands on many pages, such as the search at their top, is sent once."""
    sent: set[tuple[str, ...]] = set()
    broken = []
    for page in pages:
        browser = tour.signed_in(own_stage.app, own_stage.database, page.username or "canbo")
        for form in forms.forms(browser.get(page.path).text):
            same = (form.method, form.action or page.path, *(each.name for each in form.fields))
            if form.fields and form.action not in LEFT_ALONE and same not in sent:
                sent.add(same)
                broken += [f"{page.path} → {form.action}: {wrong}" for wrong in _wrong(browser, form, page.path, kinds)]
    assert "\n".join(broken) == ""
    assert len(sent) > 40


def test_afterwards_no_page_runs_or_shows_it_as_anything_but_text(
    own_stage: Stage, pages: list[tour.Page], chromium: Chromium
) -> None:
    found, stated = [], 0
    for page in pages:
        browser = tour.signed_in(own_stage.app, own_stage.database, page.username or "canbo")
        text = browser.get(page.path).text
        stated += "&lt;script&gt;" in text
        found += [f"{page.path} holds {raw}" for raw in RAW if raw in text]
    assert found == []
    assert stated > 5, "nothing hostile was kept anywhere, so nothing was tested"
    officer = Person(chromium, own_stage, "chutich")
    for path in ("/", "/announcements", "/dictionary", "/nodes", "/log"):
        officer.go(path)
        assert officer.ask("window.broken") is None, path
    officer.leave()


def _wrong(browser: FlaskClient, form: Form, page: str, kinds: tuple[str, ...]) -> Iterator[str]:
    values: dict[str, list[str]] = {}
    for each in form.fields:
        hostile = each.kind in kinds and each.name not in ("csrf_token", "revision", "next")
        values.setdefault(each.name, []).append(HOSTILE if hostile else each.value)
    send = browser.post if form.method == "post" else browser.get
    sent = {"data": values} if form.method == "post" else {"query_string": values}
    answer = send(form.action or page, **sent, follow_redirects=True)  # type: ignore[arg-type]
    if answer.status_code >= 500:
        yield f"answered {answer.status_code}"
    if answer.mimetype == "text/html":
        yield from (f"wrote {raw}" for raw in RAW if raw in answer.text)
    answer.close()
