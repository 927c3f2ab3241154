"""One sound example of each thing, to be bent by the tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from broadcaster.protocol.agenda import Agenda, AgendaItem, ClipRef
from broadcaster.protocol.values import BroadcastClass

AT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
CLIP = ClipRef(sha256="ab" * 32, size_bytes=40_000, chunk_bytes=16_384, duration_ms=12_000)
SEED = bytes(range(32))


def item(**change: Any) -> AgendaItem:
    values: dict[str, Any] = {
        "broadcast": "broadcast-1",
        "parts": (CLIP.sha256,),
        "broadcast_class": BroadcastClass.ROUTINE,
        "start_at": AT,
        "expires_at": AT + timedelta(minutes=5),
        "duration_ms": CLIP.duration_ms,
    }
    return AgendaItem(**(values | change))


def agenda(**change: Any) -> Agenda:
    values: dict[str, Any] = {
        "station": "con-minh",
        "node": "lung-pang",
        "number": 7,
        "issued_at": AT - timedelta(hours=1),
        "expires_at": AT + timedelta(days=7),
    }
    return Agenda(**(values | change))
