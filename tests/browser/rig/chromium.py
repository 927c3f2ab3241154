"""Chromium, driven by Playwright, in which no call waits for ever.

Playwright limits what waits for the page to change, but not what waits for the browser itself: a new window, the end of
one, a script to be evaluated. On a machine where such an answer got lost the whole suite waited for it. Here each call
has a limit, a question to a page is asked again, and a browser that answers no more is replaced.
"""

import shutil
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright._impl import _sync_base
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, Playwright, expect, sync_playwright

from tests.rig import processes
from tests.rig.running.limits import Overtime, within

NAMES = ("chromium", "chromium-browser", "google-chrome")
PROGRAM = next(filter(None, map(shutil.which, NAMES)), "/usr/bin/chromium")
"""Under whatever name the system has it; where it would be installed when it is not."""
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-background-networking", "--lang=vi-VN"]
PATIENCE_MS = 60_000
"""For what has to appear on a page: a loaded machine takes long, and whoever waits in vain has failed anyway."""
CALL_SECONDS = 90.0
"""For any one call to Playwright, longer than its own patience."""
ANSWER_SECONDS = 20.0
ASKED = 3


@contextmanager
def driver() -> Iterator[Playwright]:
    """Playwright with a limit on each of its calls."""
    patience = pytest.MonkeyPatch()
    unlimited = _sync_base.SyncBase._sync

    def limited(self: _sync_base.SyncBase, awaitable: Awaitable[Any]) -> Any:
        with within(CALL_SECONDS, "a call to Playwright"):
            return unlimited(self, awaitable)

    patience.setattr(_sync_base.SyncBase, "_sync", limited)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        yield playwright
    patience.undo()


def ask(page: Page | Locator, script: str, argument: object = None) -> Any:
    """What a script gives in a page. It must change nothing there, for it may be asked again: an answer can get lost
    when the page is loaded anew meanwhile."""
    for _ in range(ASKED - 1):
        try:
            with within(ANSWER_SECONDS, f"evaluating {script}"):
                return page.evaluate(script, argument)
        except (Error, Overtime):
            continue
    return page.evaluate(script, argument)


class Chromium:
    """One browser; started when it is first needed, and again when it has gone."""

    def __init__(self, playwright: Playwright, *arguments: str) -> None:
        self._playwright = playwright
        self._arguments = [*ARGUMENTS, *arguments]
        self._browser: Browser | None = None
        self._pids: list[int] = []

    def new_context(self, **window: Any) -> BrowserContext:
        """A visitor without a past, with one window."""
        try:
            return self._open(window)
        except (Error, Overtime):
            self._kill()
            return self._open(window)

    def close(self, context: BrowserContext | None = None) -> None:
        """End a visit, or the browser. One that does not end by itself is killed, and replaced when it is needed."""
        try:
            with within(ANSWER_SECONDS, "closing"):
                if context:
                    context.close()
                elif self._browser:
                    self._browser.close()
        except (Error, Overtime):
            self._kill()

    def _open(self, window: dict[str, Any]) -> BrowserContext:
        if self._browser is None or not self._browser.is_connected():
            before = set(processes.descendants())
            self._browser = self._playwright.chromium.launch(executable_path=PROGRAM, args=self._arguments)
            self._pids = [pid for pid in processes.descendants() if pid not in before]
        context = self._browser.new_context(locale="vi-VN", **window)
        context.set_default_timeout(PATIENCE_MS)
        context.new_page()
        return context

    def _kill(self) -> None:
        processes.kill(*self._pids)
        self._browser = None
