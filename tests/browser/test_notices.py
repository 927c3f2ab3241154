"""On a telephone: pairing a channel with the code that arrives in it, and following a message's link to the thing."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from broadcaster.network_settings import NoticeSettings
from broadcaster.notices.senders import build_senders
from broadcaster.notices.service import NoticeService
from broadcaster.station.matters import matters
from broadcaster.station.matters.findings import MatterFinding
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.notices.sealing import Sealer
from tests.browser.conftest import Enter
from tests.browser.rig.person import Person
from tests.browser.rig.stage import Stage, now
from tests.doubles.outside_services import OutsideDouble, outside_double
from tests.rig.running.busy import await_fact

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def outside(stage: Stage) -> Iterator[OutsideDouble]:
    """A service on this machine, and the station's thread that calls people."""
    config = stage.app.extensions["loa"].config
    sealer = Sealer(StationIdentity.load_or_create(config.data_dir.absolute(), config.station.id).seed)
    senders = build_senders(NoticeSettings(allow=("127.0.0.0/8",)), stage.database, sealer=sealer, clock=now)
    stop, service = threading.Event(), NoticeService(stage.database, senders, sealer=sealer, clock=now)
    thread = threading.Thread(target=service.run, args=[stop])
    with outside_double() as double:
        thread.start()
        yield double
        stop.set()
        thread.join(60)


def heard(double: OutsideDouble, count: int) -> dict[str, str]:
    """The body of the message of this number, once it is there."""
    wait(lambda: len(double.heard) >= count)
    said: dict[str, str] = json.loads(double.heard[count - 1].body)
    return said


def wait(ready: Callable[[], bool]) -> None:
    await_fact(ready, seconds=60)


def fits(person: Person) -> bool:
    """Nothing stands beyond the right edge of the window."""
    return bool(person.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_a_channel_is_paired_and_a_link_opens_the_very_thing(
    stage: Stage, enter: Enter, outside: OutsideDouble
) -> None:
    keeper = enter("quantri", viewport=PHONE)
    keeper.go("/account")
    keeper.follow("Chọn kênh nhận thông báo")
    keeper.page.locator("summary", has_text="ntfy").click()
    keeper.page.fill("#target-ntfy", f"{outside.address}/loa-thon-toi")
    keeper.page.locator("details", has=keeper.page.locator("#target-ntfy")).get_by_role("button").click()
    code = heard(outside, 1)["title"].split()[0]
    keeper.page.get_by_label("Mã 6 chữ số vừa đến").fill(code)
    keeper.press("Ghép kênh")
    keeper.page.get_by_text("đang dùng").wait_for()
    assert fits(keeper)
    node_id = stage.virtual_nodes[0]
    details = {"name": "Cụm loa thử", "seen_at": (now() - timedelta(hours=1)).isoformat()}
    with stage.database.session() as s:
        matters.note(s, [MatterFinding("pole_silent", f"node:{node_id}", details)], now_at=now())
    message = heard(outside, 2)
    assert message["title"] == "1 cụm loa mất liên lạc: Cụm loa thử"
    keeper.page.get_by_text("1 cụm loa mất liên lạc").wait_for()
    assert fits(keeper)
    keeper.context.clear_cookies()
    keeper.page.goto(message["message"])
    keeper.sign_in()
    keeper.page.wait_for_url(f"{stage.address}/nodes/{node_id}")
