"""Live sessions of relays: planned with their slot's programme, opened when their time comes, gone on with after a
restart.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from broadcaster.protocol.values import DeliveryState
from broadcaster.refusals.reasons import Reason
from broadcaster.station.broadcasts.freezing import BroadcastPlan, freeze_content
from broadcaster.station.live import choices
from broadcaster.station.live.opening import LEAD
from broadcaster.station.live.sessions import locked, note
from broadcaster.station.relays import live_relays, slot_relays, takes
from broadcaster.station.rows import changes, settings
from broadcaster.station.schema import Broadcast, Delivery, LiveSessionRow, NodeState, Occurrence
from broadcaster.station.vocabulary.states import BroadcastState, LiveKind, LiveState

PREPARE = timedelta(seconds=40)
"""So long before its first sample a session is opened: nodes are listening by then and say how late packets come."""
WORTH = timedelta(seconds=30)
"""Of a relay that was broken off less than this is not gone on with."""
_MEGABYTE = 1_000_000
_OPEN = (BroadcastState.SCHEDULED, BroadcastState.ON_AIR)


def due_ids(s: Session, *, now_at: datetime) -> list[str]:
    """Relays to be opened now, the earliest first."""
    return [
        session_id
        for session_id, start_at, duration_ms in s.execute(
            select(LiveSessionRow.id, Broadcast.start_at, Broadcast.duration_ms)
            .join(Broadcast, Broadcast.id == LiveSessionRow.broadcast_id)
            .where(
                LiveSessionRow.kind == LiveKind.RELAY,
                LiveSessionRow.state == LiveState.PLANNED,
                Broadcast.state.in_(_OPEN),
                Broadcast.start_at <= now_at + PREPARE,
                Broadcast.expires_at > now_at,
            )
            .order_by(Broadcast.start_at, LiveSessionRow.id)
        )
        if now_at < start_at + timedelta(milliseconds=duration_ms)
    ]


def open_planned(s: Session, session_id: str, *, now_at: datetime) -> LiveSessionRow | None:
    """It is on the nodes; None when another program was quicker. Nodes whose month's data is spent are left out."""
    session = locked(s, session_id)
    if session.state is not LiveState.PLANNED or session.broadcast is None:
        return None
    nodes = [each.node for each in session.broadcast.deliveries if not _is_left_out(s, each, now_at)]
    session.state, session.delay_ms = LiveState.OPEN, choices.delay_ms(s, nodes)
    note(s, session, "live.opened", by=None, now_at=now_at)
    changes.bump(s, "agendas")
    return session


def go_on(s: Session, session_id: str, *, now_at: datetime) -> LiveSessionRow | None:
    """Behind a relay that a restart broke off: another broadcast of the same date for what is left of its time."""
    broken = locked(s, session_id)
    broadcast = broken.broadcast
    due = takes.of_broadcast(s, broadcast) if broadcast else None
    occurrence = s.get(Occurrence, broadcast.occurrence_id) if broadcast and broadcast.occurrence_id else None
    if broken.kind is not LiveKind.RELAY or broadcast is None or due is None or occurrence is None:
        return None
    relay = slot_relays.find(s, occurrence.slot_id)
    content = live_relays.content_of(s, relay) if relay else None
    left = due.until_at - now_at - LEAD
    if content is None or left < WORTH or broadcast.state is BroadcastState.CANCELLED:
        return None
    highest = select(func.max(Broadcast.position))
    plan = BroadcastPlan(
        start_at=now_at + LEAD,
        nodes=[each.node for each in broadcast.deliveries],
        occurrence_id=occurrence.id,
        position=1 + (s.scalar(highest.where(Broadcast.occurrence_id == occurrence.id)) or 0),
    )
    rest = freeze_content(s, content, plan, by=None, now_at=now_at)
    rest.duration_ms = round(left / timedelta(milliseconds=1))
    live_relays.attach(s, rest, occurrence.slot, now_at=now_at)
    return open_planned(s, str(rest.live_session_id), now_at=now_at)


def given_up(s: Session, *, since_at: datetime) -> list[LiveSessionRow]:
    """Relays that were heard and ended before their time since then, because no source gave sound any more."""
    chosen = select(LiveSessionRow).where(
        LiveSessionRow.kind == LiveKind.RELAY,
        LiveSessionRow.state == LiveState.ENDED,
        LiveSessionRow.end_reason == "lost",
        LiveSessionRow.recording_sha256.is_not(None),
        LiveSessionRow.ended_at > since_at,
    )
    return list(s.scalars(chosen.order_by(LiveSessionRow.ended_at, LiveSessionRow.id)).unique())


def _is_left_out(s: Session, delivery: Delivery, now_at: datetime) -> bool:
    """A node that has used up its month's data hears the recording later, when somebody lets it play again."""
    budget = settings.read(s, "monthly_megabytes", 0) * _MEGABYTE
    state = s.get(NodeState, delivery.node_id)
    used = (state.health or {}).get("bytes_this_month") if state is not None else None
    if not budget or not isinstance(used, int) or used < budget:
        return False
    if delivery.state in (DeliveryState.PLANNED, DeliveryState.STORED):
        delivery.state, delivery.updated_at = DeliveryState.MISSED, now_at
        delivery.reason = Reason("delivery.budget_spent", budget=budget // _MEGABYTE)
        changes.bump(s, "deliveries")
    return True
