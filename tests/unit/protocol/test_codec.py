"""Every class of message survives the wire, and nothing malformed gets in."""

from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadcaster.protocol import errors
from broadcaster.protocol.agenda import Agenda
from broadcaster.protocol.codec import Message, decode, encode
from broadcaster.protocol.receipts import Receipts
from broadcaster.protocol.status import NodeStatus
from tests.unit.protocol import messages

EVERY = messages.every_class()
each_class = pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)


def test_the_search_for_message_classes_finds_those_of_the_design() -> None:
    names = {kind.__name__ for kind in EVERY}
    assert names >= {"Agenda", "Wants", "NodeStatus", "Receipts", "Acks", "ClockQuestion", "ClockReply", "NodeBundle"}


@each_class
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
@pytest.mark.long
def test_every_message_comes_back_as_it_was_sent(kind: type[Message], data: st.DataObject) -> None:
    message = data.draw(messages.examples(kind))
    assert decode(kind, encode(message)) == message


@each_class
def test_a_message_cannot_be_changed_after_it_was_made(kind: type[Message]) -> None:
    with pytest.raises(AttributeError):
        messages.one_of(kind).version = 1  # type: ignore[misc]


@each_class
def test_unknown_fields_are_tolerated(kind: type[Message]) -> None:
    message = messages.one_of(kind)
    tree = msgspec.json.decode(encode(message)) | {"from_the_future": {"x": [1, 2]}}
    assert decode(kind, msgspec.json.encode(tree)) == message


@each_class
def test_a_version_of_the_future_is_refused_by_name(kind: type[Message]) -> None:
    tree = msgspec.json.decode(encode(messages.one_of(kind))) | {"version": 2}
    with pytest.raises(errors.UnsupportedVersion) as refused:
        decode(kind, msgspec.json.encode(tree))
    assert refused.value.field == "version"


@each_class
def test_each_missing_field_is_named(kind: type[Message]) -> None:
    tree = msgspec.json.decode(encode(messages.one_of(kind)))
    for name in tree:
        with pytest.raises(errors.Malformed, match=name):
            decode(kind, msgspec.json.encode({key: value for key, value in tree.items() if key != name}))


@each_class
def test_a_message_longer_than_its_limit_is_refused_before_it_is_parsed(kind: type[Message]) -> None:
    with pytest.raises(errors.Oversized, match=str(kind.LIMIT_BYTES)):
        decode(kind, b" " * (kind.LIMIT_BYTES + 1))


def test_a_message_that_would_be_too_long_is_not_even_encoded() -> None:
    with pytest.raises(errors.Oversized):
        encode(NodeStatus(node="a", connection=1, online=True, boot="x" * NodeStatus.LIMIT_BYTES))


@pytest.mark.parametrize(
    "payload", [b"", b"\xff\xfe", b"null", b"[]", b"{", b'"x"', b"\x00" * 40, b"[" * 60_000, b'{"version":1}']
)
def test_garbage_is_refused_as_malformed(payload: bytes) -> None:
    for kind in EVERY:
        with pytest.raises(errors.Malformed):
            decode(kind, payload)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"node": "../etc"}, "node"),
        ({"node": "a/b"}, "node"),
        ({"node": "+"}, "node"),
        ({"node": "lung-pang\n"}, "node"),
        ({"receipts": []}, "receipts"),
        ({"receipts": [{"receipt": "r" * 10}]}, "receipts"),
    ],
)
def test_the_offending_field_is_named(change: dict[str, Any], field: str) -> None:
    tree = msgspec.json.decode(encode(messages.one_of(Receipts))) | change
    with pytest.raises(errors.Malformed) as refused:
        decode(Receipts, msgspec.json.encode(tree))
    assert (refused.value.field or "").startswith(field)


def test_a_receipt_cannot_claim_the_station_s_own_state() -> None:
    tree = msgspec.json.decode(encode(messages.one_of(Receipts)))
    tree["receipts"][0]["state"] = "planned"
    with pytest.raises(errors.Malformed, match="planned"):
        decode(Receipts, msgspec.json.encode(tree))


@pytest.mark.parametrize("naive", ["2026-11-21T10:00:00", "1763719200", "hôm nay"])
def test_an_instant_without_a_zone_is_refused(naive: str) -> None:
    tree = msgspec.json.decode(encode(messages.one_of(Agenda))) | {"issued_at": naive}
    with pytest.raises(errors.Malformed) as refused:
        decode(Agenda, msgspec.json.encode(tree))
    assert refused.value.field == "issued_at"


def test_what_holds_its_default_takes_no_room_on_the_wire() -> None:
    idle = NodeStatus(node="lung-pang", connection=3, online=True)
    assert encode(idle) == b'{"node":"lung-pang","connection":3,"online":true}'
