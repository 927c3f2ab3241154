"""Over HTTP/1.1 a browser opens six connections to a station: with seven live pages open the next must still load."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.rig.stage import Stage, open_stage

TABS = 7


@pytest.fixture(scope="module", params=[False, True], ids=["clear", "encrypted"])
def stage(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Stage]:
    """In clear text as on the station's own machine, and encrypted as beyond it."""
    with open_stage(tmp_path_factory.mktemp("tabs"), encrypted=request.param) as opened:
        yield opened


def test_seven_live_tabs_share_one_stream_and_all_follow(enter: Enter, stage: Stage) -> None:
    officer = enter("canbo", ignore_https_errors=True)
    officer.go("/")
    tabs: list[Page] = [officer.page, *(officer.context.new_page() for _ in range(TABS - 1))]
    streams: list[str] = []
    for tab in tabs:
        tab.on("request", lambda request: streams.append(request.url) if "/live?" in request.url else None)
        tab.goto(stage.address + "/nodes")
    last = officer.context.new_page()
    last.goto(stage.address + "/emergency", timeout=10_000)
    expect(last.locator("h1")).to_be_visible()
    assert 1 <= len(streams) <= 2
    stage.online("ban-cuon")
    for tab in tabs:
        expect(tab.locator("main")).to_contain_text("đang kết nối", timeout=10_000)
    tabs[0].close()
    for tab in (*tabs[1:], last):
        tab.close()
