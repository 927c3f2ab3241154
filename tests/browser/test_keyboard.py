"""Writing, approving and broadcasting without a mouse."""

import re

from tests.browser.conftest import Enter
from tests.browser.rig.person import Person
from tests.browser.rig.stage import Stage

MOST_STEPS = 120


def walk_to(person: Person, selector: str) -> None:
    """Press Tab until the keyboard is there, as somebody without a mouse must."""
    for _ in range(MOST_STEPS):
        person.page.keyboard.press("Tab")
        if person.ask("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"the keyboard never came to {selector} on {person.path}")


def press(person: Person, selector: str, key: str = "Enter") -> None:
    walk_to(person, selector)
    person.page.keyboard.press(key)


def test_an_announcement_goes_from_text_to_air_by_keyboard_alone(enter: Enter, stage: Stage) -> None:
    officer, chair = enter("canbo"), enter("chutich")
    officer.go("/announcements/new")
    press(officer, "a.skip")
    walk_to(officer, "#title")
    officer.page.keyboard.type("Không dùng chuột")
    walk_to(officer, "#text")
    officer.page.keyboard.type("Mời bà con họp lúc 19h30.")
    press(officer, 'input[name="zones"][value="ban-cuon"]', "Space")
    press(officer, ".button.primary.full")
    officer.page.locator("audio").first.wait_for()
    announcement = officer.path
    press(officer, 'form[action$="/submit"] button')
    officer.sees("Đang chờ người khác duyệt")
    chair.go("/approvals")
    press(chair, f'a[href="{announcement}"]')
    chair.page.wait_for_url(re.compile(announcement))
    press(chair, 'form[action$="/approve"] button')
    chair.sees("ra lệnh phát ngay")  # the first button sent it with the wish to be aired at once
    assert stage.latest_broadcast()
