"""One Chromium for all browser tests, and a stage of its own for each file: what one adds, another does not meet."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.browser.rig.chromium import PROGRAM, Chromium, driver
from tests.browser.rig.person import Person
from tests.browser.rig.stage import Stage, open_stage

Enter = Callable[..., Person]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with open_stage(tmp_path_factory.mktemp("stage")) as opened:
        yield opened


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    if not Path(PROGRAM).exists():
        pytest.skip(f"no browser at {PROGRAM}")
    with driver() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Chromium]:
    browser = Chromium(playwright)
    yield browser
    browser.close()


@pytest.fixture
def enter(chromium: Chromium, stage: Stage) -> Iterator[Enter]:
    """Let somebody in; every window is closed after the test, and no page may have complained."""
    present: list[Person] = []

    def come(username: str, **window: object) -> Person:
        present.append(Person(chromium, stage, username, **window))
        return present[-1]

    yield come
    complaints = [error for person in present for error in person.errors]
    for person in present:
        person.leave()
    assert complaints == []
