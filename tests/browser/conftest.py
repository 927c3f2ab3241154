"""One Chromium for all browser tests, and a stage of its own for each file: what one adds, another does not meet."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.person import ARGUMENTS, CHROMIUM, Person
from tests.browser.stage import Stage, open_stage

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
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no browser at {CHROMIUM}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def enter(chromium: Browser, stage: Stage) -> Iterator[Enter]:
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
