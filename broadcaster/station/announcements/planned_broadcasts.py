"""Broadcasts planned with an announcement: taken off the agendas when its approval ends or somebody cancels them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.station.audit import entries as audit
from broadcaster.station.rows import changes
from broadcaster.station.schema import Announcement, Broadcast, Person
from broadcaster.station.vocabulary.lifecycles import BROADCAST, move
from broadcaster.station.vocabulary.states import BroadcastState


def cancel_one(s: Session, broadcast: Broadcast, *, by: Person | None, now_at: datetime) -> None:
    """It leaves every agenda; each node confirms with a receipt. Raises Conflict when it is over."""
    take_off(broadcast, now_at=now_at)
    note(s, broadcast, "broadcast.cancelled", by=by, now_at=now_at)


def take_off(broadcast: Broadcast, *, now_at: datetime) -> None:
    """The same, without a word in the audit trail: for what is cancelled together with another."""
    broadcast.state = move(BROADCAST, broadcast.state, BroadcastState.CANCELLED)
    broadcast.cancelled_at = now_at


def cancel_scheduled(s: Session, announcement: Announcement, *, by: Person, now_at: datetime) -> None:
    """Cancel what was planned with an announcement and has not begun: nothing unapproved may sound."""
    planned = select(Broadcast).where(
        Broadcast.announcement_id == announcement.id,
        Broadcast.state == BroadcastState.SCHEDULED,
        Broadcast.start_at > now_at,
    )
    for broadcast in s.scalars(planned.order_by(Broadcast.id).with_for_update(of=Broadcast)).unique():
        cancel_one(s, broadcast, by=by, now_at=now_at)


def note(s: Session, broadcast: Broadcast, action: str, *, by: Person | None, now_at: datetime) -> None:
    """What happened to a broadcast: into the audit trail, and to whoever waits for agendas."""
    details = {"title": broadcast.title, "hash": broadcast.content_hash, "start_at": broadcast.start_at.isoformat()}
    subject = f"broadcast:{broadcast.id}"
    audit.record(s, by=by, action=action, subject=subject, now_at=now_at, details=details)
    changes.bump(s, "agendas")
    changes.bump(s, "deliveries")
