"""Every page, for every eye and hand: axe-core's rules, the keyboard, a phone 360 pixels wide, a slow link."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page as Tab
from playwright.sync_api import ViewportSize

from tests.browser.rig.chromium import Chromium, ask
from tests.browser.rig.person import Person
from tests.browser.rig.stage import Stage, open_stage
from tests.browser.rig.tour import Page, furnish, pages

pytestmark = [pytest.mark.long, pytest.mark.limit(900)]  # every page, twice each, is work for minutes on a busy machine

MOST_BYTES = 150_000
AXE = Axe().axe_script
BROKEN = """() => axe.run({ resultTypes: ["violations"] }).then(({ violations }) => violations
  .filter(each => ["serious", "critical"].includes(each.impact))
  .map(({ id, nodes }) => ({ id, times: nodes.length, html: nodes[0].html, why: nodes[0].failureSummary })))"""
"""Only what is wrong comes back: all that axe knows of a page is a megabyte."""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
BYTES = """performance.getEntriesByType("resource").filter(each => !["audio", "video"].includes(each.initiatorType))
  .concat(performance.getEntriesByType("navigation")).reduce((sum, each) => sum + each.encodedBodySize, 0)"""
WITHOUT_OUTLINE = """() => {
  const seen = [];
  for (const each of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")) {
    if (!each.checkVisibility() || each.tabIndex < 0 || each.disabled || each.type === "hidden") continue;
    each.focus({ focusVisible: true });
    const style = getComputedStyle(each);
    const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    if (document.activeElement === each && !drawn) seen.push(each.outerHTML.slice(0, 120));
    if (each.tabIndex > 0) seen.push("out of order: " + each.outerHTML.slice(0, 120));
  }
  return seen;
}"""


PAST_THE_MENU = """!document.querySelector("nav")
  || document.querySelector('a.skip[href="#main"]') && document.querySelector("main#main")"""


@dataclass
class Findings:
    """What was wrong, by page: rules broken, pages too wide, pages too heavy, keyboards lost."""

    visited: list[Page] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    wide: list[str] = field(default_factory=list)
    heavy: list[str] = field(default_factory=list)
    keyboard: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class WindowKind:
    """width: of the window in pixels; scheme: of colours."""

    width: int
    scheme: Literal["light", "dark"]

    @property
    def window(self) -> ViewportSize:
        return {"width": self.width, "height": 800}


WINDOWS = (WindowKind(1280, "light"), WindowKind(360, "dark"))
"""Each width and each scheme once: what a colour does at one width it does at the other."""


@pytest.fixture(scope="module")
def own_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A stage whose commune the other tests do not see."""
    with open_stage(tmp_path_factory.mktemp("tour")) as opened:
        yield opened


@pytest.fixture(scope="module")
def findings(chromium: Chromium, own_stage: Stage) -> Findings:
    found = Findings()
    todo = pages(own_stage.app, own_stage.database, furnish(own_stage))
    for username in dict.fromkeys(page.username for page in todo):
        context = Person(chromium, own_stage, username).context if username else chromium.new_context()
        context.add_init_script(AXE)
        tab = context.pages[0]
        tab.on("pageerror", lambda error: found.complaints.append(str(error)))
        for page in todo:
            if page.username == username:
                _visit(tab, own_stage.address, page, found)
        chromium.close(context)
    return found


def _visit(tab: Tab, address: str, page: Page, found: Findings) -> None:
    tab.set_viewport_size(WINDOWS[0].window)
    tab.goto(address + page.path, wait_until="load")
    found.visited.append(page)
    size = ask(tab, BYTES)
    if size > MOST_BYTES:
        found.heavy.append(f"{page.path}: {size} bytes")
    for window_kind in WINDOWS:
        tab.emulate_media(color_scheme=window_kind.scheme, reduced_motion="reduce")
        tab.set_viewport_size(window_kind.window)
        ask(tab, "document.querySelectorAll('details').forEach(each => each.open = !each.closest('.tabs'))")
        if ask(tab, WIDER) > 0:
            found.wide.append(f"{page.path} at {window_kind.width}")
        found.rules += [f"{page.path} ({window_kind.width} {window_kind.scheme}) {broken}" for broken in _broken(tab)]
    found.keyboard += [f"{page.path} {lost}" for lost in ask(tab, WITHOUT_OUTLINE)]
    if not ask(tab, PAST_THE_MENU):
        found.keyboard.append(f"{page.path} has no way past its menu")


def _broken(tab: Tab) -> Iterator[str]:
    for each in tab.evaluate(BROKEN):
        yield f"{each['id']} ×{each['times']}: {each['html'][:140]} {each['why'][-160:]}"


def test_every_page_was_found(findings: Findings) -> None:
    visited = {page.endpoint for page in findings.visited}
    assert {"home.show", "people.login", "announcements.edit", "residents.show", "public_page.sheets"} <= visited
    assert len(findings.visited) > 35
    assert findings.complaints == []


def test_no_page_breaks_a_serious_rule_light_or_dark_wide_or_narrow(findings: Findings) -> None:
    assert "\n".join(findings.rules) == ""


def test_no_page_is_wider_than_a_phone(findings: Findings) -> None:
    assert "\n".join(findings.wide) == ""


def test_no_first_load_is_heavier_than_150_kilobytes(findings: Findings) -> None:
    assert "\n".join(findings.heavy) == ""


def test_the_keyboard_reaches_everything_and_is_seen_there(findings: Findings) -> None:
    assert "\n".join(findings.keyboard) == ""
