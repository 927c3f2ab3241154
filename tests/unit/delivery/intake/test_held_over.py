"""What others take in, and what becomes of it when they do not."""

from datetime import UTC, datetime

from broadcaster.delivery.connection import Incoming
from broadcaster.delivery.intake.held_over import HOLD_SECONDS, HeldOver

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)


def said(text: str) -> Incoming:
    return Incoming("loa/1/con-minh/nodes/na-ca/receipts", text.encode(), retained=False)


def test_what_becomes_ours_is_given_out_once_and_in_the_order_it_came() -> None:
    held = HeldOver()
    for node, text in (("na-ca", "1"), ("ang-hin", "2"), ("na-ca", "3")):
        held.keep(node, said(text), NOW)
    assert [each.payload for each, _ in held.take(lambda node: node == "na-ca")] == [b"1", b"3"]
    assert held.take(lambda node: node == "na-ca") == []
    assert [each.payload for each, _ in held.take(lambda _node: True)] == [b"2"]


def test_what_the_living_have_long_stored_is_dropped() -> None:
    now = 0.0
    held = HeldOver(lambda: now)
    held.keep("na-ca", said("1"), NOW)
    held.take(lambda _node: False)
    now = HOLD_SECONDS + 1
    held.keep("na-ca", said("2"), NOW)
    assert [each.payload for each, _ in held.take(lambda _node: True)] == [b"2"]
