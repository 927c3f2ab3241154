"""Small situations for the arbiter: an agenda, a ledger and a clock that the test sets."""

from collections.abc import Container
from datetime import UTC, datetime, timedelta
from typing import Any

from broadcaster.protocol.agenda import Agenda, AgendaItem, ClipRef, Policy, StopOrder
from broadcaster.protocol.values import BroadcastClass, ClockState, DeliveryState
from speaker_node.clock.reading import TimeReading
from speaker_node.deciding.situation import Situation
from speaker_node.memory.ledger import LedgerEntry

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
"""Twelve o'clock in Vietnam."""
CLIP = ClipRef(sha256="ab" * 32, size_bytes=1000, chunk_bytes=1024, duration_ms=10_000)

OTHER = ClipRef(sha256="cd" * 32, size_bytes=1000, chunk_bytes=1024, duration_ms=10_000)


def at(seconds: float) -> datetime:
    """An instant so many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def reading(seconds: float = 0, *, state: ClockState = ClockState.SYNCED) -> TimeReading:
    return TimeReading(now_at=at(seconds), monotonic=1000 + seconds, state=state, error_ms=1)


def item(name: str, start: float, *, kind: BroadcastClass = BroadcastClass.ROUTINE, **more: Any) -> AgendaItem:
    """A broadcast of ten seconds that starts so many seconds after noon and may be a minute late."""
    more.setdefault("expires_at", at(start + 70))
    more.setdefault("duration_ms", CLIP.duration_ms)
    more.setdefault("parts", (CLIP.sha256,))
    return AgendaItem(broadcast=f"bc-{name:0>8}", broadcast_class=kind, start_at=at(start), **more)


def agenda(*items: AgendaItem, policy: Policy | None = None, stop: StopOrder | None = None, **more: Any) -> Agenda:
    more.setdefault("expires_at", at(86_400))
    more.setdefault("clips", (CLIP, OTHER))
    return Agenda(
        station="xa",
        node="loa-1",
        number=1,
        issued_at=NOON,
        items=items,
        policy=policy or Policy(),
        stop=stop,
        **more,
    )


def situation(
    *items: AgendaItem,
    now: float = 0,
    clock: ClockState = ClockState.SYNCED,
    states: dict[str, DeliveryState] | None = None,
    held: Container[str] = (CLIP.sha256,),
    sounded: Container[str] = (),
    policy: Policy | None = None,
    stop: StopOrder | None = None,
    **more: Any,
) -> Situation:
    """All items stored and seen in time, unless ``states`` says otherwise."""
    entries = {
        i.broadcast: LedgerEntry(
            state=(states or {}).get(i.broadcast, DeliveryState.STORED),
            broadcast_class=i.broadcast_class,
            expires_at=i.expires_at,
            sounding=i.broadcast in sounded,
        )
        for i in items
    }
    more.setdefault("seen_in_time", [i.broadcast for i in items])
    more.setdefault("agenda", agenda(*items, policy=policy, stop=stop))
    more.setdefault("entries", entries)
    return Situation(reading=reading(now, state=clock), held=held, **more)
