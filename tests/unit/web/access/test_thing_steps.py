"""A button is shown exactly when pressing it is not refused: over what there is, its states, and who looks at it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from broadcaster.station.people import people
from broadcaster.station.programmes import slots
from tests.unit.structure.tree import product as product_files
from tests.unit.structure.tree import text
from tests.unit.web.access.relay_scenes import RELAY_SCENES
from tests.unit.web.access.release_scenes import RELEASE_SCENES
from tests.unit.web.access.scenes import HAMLET_ROLES, RULE, SCENES, Button, by
from tests.unit.web.access.source_scenes import SOURCE_SCENES
from tests.unit.web.commune import PASSWORD, Commune, reset, send

pytestmark = pytest.mark.integration
EVERY_SCENE = SCENES | RELEASE_SCENES | RELAY_SCENES | SOURCE_SCENES

EVERYBODY = ("canbo", "chutich", "quantri", "khach", "truongthon", "duyetthon", "kythuat", "quanthon")


@pytest.fixture
def village(commune: Commune) -> Commune:
    """The commune, and people of one hamlet in it."""
    with commune.database.session() as s:
        for name, role in HAMLET_ROLES.items():
            people.add_person(
                s,
                username=name,
                full_name=name,
                password=PASSWORD,
                roles=[("lung-pang", role)],
                by=None,
                now_at=commune.clock(),
            )
    return commune


@pytest.fixture
def again(village: Commune, app: Flask, tmp_path: Path) -> Callable[[], Commune]:
    """Bring the commune back to how it was when this was asked first: one press must not decide the next. Whoever was
    signed in then stays so."""
    photograph, at = tmp_path / "photograph", village.clock()

    def restore() -> Commune:
        parts = app.extensions["loa"]
        if not photograph.exists():
            parts.watcher.stop()
            parts.database.dispose()
            shutil.copytree(parts.config.data_dir, photograph)
        restored = reset(app, photograph)
        restored.clock.now_at = max(at, village.clock())
        return restored

    return restore


@pytest.mark.limit(240)
@pytest.mark.long
@pytest.mark.parametrize("scene", EVERY_SCENE)
def test_a_button_is_shown_exactly_when_pressing_it_is_not_refused(
    village: Commune, again: Callable[[], Commune], scene: str
) -> None:
    buttons, found = EVERY_SCENE[scene](village), []
    browsers = {person: village.browser(person) for person in EVERYBODY}
    again()
    for person, browser in browsers.items():
        pages = {page: _page(browser, page) for page in {each.page for each in buttons}}
        for button in buttons:
            shown = re.search(f'(?:action|href)="{re.escape(button.press)}[?"]', pages[button.page]) is not None
            status = _pressed(browser, button)
            if shown is not (status < 400):
                found.append(f"{person}: {button.press} is {'shown' if shown else 'hidden'} and answers {status}")
            if status < 400 and not button.link:
                again()
    assert "\n".join(found) == ""


def _page(browser: FlaskClient, address: str) -> str:
    answer = browser.get(address)
    return answer.text if answer.status_code == 200 else ""


def _pressed(browser: FlaskClient, button: Button) -> int:
    """What came of it; a form that this test filled in wrongly proves nothing."""
    answer = browser.get(button.press) if button.link else send(browser, button.press, dict(button.fields))
    assert answer.status_code < 500, (button, answer.text)
    assert answer.status_code != 422, button
    return answer.status_code


@pytest.fixture
def three_slots(village: Commune) -> dict[str, str]:
    with village.database.session() as s:
        officer, now_at = by(village, s, "canbo"), village.clock()
        return {
            zone: slots.add_slot(s, name=f"Giờ {zone}", rule=RULE, zones=[zone], by=officer, now_at=now_at).id
            for zone in ("lung-pang", "lung-vai", "con-minh")
        }


@pytest.mark.parametrize(
    ("person", "page", "name"),
    [
        ("truongthon", "/slots/new", "zones"),
        ("truongthon", "/announcements/new", "zones"),
        ("kythuat", "/nodes/new", "unit_id"),
        ("kythuat", "/nodes/loa-lung-pang/settings", "unit_id"),
        ("quanthon", "/people/new", "unit_id"),
    ],
)
def test_somebody_of_one_hamlet_is_offered_only_that_hamlet(
    village: Commune, person: str, page: str, name: str
) -> None:
    answer = village.browser(person).get(page)
    assert answer.status_code == 200
    assert _offered(answer.text, name) == {"lung-pang"}


def test_an_officer_of_one_hamlet_is_offered_only_its_slots(village: Commune, three_slots: dict[str, str]) -> None:
    page = f"/announcements/{village.approved()}/slot"
    assert _offered(village.browser("truongthon").get(page).text, "slot") == {three_slots["lung-pang"]}
    assert _offered(village.browser("canbo").get(page).text, "slot") == set(three_slots.values())


ASKED_OF_THE_PERSON = {
    "shell/frame.html": "the menu, and the ways to begin something new",
    "home/show.html": "begins an announcement",
    "home/now.html": "leads to the queue, which shows each person what is theirs",
    "announcements/list.html": "begins an announcement",
    "announcements/show.html": "leads to the dictionary and to a new pattern",
    "timetable/week.html": "how boxes are moved; each box says whether it moves",
    "emergencies/story.html": "where the way back leads",
    "notices/show.html": "an approver, wherever, chooses a deputy",
    "voices/list.html": "who writes, wherever, hears every voice say a sentence",
}
"""Templates that ask what somebody may do anywhere, and what for: a menu, never an act on a thing."""


def test_a_page_asks_the_thing_what_may_be_done_with_it() -> None:
    asking = {
        f"{path.parts[1]}/{path.name}"
        for path in product_files("html")
        if path.parts[0] == "web" and "current_user.may(" in text(path)
    }
    assert asking == set(ASKED_OF_THE_PERSON)


ASKED_OF_THE_PERSON_BEFORE = {
    "alerts/pages.py": "adds a source",
    "exchange/pages.py": "follows a level, and leads to the orders that wait",
    "gauges/pages.py": "adds a gauge, and leads to a new rule",
    "province/communes.py": "adds a commune",
    "matters/attention.py": "leads to where a second copy is answered",
}
"""Pages that ask it of the commune as a whole before they are shown, and what for."""


def test_no_page_asks_it_of_the_person_in_place_of_the_thing() -> None:
    asking = {
        f"{path.parts[1]}/{path.name}"
        for path in product_files("py")
        if path.parts[0] == "web" and path.parts[1] != "access" and re.search(r"\bmay\(c\.s, c\.by", text(path))
    }
    assert asking == set(ASKED_OF_THE_PERSON_BEFORE)


def _offered(page: str, name: str) -> set[str]:
    """The values of a field that may be chosen."""
    options = re.findall(rf'<select[^>]*name="{name}".*?</select>', page, re.S)
    boxes = re.findall(rf'<input[^>]*name="{name}"[^>]*>', page)
    return {value for each in [*options, *boxes] for value in re.findall(r'value="([^"]*)"', each) if value}
