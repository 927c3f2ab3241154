"""docs/protocol.md says what the code says: a topic, message, field or error that it does not name fails here."""

import re
from pathlib import Path

import msgspec
import pytest

from broadcaster.protocol import errors
from broadcaster.protocol.codec import Message
from broadcaster.protocol.mqtt import inbox
from broadcaster.protocol.reasons import CardCause, ReasonCode, TroubleCode
from broadcaster.protocol.release import ReleaseFailure, ReleaseState
from tests.unit.protocol import messages

PAGE = (Path(__file__).parents[3] / "docs" / "protocol.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([^`]+)`", PAGE))


def structs(kind: type[msgspec.Struct]) -> set[type[msgspec.Struct]]:
    """A class and every class that its fields are made of."""
    found: set[type[msgspec.Struct]] = {kind}
    waiting: list[object] = [field.type for field in msgspec.structs.fields(kind)]
    while waiting:
        one = waiting.pop()
        waiting.extend(getattr(one, "__args__", ()))
        if isinstance(one, type) and issubclass(one, msgspec.Struct) and one not in found:
            found |= structs(one)
    return found


EVERY = sorted(set().union(*(structs(kind) for kind in messages.every_class())), key=lambda kind: kind.__name__)


@pytest.mark.parametrize("leaf", [*sorted(inbox.LEAVES), "agenda"])
def test_every_topic_of_a_node_is_on_the_page(leaf: str) -> None:
    assert f"nodes/{{node}}/{leaf}" in NAMED


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_every_class_and_field_is_on_the_page(kind: type[msgspec.Struct]) -> None:
    missing = {kind.__name__, *kind.__struct_fields__} - NAMED
    assert not missing


@pytest.mark.parametrize("error", sorted(cls.__name__ for cls in errors.ProtocolError.__subclasses__()))
def test_every_refusal_is_on_the_page(error: str) -> None:
    assert error in NAMED


@pytest.mark.parametrize("code", [*ReasonCode, *TroubleCode, *CardCause, *ReleaseFailure, *ReleaseState])
def test_every_code_is_on_the_page(code: str) -> None:
    assert code in NAMED


def test_the_limits_on_the_page_are_those_of_the_code() -> None:
    limits = {kind.__name__: kind.LIMIT_BYTES for kind in messages.every_class()}
    assert limits.pop("Agenda") == 256 * 1024
    assert set(limits.values()) == {64 * 1024} == {Message.LIMIT_BYTES}
