"""Finds every message class by itself and makes examples of each from nothing but its field types."""

import functools
import importlib
import pkgutil
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

import broadcaster.protocol
from broadcaster.protocol.agenda import Agenda, AgendaItem, ClipRef, Policy
from broadcaster.protocol.codec import Message
from broadcaster.protocol.gauges.rules import GaugeRule
from broadcaster.protocol.receipts import Receipt
from broadcaster.protocol.values import DeliveryState

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_MS = 7_000_000_000_000
"""The year 2191."""


def every_class() -> list[type[Message]]:
    """All classes derived from Message in any module of the protocol, in order of their names."""
    for module in pkgutil.iter_modules(broadcaster.protocol.__path__):
        importlib.import_module(f"broadcaster.protocol.{module.name}")
    found: list[type[Message]] = []
    waiting = list(Message.__subclasses__())
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting.extend(kind.__subclasses__())
    return sorted(found, key=lambda kind: kind.__name__)


@functools.cache
def examples(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Valid instances of a message class or of a part of one."""
    if kind is Agenda:
        return st.builds(_agenda, st.lists(examples(AgendaItem), max_size=2), _fields(Agenda, but=("items", "clips")))
    if kind is AgendaItem:
        return _fields(AgendaItem).map(_end_after_start)
    if kind is Policy:
        return _fields(Policy, but=("spoken_rules",)).map(_every_hour)
    if kind is GaugeRule:
        return _fields(GaugeRule).map(_ends_below)
    if kind is Receipt:
        return _fields(Receipt).map(_stated_by_a_node)
    return _fields(kind).map(lambda values: kind(**values))


def _agenda(items: list[AgendaItem], values: dict[str, Any]) -> Agenda:
    parts = {part for item in items for part in item.clips}
    clips = [ClipRef(sha256=part, size_bytes=20_000, chunk_bytes=16_384, duration_ms=1000) for part in sorted(parts)]
    return Agenda(**values, items=tuple(items), clips=tuple(clips))


def _end_after_start(values: dict[str, Any]) -> AgendaItem:
    row = {"broadcast": f"{values['broadcast']}-1", "every_ms": max(values["every_ms"], 1), "source": None}
    ends = {"expires_at": values["start_at"] + timedelta(minutes=5)}
    return AgendaItem(**(values | ends | (row if values["repeats"] > 1 else {})))


def _ends_below(values: dict[str, Any]) -> GaugeRule:
    ends = {"limit": 3.0, "ends": 4.0 if values["falling"] else 2.0, "partner": None}
    return GaugeRule(**(values | ends))


def _every_hour(values: dict[str, Any]) -> Policy:
    return Policy(**(values | {"volume_profile": values["volume_profile"][:1] * 24}))


def _stated_by_a_node(values: dict[str, Any]) -> Receipt:
    stated = DeliveryState.STORED if values["state"] is DeliveryState.PLANNED else values["state"]
    return Receipt(**(values | {"state": stated}))


def _fields(kind: type[Any], *, but: tuple[str, ...] = ()) -> st.SearchStrategy[dict[str, Any]]:
    shape = inspect.type_info(kind)
    assert isinstance(shape, inspect.StructType)
    return st.fixed_dictionaries({field.name: _values(field.type) for field in shape.fields if field.name not in but})


def _texts(shape: inspect.StrType) -> st.SearchStrategy[str]:
    match shape:
        case inspect.StrType(pattern=pattern) if pattern and "_[a-z0-9]{1,8}" in pattern:
            return st.integers(0, 2**30).map(lambda number: f"suoi_{number:x}")
        case inspect.StrType(pattern=pattern) if pattern and "{14}" in pattern:
            return st.integers(0, 2**64).map(lambda number: f"{number % 2**56:014x}")
        case inspect.StrType(pattern=pattern) if pattern and "{64}" in pattern:
            return st.integers(0, 2**64).map(lambda number: f"{number:064x}")
        case inspect.StrType(pattern=pattern) if pattern and "[0-9a-f]" in pattern:
            return st.text("0123456789abcdef", max_size=16)
        case inspect.StrType(pattern=pattern) if pattern and pattern.startswith("^[a-z]["):
            return st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=40).map(lambda text: f"c{text}")
        case inspect.StrType(pattern=pattern) if pattern and pattern.startswith("^[0-9]{1,4}"):
            return st.lists(st.integers(0, 9999), min_size=2, max_size=4).map(lambda each: ".".join(map(str, each)))
        case inspect.StrType(pattern=pattern) if pattern and "whl" in pattern:
            return st.integers(0, 99).map(lambda number: f"loa_lang-{number}-py3-none-any.whl")
        case inspect.StrType(pattern=pattern) if pattern:
            return st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=8, max_size=40)  # fits every name's pattern
        case inspect.StrType():
            return st.text(min_size=shape.min_length or 0, max_size=min(shape.max_length or 60, 60))
    raise AssertionError("a text is always one of these")


def _values(shape: inspect.Type) -> st.SearchStrategy[Any]:  # noqa: C901  # one line a kind of field
    match shape:
        case inspect.StrType():
            return _texts(shape)
        case inspect.IntType():
            return st.integers(shape.ge if shape.ge is not None else -(2**31), shape.le or 2**31)
        case inspect.FloatType():
            return st.floats(allow_nan=False, allow_infinity=False)
        case inspect.BoolType():
            return st.booleans()
        case inspect.NoneType():
            return st.none()
        case inspect.DateTimeType():
            return st.integers(0, _LAST_MS).map(lambda ms: _EPOCH + timedelta(milliseconds=ms))  # drawn in one piece
        case inspect.LiteralType(values=values):
            return st.sampled_from(values)
        case inspect.EnumType(cls=kind):
            return st.sampled_from(kind)
        case inspect.DictType(key_type=key, value_type=value):
            return st.dictionaries(_values(key), _values(value), max_size=min(shape.max_length or 3, 3))
        case inspect.VarTupleType(item_type=item):
            return st.lists(_values(item), min_size=shape.min_length or 0, max_size=3).map(tuple)
        case inspect.UnionType(types=types):
            return st.one_of([_values(one) for one in types])
        case inspect.StructType(cls=kind):
            return examples(kind)
    raise AssertionError(f"this test cannot make a {shape}; teach it")


def one_of(kind: type[Message]) -> Message:
    """A plain example with every field that has no default filled in."""
    built = msgspec.convert(_plain(kind), kind)
    assert isinstance(built, kind)
    return built


def _plain(kind: type[Any]) -> dict[str, Any]:
    shape = inspect.type_info(kind)
    assert isinstance(shape, inspect.StructType)
    return {field.encode_name: _plain_value(field) for field in shape.fields if field.required}


_BY_NAME: dict[str, Any] = {
    "issued_at": "2026-11-21T00:00:00Z",
    "expires_at": "2026-11-28T00:00:00Z",
    "start_at": "2026-11-21T10:00:00Z",
    "at": "2026-11-21T10:00:00Z",
    "sha256": "ab" * 32,
    "station_key": "cd" * 32,
    "program": "1.2",
    "name": "loa_lang-1.2-py3-none-any.whl",
    "not_before_at": "2026-11-21T00:00:00Z",
    "state": "played",
    "password": "p" * 20,
    "receipt": "receipt-1",
    "broadcast": "broadcast-1",
    "asked_seconds": 1.5,
    "received_seconds": 2.5,
    "replied_seconds": 2.5,
    "online": True,
    "key": "cd" * 32,
    "sent_at": "2026-11-21T10:00:00Z",
    "gauge": "suoi_1",
    "value": 2.5,
}


def _plain_value(field: inspect.Field) -> Any:
    match field.type:
        case inspect.VarTupleType(item_type=inspect.StructType(cls=kind)):
            return [_plain(kind)]
        case inspect.VarTupleType(item_type=inspect.IntType()):
            return [0]
        case inspect.VarTupleType():
            return ["receipt-1"]
        case inspect.StructType(cls=kind):
            return _plain(kind)
        case inspect.IntType():
            return 7
    return _BY_NAME.get(field.name, "lung-pang")
