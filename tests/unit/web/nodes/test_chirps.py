"""Kêu thử on the page of a node."""

from pathlib import Path

import pytest

from broadcaster.rendering import RenderedClip
from broadcaster.station.broadcasts import test_tones as chirps
from broadcaster.station.clips import clips, station_clips
from tests.unit.web.commune import MORNING, Commune, send
from tests.unit.web.nodes.test_pages import tell

pytestmark = pytest.mark.integration


def make_sound(commune: Commune) -> None:
    with commune.database.session() as s:
        chirps.prepare(s, now_at=MORNING)
        row = station_clips.QUEUE.claim(s, worker="test", now_at=MORNING)
        assert row
        rendered = RenderedClip(Path("x.ogg"), "c" * 64, 1500, 1000, "chime", None, -28.0)
        station_clips.QUEUE.finish(s, key=row.plan_hash, clip=clips.record(s, rendered, row.plan_hash, MORNING))


def test_a_technician_makes_a_node_chirp_and_sees_what_became_of_it(commune: Commune) -> None:
    tell(commune)
    make_sound(commune)
    browser = commune.browser("quantri")
    send(browser, "/nodes/loa-lung-vai/chirp")
    assert "đang gửi lệnh" in browser.get("/nodes/loa-lung-vai/chirp").text
    assert "Kêu thử: Loa Lủng Vai" in browser.get("/nodes/loa-lung-vai").text


def test_why_a_node_does_not_chirp_is_said(commune: Commune) -> None:
    browser = commune.browser("quantri")
    send(browser, "/nodes/loa-lung-vai/chirp")
    assert "không kết nối" in browser.get("/nodes/loa-lung-vai").text


def test_an_officer_is_not_offered_it(commune: Commune) -> None:
    assert "Kêu thử ngay" not in commune.browser().get("/nodes/loa-lung-vai").text


def test_a_program_gets_the_broadcast_to_watch(commune: Commune) -> None:
    tell(commune)
    make_sound(commune)
    api, headers = commune.app.test_client(), commune.token("quantri")
    made = api.post("/api/v1/nodes/loa-lung-vai/chirp", json={}, headers=headers)
    assert made.status_code == 201
    assert made.json["deliveries"][0]["node"] == "loa-lung-vai"
