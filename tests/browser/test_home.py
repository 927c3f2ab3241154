"""Trang chủ ten minutes before a broadcast: the countdown runs, a node becomes ready without reloading."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from broadcaster.protocol.values import DeliveryState
from broadcaster.station.announcements import announcements
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.people import people
from tests.browser.conftest import Enter
from tests.browser.rig.stage import Stage, now


def test_nodes_become_ready_on_an_open_page_while_the_countdown_runs(enter: Enter, stage: Stage) -> None:
    officer, chair = enter("canbo"), enter("chutich")
    officer.write("Sắp phát", "Mời bà con họp lúc 19h30.", "con-minh")
    path = officer.save()
    officer.press("Gửi duyệt")
    chair.go(path)
    chair.press("Duyệt")
    chair.sees("Phát ngay")
    with stage.database.session() as s:
        by = people.find(s, "canbo")
        assert by
        announcement = announcements.get(s, path.rsplit("/", 1)[1])
        start_at = now() + timedelta(minutes=9)
        planned = broadcasts.broadcast_now(s, announcement=announcement, by=by, now_at=now(), start_at=start_at)
        broadcast, virtual_nodes = planned.id, len(planned.deliveries)
    stage.online("ban-cuon")
    officer.go("/")
    card = officer.page.locator(".readiness", has_text="Sắp phát")
    expect(card).to_contain_text(f"0/{virtual_nodes}")
    expect(card.locator(".countdown")).to_contain_text(re.compile(r"còn \d:\d\d"))
    stage.report(broadcast, "ban-cuon", DeliveryState.STORED)
    expect(card).to_contain_text(f"1/{virtual_nodes}")
    expect(card.locator(".countdown")).to_contain_text(re.compile(r"còn \d:\d\d"))
