"""Lượt phát: ordered once, watched node by node, called off."""

from datetime import timedelta

import pytest

from broadcaster.protocol.receipts import Receipt
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.broadcasts import receipts
from tests.unit.web.commune import Commune, send

pytestmark = pytest.mark.integration


def ordered(commune: Commune, **fields: str) -> str:
    made = commune.approved()
    answer = send(commune.browser(), f"/announcements/{made}/broadcast", {"when": "now", "key": "order-1", **fields})
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"].rsplit("/", 1)[1]


def tell(commune: Commune, broadcast: str, state: DeliveryState, sequence: int, **more: object) -> None:
    fact = Receipt(
        receipt=f"receipt-{sequence}", broadcast=broadcast, state=state, at=commune.clock(), sequence=sequence, **more
    )
    with commune.database.session() as s:
        receipts.store(s, node_id="loa-lung-pang", receipts=[fact], now_at=commune.clock())


def test_the_order_is_confirmed_with_zones_and_nodes_before_it_is_given(commune: Commune) -> None:
    made = commune.approved()
    page = commune.browser().get(f"/announcements/{made}/broadcast").text
    assert "Lủng Pảng, Lủng Vai" in page
    assert "Phát đến 2 cụm loa" in page


def test_each_node_is_followed_from_planned_to_played(commune: Commune) -> None:
    broadcast = ordered(commune)
    browser = commune.browser()
    page = browser.get(f"/broadcasts/{broadcast}").text
    assert page.count("đã lên lịch") >= 2
    for sequence, (state, words) in enumerate(
        [
            (DeliveryState.STORED, "đã nhận"),
            (DeliveryState.PLAYING, "đang phát"),
            (DeliveryState.PLAYED, "đã phát"),
        ],
        start=1,
    ):
        tell(commune, broadcast, state, sequence, played_ms=21_000 if state is DeliveryState.PLAYED else 0)
        fragment = browser.get(f"/broadcasts/{broadcast}/deliveries").text
        assert f"</span>{words}" in fragment or f">{words}</span>" in fragment
    assert "21 giây" in fragment
    assert "<html" not in fragment


def test_pressing_twice_orders_once(commune: Commune) -> None:
    made = commune.approved()
    browser = commune.browser()
    first, second = (
        send(browser, f"/announcements/{made}/broadcast", {"when": "now", "key": "same"}).headers["Location"]
        for _ in range(2)
    )
    assert first == second


def test_a_start_in_the_past_is_refused_with_a_sentence(commune: Commune) -> None:
    made = commune.approved()
    yesterday = f"{commune.clock() - timedelta(days=1):%Y-%m-%dT%H:%M}"
    fields = {"when": "later", "start_at": yesterday, "key": "k"}
    answer = send(commune.browser(), f"/announcements/{made}/broadcast", fields)
    assert answer.status_code == 422
    assert "Giờ phát đã qua" in answer.text
    assert f'value="{yesterday}"' in answer.text


def test_a_start_is_meant_in_the_communes_own_time(commune: Commune) -> None:
    broadcast = ordered(commune, when="later", start_at="2026-11-23T17:00")
    assert "17:00 hôm nay" in commune.browser().get(f"/broadcasts/{broadcast}").text


def test_a_broadcast_can_be_called_off(commune: Commune) -> None:
    broadcast = ordered(commune)
    browser = commune.browser()
    assert send(browser, f"/broadcasts/{broadcast}/cancel").status_code == 302
    page = browser.get(f"/broadcasts/{broadcast}").text
    assert "Đã hủy" in page
    assert "Hủy phát" not in page


def test_what_is_not_approved_is_not_broadcast(commune: Commune) -> None:
    made = commune.write()
    commune.make_clips()
    answer = send(commune.browser(), f"/announcements/{made}/broadcast", {"when": "now", "key": "k"})
    assert answer.status_code == 409
    assert "chưa được duyệt" in answer.text


def test_somebody_who_may_only_look_cannot_order(commune: Commune) -> None:
    made = commune.approved()
    viewer = commune.browser("khach")
    assert viewer.get(f"/announcements/{made}/broadcast").status_code == 403
    assert "Phát ngay" not in viewer.get(f"/announcements/{made}").text
