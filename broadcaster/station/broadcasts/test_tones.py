"""Kêu thử: a short quiet chirp on one node, now, to know that it can be heard at all.

It goes the way of every broadcast (signed, in the ledger, with receipts), but nobody approves it: nothing in it was
typed by anybody.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.broadcasts.freezing import STANDARD, BroadcastPlan, Content, Timing, freeze_content
from broadcaster.station.clips import station_clips
from broadcaster.station.copies import own_copy
from broadcaster.station.nodes.board import presence_of
from broadcaster.station.people.roles import require
from broadcaster.station.rules import quiet_hours, stop_all
from broadcaster.station.schema import AgendaIssue, Broadcast, Clip, Delivery, Node, NodeState, Person

CHIME = "chirp"
PATIENCE = timedelta(seconds=30)
"""A chirp that did not sound by then is not wanted any more: whoever listened for it has gone."""


def prepare(s: Session, *, now_at: datetime) -> Clip | None:
    """The sound of it, which is asked for when it is not made yet."""
    return station_clips.want(s, station_clips.StationWords("", CHIME), now_at=now_at)


def chirp(
    s: Session, *, node: Node, by: Person, now_at: datetime, anyway: bool = False, timing: Timing = STANDARD
) -> Broadcast:
    """Order one. ``anyway``: in quiet hours, too.

    Raises Conflict when it cannot be heard now, with field ``anyway`` when only the hour is against it; NotAllowed.
    """
    require(s, by, "manage_nodes", node.unit_id)
    _check_can_sound(s, node, now_at)
    hours = hushed(s, node, now_at)
    if hours is not None and not anyway:
        raise Conflict("chirp.quiet_hours", field="anyway", hours=hours)
    clip = prepare(s, now_at=now_at)
    if clip is None:
        raise Conflict("chirp.preparing")
    content = Content(
        announcement_id=None,
        title=f"Kêu thử: {node.name}"[:200],
        script="",
        broadcast_class=BroadcastClass.ROUTINE,
        drill=False,
        clip_sha256=clip.sha256,
        content_hash="",
    )
    start_at = now_at + timedelta(seconds=timing.lead_seconds)
    plan = BroadcastPlan(start_at=start_at, nodes=[node], live=True)
    made = freeze_content(s, content, plan, by=by, now_at=now_at, timing=timing)
    made.expires_at = start_at + timedelta(milliseconds=clip.duration_ms) + PATIENCE
    return made


def is_chirp(broadcast: Broadcast) -> bool:
    """Nothing else is neither of an announcement nor of a programme."""
    return broadcast.announcement_id is None and broadcast.occurrence_id is None


def are_chirps() -> ColumnElement[bool]:
    """The same as a condition."""
    return Broadcast.announcement_id.is_(None) & Broadcast.occurrence_id.is_(None)


def latest(s: Session, node: Node) -> Delivery | None:
    """The last chirp of a node, and what became of it."""
    chosen = select(Delivery).join(Broadcast, Broadcast.id == Delivery.broadcast_id)
    mine = chosen.where(Delivery.node_id == node.id, are_chirps())
    return s.scalars(mine.order_by(Broadcast.created_at.desc()).limit(1)).first()


def hushed(s: Session, node: Node, now_at: datetime) -> str | None:
    """The quiet hours that hold now, the commune's or the node's own, such as ``22:00–04:45``."""
    now = now_at.astimezone(ZoneInfo(quiet_hours.timezone(s)))
    for quiet in (*quiet_hours.read(s), *quiet_hours.of_pairs(node.quiet_hours)):
        if quiet_hours.overlaps(quiet, now, now + PATIENCE):
            return f"{quiet_hours.clock(quiet.from_minute)}–{quiet_hours.clock(quiet.to_minute)}"
    return None


def _check_can_sound(s: Session, node: Node, now_at: datetime) -> None:
    state = s.get(NodeState, node.id)
    if node.revoked_at is not None:
        raise Conflict("node.revoked", node=node.name)
    if stop_all.in_force(s) is not None:
        raise Conflict("chirp.stopped")
    issue = s.get(AgendaIssue, node.id)
    issued = issue.number if issue else None
    if presence_of(state, now_at, own=own_copy.read(s), issued_number=issued) != "online":
        raise Conflict("chirp.node_offline")
    if state is not None and state.playing:
        raise Conflict("chirp.node_playing")
