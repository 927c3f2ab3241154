"""On a telephone: pairing a channel with the code that arrives in it, and following a message's link to the thing."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

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
from tests.doubles.outside_services import MailDouble, OutsideDouble, mail_double, outside_double
from tests.rig.running.busy import await_fact

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def mail() -> Iterator[MailDouble]:
    with mail_double() as double:
        yield double


@pytest.fixture
def outside(stage: Stage, mail: MailDouble) -> Iterator[OutsideDouble]:
    """Every service on this machine, set up in the console, and the station's thread that calls people."""
    services = stage.app.extensions["loa"]
    config = services.config
    sealer = Sealer(StationIdentity.load_or_create(config.data_dir.absolute(), config.station.id).seed)
    with outside_double() as double:
        settings = all_of(double, mail)
        stage.app.extensions["loa"] = replace(services, config=replace(config, notices=settings))
        senders = build_senders(settings, stage.database, sealer=sealer, clock=now)
        stop, service = threading.Event(), NoticeService(stage.database, senders, sealer=sealer, clock=now)
        thread = threading.Thread(target=service.run, args=[stop])
        thread.start()
        yield double
        stop.set()
        thread.join(60)
        stage.app.extensions["loa"] = services


def all_of(double: OutsideDouble, mail: MailDouble) -> NoticeSettings:
    return NoticeSettings(
        allow=("127.0.0.0/8",),
        zalo_bot_token="1:bot",
        zalo_address=double.address,
        zalo_oa_app_id="oa",
        zalo_oa_secret="bi-mat",
        zalo_oa_refresh_token="lam-moi",
        zalo_oa_address=double.address,
        zalo_oauth_address=double.address,
        telegram_bot_token="1:bot",
        telegram_address=double.address,
        smtp_host="127.0.0.1",
        smtp_port=mail.port,
        smtp_security="insecure",
        smtp_from="loa@loa.test",
    )


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
    with keeper.page.expect_navigation():
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
    keeper.errors.clear()  # a live part may have been asked for between the two


def test_every_kind_of_channel_is_paired_with_the_code_that_arrives_in_it(
    enter: Enter, outside: OutsideDouble, mail: MailDouble
) -> None:
    """All but the browser itself, whose push service is far away."""
    officer = enter("canbo", viewport=PHONE)
    officer.go("/account/notices")
    addresses = {"zalo": "chat.7", "zalo_oa": "77", "telegram": "7788990011", "email": "canbo@xa.test"}
    addresses |= {"ntfy": f"{outside.address}/chu-de", "webhook": f"{outside.address}/nhan"}
    for kind, address in addresses.items():
        before = arrived(outside, mail)
        page = officer.page
        page.locator("summary").filter(has=page.locator("xpath=..", has=page.locator(f"#target-{kind}"))).click()
        page.fill(f"#target-{kind}", address)
        with page.expect_navigation():  # the live part of the page that is left shows the new channel too
            page.locator("details", has=page.locator(f"#target-{kind}")).get_by_role("button").click()
        if kind == "webhook":
            officer.follow("Gõ mã")  # its key is shown first
        wait(lambda before=before: arrived(outside, mail) - before)  # type: ignore[misc]
        (code,) = arrived(outside, mail) - before
        page.get_by_label("Mã 6 chữ số vừa đến").fill(code)
        officer.press("Ghép kênh")
        page.get_by_label("Mã 6 chữ số vừa đến").wait_for(state="detached")
    assert officer.page.get_by_text("đang dùng").count() == len(addresses)
    assert fits(officer)


def arrived(outside: OutsideDouble, mail: MailDouble) -> set[str]:
    """Every code that anybody was sent."""
    texts = [each.body.decode().encode().decode("unicode_escape", "ignore") for each in outside.heard]
    texts += [str(message_from_bytes(each, policy=default)["subject"]) for each in mail.letters]
    return {code for text in texts for code in re.findall(r"(?<!\d)(\d{6}) l", text)}
