"""Trang chủ: what sounds, what comes, what needs somebody; and whether the house stands."""

import sqlite3
from contextlib import closing

import pytest

from broadcaster.station.clips import jobs
from broadcaster.station.database import disk_space
from broadcaster.station.matters import matters
from broadcaster.station.people import people
from broadcaster.station.rows import heartbeats
from broadcaster.station.rules import stop_all
from tests.unit.web.commune import Commune, send

pytestmark = pytest.mark.integration


def test_a_station_that_stands_still_is_the_first_thing_said(commune: Commune) -> None:
    browser = commune.browser()
    assert "Đài (chương trình nền) không hoạt động" in browser.get("/").text
    commune.beat()
    assert "không hoạt động" not in browser.get("/now").text


def test_a_broker_that_is_down_is_said(commune: Commune) -> None:
    commune.beat()
    with commune.database.session() as s:
        heartbeats.beat(s, "publisher", commune.clock(), {"connected": False})
    assert "Mất kết nối với máy chủ tin nhắn" in commune.browser().get("/").text


def test_a_voice_that_fails_is_said_with_the_way_to_the_reason(commune: Commune) -> None:
    commune.beat()
    made = commune.write("Bản tin không có tiếng")
    with commune.database.session() as s:
        job = jobs.claim(s, worker="w", now_at=commune.clock())
        assert job
        jobs.fail(s, job_id=job.id, worker="w", error="Ổ đĩa đã đầy. Hãy dọn bớt.", now_at=commune.clock())
        matters.observe(s, now_at=commune.clock())
    browser = commune.browser()
    page = browser.get("/").text
    assert "Chưa tạo được tệp phát cho “Bản tin không có tiếng”." in page
    assert f'<a href="/announcements/{made}">Xem lý do</a>' in page
    assert "Ổ đĩa đã đầy. Hãy dọn bớt." in browser.get(f"/announcements/{made}").text
    assert send(browser, f"/announcements/{made}/sound").status_code == 302
    assert "Đang tạo tệp phát" in browser.get(f"/announcements/{made}").text


def test_what_is_ordered_and_what_is_drafted_is_found_at_home(commune: Commune) -> None:
    commune.write("Bản nháp của Lan")
    made = commune.approved("Bản tin sắp phát")
    browser = commune.browser()
    send(browser, f"/announcements/{made}/broadcast", {"when": "later", "start_at": "2026-11-23T17:00", "key": "k"})
    page = browser.get("/").text
    assert "Bản nháp của Lan" in page
    assert "Bản tin sắp phát" in page
    assert "17:00 hôm nay" in page


def test_health_is_open_and_says_which_part_stands_still(commune: Commune) -> None:
    stranger = commune.app.test_client()
    answer = stranger.get("/health")
    assert answer.status_code == 200
    assert answer.json["status"] == "degraded"
    assert answer.json["station"] == "silent"
    commune.beat()
    assert stranger.get("/health").json == {
        "status": "ok",
        "database": "ok",
        "station": "ok",
        "broker": "ok",
        "renderer": "ok",
        "nodes": {"known": 3, "online": 0},
    }


def test_health_is_degraded_by_what_hinders_delivery_and_home_says_what(commune: Commune) -> None:
    commune.beat()
    with commune.database.session() as s:
        heartbeats.beat(s, "publisher", commune.clock(), {"connected": True, "hindrances": ["intake_behind"]})
    stated = commune.app.test_client().get("/health").json
    assert (stated["status"], stated["hindrances"]) == ("degraded", ["intake_behind"])
    assert "đang nhận rất nhiều tin từ cụm loa" in commune.browser().get("/").text


def test_a_clock_nobody_vouches_for_degrades_health_and_is_the_first_matter_at_home(commune: Commune) -> None:
    commune.beat()
    with commune.database.session() as s:
        detail = {"connected": False, "hindrances": ["clock_unvouched"]}
        heartbeats.beat(s, "publisher", commune.clock(), detail)
    stated = commune.app.test_client().get("/health").json
    assert (stated["status"], stated["hindrances"]) == ("degraded", ["clock_unvouched"])
    page = commune.browser().get("/").text
    assert page.count("Đồng hồ máy của đài không đáng tin") == 1
    assert page.index("Đồng hồ máy của đài không đáng tin") < page.index("Mất kết nối với máy chủ tin nhắn")


def test_health_is_degraded_while_somebody_holds_the_database(commune: Commune) -> None:
    commune.beat()
    with closing(sqlite3.connect(commune.database.url.database or "", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        stated = commune.app.test_client().get("/health").json
        other.execute("ROLLBACK")
    assert (stated["status"], stated["hindrances"]) == ("degraded", ["database_refuses"])
    assert commune.app.test_client().get("/health").json["status"] == "ok"


def test_health_is_degraded_when_the_disk_is_nearly_full(commune: Commune, monkeypatch: pytest.MonkeyPatch) -> None:
    commune.beat()
    monkeypatch.setattr(disk_space, "free_bytes", lambda _folder: disk_space.SCARCE_BYTES - 1)
    stated = commune.app.test_client().get("/health").json
    assert (stated["status"], stated["hindrances"]) == ("degraded", ["disk_scarce"])


def test_metrics_are_in_the_exposition_format(commune: Commune) -> None:
    commune.beat()
    commune.approved()
    answer = commune.app.test_client().get("/metrics")
    assert answer.content_type.startswith("text/plain; version=0.0.4")
    assert 'loa_nodes{presence="never"} 3' in answer.text
    assert 'loa_announcements{state="approved"} 1' in answer.text
    assert 'loa_heartbeat_age_seconds{part="station"} 0' in answer.text


def test_an_order_of_silence_is_the_loudest_thing_at_home(commune: Commune) -> None:
    commune.beat()
    with commune.database.session() as s:
        chair = people.find(s, "chutich")
        assert chair
        stop_all.order(s, by=chair, reason="Loa hú liên tục.", now_at=commune.clock())
    assert "Đang có lệnh dừng toàn bộ, do Hoàng Văn Minh ra" in commune.browser().get("/").text
