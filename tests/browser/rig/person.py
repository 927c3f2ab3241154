"""Somebody at the console in a real browser."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Error, Page
from playwright.sync_api import TimeoutError as Timeout

from tests.browser.rig.chromium import PATIENCE_MS, Chromium, ask
from tests.browser.rig.stage import Stage

ASK_MS = 100
GO_MS = (15_000, 30_000, PATIENCE_MS)
"""For opening a page, each time longer."""


def _overtaken(error: Error) -> bool:
    return isinstance(error, Timeout) or "interrupted by another navigation" in str(error)


class Person:
    """One signed-in person in a browser window of their own.

    page: the window.
    """

    def __init__(self, chromium: Chromium, stage: Stage, username: str, **window: object) -> None:
        self.stage = stage
        self.username = username
        self.errors: list[str] = []
        self._chromium = chromium
        self.context = chromium.new_context(**window)
        self._look_at(self.context.pages[0])
        self.go("/login")
        self.sign_in()
        self.page.wait_for_url(stage.address + "/")

    def open_new_tab(self) -> None:
        """Close every tab and go on in a new one."""
        for tab in self.context.pages:
            tab.close()
        self._look_at(self.context.new_page())

    def _look_at(self, page: Page) -> None:
        self.page = page
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda said: said.type == "error" and self.errors.append(said.text))

    def sign_in(self) -> None:
        self.page.fill("#username", self.username)
        self.page.fill("#password", self.stage.passwords[self.username])
        self.page.get_by_role("button", name="Đăng nhập").click()

    def go(self, path: str) -> None:
        """Open a page. A live page may load itself anew in the same instant: Playwright then says that it was
        interrupted, or waits for a page that never comes, so it is opened again."""
        for patience_ms in GO_MS:
            try:
                self.page.goto(self.stage.address + path, timeout=patience_ms)
                return
            except Error as error:
                if patience_ms == GO_MS[-1] or not _overtaken(error):
                    raise

    def look_again(self) -> None:
        """Load the page anew."""
        self.go(self.path.partition("#")[0])

    def press(self, words: str) -> None:
        self.page.locator("main").get_by_role("button", name=words, exact=True).first.click()

    def follow(self, words: str) -> None:
        self.page.locator("main").get_by_role("link", name=words, exact=True).first.click()

    def sees(self, words: str) -> None:
        """Wait until the words are on the screen."""
        self.page.get_by_text(words).locator("visible=true").first.wait_for()

    def can_hear(self, sound: str, *, longer_than_seconds: float) -> None:
        """Wait until this player knows such a length."""
        player = self.page.locator(sound).first
        what = f"{sound} to be longer than {longer_than_seconds} s"
        self._await(lambda: (ask(player, "player => player.duration") or 0) > longer_than_seconds, what)

    def keeps(self, *words: str) -> None:
        """Wait until this browser itself keeps a draft with all these words."""
        stored = "words => Object.values(localStorage).some(each => words.every(word => each.includes(word)))"
        self._await(lambda: self.ask(stored, list(words)), f"a draft with {words}")

    def ask(self, script: str, argument: object = None) -> Any:
        """What a script gives in the page, which it must not change."""
        return ask(self.page, script, argument)

    def _await(self, fact: Callable[[], object], what: str) -> None:
        """Wait for a fact; asked from outside again and again, as pages forbid what waits inside them."""
        until = time.monotonic() + PATIENCE_MS / 1000
        while not fact():
            assert time.monotonic() < until, f"waited for {what}"
            self.page.wait_for_timeout(ASK_MS)

    def write(self, title: str, text: str, *zones: str) -> None:
        """Fill in the form, without sending it."""
        self.go("/announcements/new")
        self.page.fill("#title", title)
        self.page.fill("#text", text)
        for zone in zones:
            self.page.locator(f'input[name="zones"][value="{zone}"]').check()

    def save(self) -> str:
        """Save what is written and wait until it can be heard; the path of its page."""
        self.press("Lưu và nghe thử")
        self.page.locator("audio").first.wait_for()
        return self.path

    def save_without_script(self) -> str:
        """Save, and load the page again until there is something to hear; its path."""
        self.press("Lưu và nghe thử")
        path = self.path
        until = time.monotonic() + PATIENCE_MS / 1000
        while not self.page.locator("audio").count() and time.monotonic() < until:
            self.page.wait_for_timeout(300)
            self.go(path)
        return path

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.stage.address)

    def leave(self) -> None:
        self._chromium.close(self.context)
