"""What the console can do at once for a node that is not ready."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.orm import Session

from broadcaster.station.audit import entries as audit
from broadcaster.station.nodes.settings import set_volume
from broadcaster.station.nodes.steps import NodeStep, require_step
from broadcaster.station.rows import changes
from broadcaster.station.rules import quiet_hours
from broadcaster.station.schema import AgendaIssue, Node, Person

LOUD_PERCENT = 80


def resend(s: Session, *, node: Node, by: Person, now_at: datetime) -> None:
    """The node gets its agenda again under a new number, and asks at once for every piece of a clip it lacks.

    Raises NotAllowed, Conflict for a node out of service.
    """
    require_step(s, NodeStep.RESEND, node, by)
    # an agenda of no known content is never what the node should have: the publisher issues the next number
    s.execute(update(AgendaIssue).where(AgendaIssue.node_id == node.id).values(digest=""))
    changes.bump(s, "agendas")
    details = {"name": node.name}
    audit.record(s, by=by, action="node.resent", subject=f"node:{node.id}", details=details, now_at=now_at)


def louder(s: Session, *, node: Node, by: Person, now_at: datetime, at: datetime | None = None) -> int:
    """Allow the node to be heard, in the hour of ``at`` or always; the percent it now has. Raises NotAllowed."""
    require_step(s, NodeStep.LOUDER, node, by)
    profile = list(node.volume_profile)
    if at is not None and profile:
        hour = at.astimezone(ZoneInfo(quiet_hours.timezone(s))).hour
        profile[hour] = max(profile[hour], LOUD_PERCENT)
    percent = max(node.volume_percent, LOUD_PERCENT)
    set_volume(s, node=node, percent=percent, profile=profile, by=by, now_at=now_at)
    return percent
