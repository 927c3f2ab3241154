"""Phát lại: only where it was not heard, only what was approved, never twice by one press."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from broadcaster.protocol.receipts import Receipt
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.announcements import announcements
from broadcaster.station.broadcasts import receipts
from broadcaster.station.schema import Announcement, Broadcast, Person
from broadcaster.station.schema.announcement_fields import fields_of
from tests.unit.web.commune import Commune, send
from tests.unit.web.log.test_pages import played

pytestmark = pytest.mark.integration


def again(commune: Commune, broadcast: str, username: str = "canbo") -> str:
    browser = commune.browser(username)
    key = re.search(r'name="key" value="([^"]+)"', browser.get(f"/broadcasts/{broadcast}").text)
    assert key, "nothing to air again"
    return send(browser, f"/broadcasts/{broadcast}/again", {"key": key[1]}).headers["Location"].rsplit("/", 1)[1]


def test_it_sounds_again_only_where_it_was_not_heard(commune: Commune) -> None:
    first = played(commune)
    made = again(commune, first)
    with commune.database.reading() as s:
        broadcast = s.get_one(Broadcast, made)
        assert [each.node_id for each in broadcast.deliveries] == ["loa-lung-vai"]
        assert broadcast.live
        assert broadcast.content_hash == s.get_one(Broadcast, first).content_hash


def test_pressing_twice_makes_one_broadcast(commune: Commune) -> None:
    first = played(commune)
    assert again(commune, first) == again(commune, first)


def test_what_was_edited_since_is_not_aired_behind_its_approval(commune: Commune) -> None:
    first = played(commune)
    with commune.database.session() as s:
        announcement = s.get_one(Announcement, s.get_one(Broadcast, first).announcement_id)
        by = s.query(Person).filter_by(username="canbo").one()
        announcements.edit(
            s,
            announcement,
            replace(fields_of(announcement), text="Tin khác."),
            revision=announcement.revision,
            by=by,
            now_at=commune.clock(),
        )
    answer = send(commune.browser(), f"/broadcasts/{first}/again", {"key": "x"})
    assert answer.status_code == 409
    assert "gửi duyệt rồi phát" in answer.text


def test_a_viewer_is_neither_offered_nor_allowed_it(commune: Commune) -> None:
    first = played(commune)
    viewer = commune.browser("khach")
    assert "Phát lại ở" not in viewer.get(f"/broadcasts/{first}").text
    assert send(viewer, f"/broadcasts/{first}/again", {"key": "x"}).status_code == 403


def test_a_program_does_the_same(commune: Commune) -> None:
    first = played(commune)
    api, headers = commune.app.test_client(), commune.token()
    made = api.post(f"/api/v1/broadcasts/{first}/again?key=k1", headers=headers)
    assert made.status_code == 201
    assert [each["node"] for each in made.json["deliveries"]] == ["loa-lung-vai"]
    assert api.post(f"/api/v1/broadcasts/{first}/again?key=k1", headers=headers).json["id"] == made.json["id"]
    assert api.post(f"/api/v1/broadcasts/{made.json['id']}/again", headers=headers).status_code == 409


def test_the_page_tells_when_each_node_had_it(commune: Commune) -> None:
    first = played(commune)
    stored = Receipt(
        receipt="receipt-stored-1",
        broadcast=first,
        state=DeliveryState.STORED,
        at=commune.clock() - timedelta(seconds=7),
        sequence=2,
    )
    with commune.database.session() as s:
        receipts.store(s, node_id="loa-lung-vai", receipts=[stored], now_at=commune.clock())
    assert "07:59:53" in commune.browser().get(f"/broadcasts/{first}").text
