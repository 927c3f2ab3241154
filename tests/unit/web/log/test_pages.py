"""Nhật ký phát: what really sounded, found again and taken home as a table."""

import csv
import io
import re

import pytest

from broadcaster.protocol.receipts import Receipt
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.broadcasts import receipts
from tests.unit.web.commune import Commune, send

pytestmark = pytest.mark.integration


def played(commune: Commune, title: str = "Họp thôn") -> str:
    made = commune.approved(title)
    answer = send(commune.browser(), f"/announcements/{made}/broadcast", {"when": "now", "key": title})
    broadcast = answer.headers["Location"].rsplit("/", 1)[1]
    for node, state, ms, reason in (
        ("loa-lung-pang", DeliveryState.PLAYED, 21_000, ""),
        ("loa-lung-vai", DeliveryState.FAILED, 0, "=Mất điện"),
    ):
        fact = Receipt(
            receipt=f"{node}-{title}"[:60].replace(" ", "-").encode("ascii", "ignore").decode(),
            broadcast=broadcast,
            state=state,
            at=commune.clock(),
            sequence=5,
            played_ms=ms,
            reason=reason,
            heard=True if ms else None,
        )
        with commune.database.session() as s:
            receipts.store(s, node_id=node, receipts=[fact], now_at=commune.clock())
    return broadcast


def test_a_broadcast_is_found_with_every_nodes_seconds(commune: Commune) -> None:
    broadcast = played(commune)
    page = commune.browser().get("/log?q=họp").text
    assert f"/broadcasts/{broadcast}" in page
    assert "1/2 cụm loa phát đủ" in page
    assert "21.0" in page
    assert "Mất điện" in page


def test_what_a_microphone_heard_stands_beside_the_play_and_in_the_api(commune: Commune) -> None:
    broadcast = played(commune)
    browser = commune.browser()
    assert "loa câm" not in browser.get(f"/broadcasts/{broadcast}").text
    said = Receipt(
        receipt="heard-0001", broadcast=broadcast, state=DeliveryState.PLAYED, at=commune.clock(), sequence=6,
        played_ms=21_000, heard=False,
    )  # fmt: skip
    with commune.database.session() as s:
        receipts.store(s, node_id="loa-lung-pang", receipts=[said], now_at=commune.clock())
    for path in (f"/broadcasts/{broadcast}", "/log", "/nodes/loa-lung-pang"):
        assert "loa câm" in browser.get(path).text, path
    api = commune.app.test_client()
    deliveries = api.get(f"/api/v1/broadcasts/{broadcast}", headers=commune.token()).json["deliveries"]
    assert {each["node"]: each["heard"] for each in deliveries} == {"loa-lung-pang": False, "loa-lung-vai": None}


def test_the_log_is_narrowed_by_date_node_and_outcome(commune: Commune) -> None:
    played(commune)
    browser = commune.browser()
    for narrowed in ("from=2026-11-23&to=2026-11-23", "node=loa-lung-vai", "state=partial"):
        assert "Họp thôn" in browser.get(f"/log?{narrowed}").text, narrowed
    for narrowed in ("from=2026-11-24", "to=2026-11-22", "node=loa-ban-cuon", "state=missed", "q=100%"):
        assert "Chưa có lượt phát nào" in browser.get(f"/log?{narrowed}").text, narrowed


def test_a_date_that_is_none_is_said_and_the_log_still_shown(commune: Commune) -> None:
    played(commune)
    page = commune.browser().get("/log?from=hôm-nay").text
    assert "không đúng" in page
    assert "Họp thôn" in page


def test_the_table_has_one_line_for_each_node_and_nothing_a_spreadsheet_would_run(commune: Commune) -> None:
    played(commune, "=1+1")
    answer = commune.browser().get("/log.csv")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    text = answer.get_data(as_text=True)
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row["Cụm loa"] for row in rows] == ["Loa Lủng Pảng", "Loa Lủng Vai"]
    assert rows[0]["Giây đã phát"] == "21.0"
    assert rows[0]["Bản tin"] == "'=1+1"
    assert rows[1]["Lý do"] == "'=Mất điện"
    assert [row["Micrô"] for row in rows] == ["nghe được", ""]


def test_everybody_with_a_role_may_read_the_log(commune: Commune) -> None:
    for username in ("canbo", "chutich", "quantri", "khach"):
        assert commune.browser(username).get("/log").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/log?page=99999999999999999999",
        "/log?from=0001-01-01",
        "/log?to=9999-12-31",
        "/log?q=%00&node=%00",
        "/announcements?page=99999999999999999999",
        "/announcements?q=%00%25_",
        "/timetable?from=9999-12-31",
        "/log.csv?from=nonsense",
    ],
)
def test_nonsense_in_an_address_is_no_error(commune: Commune, address: str) -> None:
    assert commune.browser().get(address, buffered=True).status_code == 200


def test_the_log_is_put_in_the_order_asked_for(commune: Commune) -> None:
    for title in ("Bê tông", "An ninh", "Cắt điện"):
        played(commune, title)
        commune.clock.move(minutes=5)
    browser = commune.browser()

    def titles(order: str) -> list[str]:
        return re.findall(r'class="title"[^>]*>([^<]+)', browser.get(f"/log?order={order}").text)

    assert titles("") == titles("khong-co") == ["Cắt điện", "An ninh", "Bê tông"]
    assert titles("oldest") == ["Bê tông", "An ninh", "Cắt điện"]
    assert titles("title") == ["An ninh", "Bê tông", "Cắt điện"]


def test_the_log_is_searched_without_case_and_marks(commune: Commune) -> None:
    broadcast = played(commune)
    browser = commune.browser()
    for query in ("hop thon", "HỌP", "thôn họp"):
        assert f"/broadcasts/{broadcast}" in browser.get("/log", query_string={"q": query}).text
    assert f"/broadcasts/{broadcast}" not in browser.get("/log", query_string={"q": "hop xa"}).text
