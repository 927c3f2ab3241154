"""How loud a node may be, always and hour by hour; its agenda carries the choice and the node itself keeps to it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from broadcaster.errors import Invalid
from broadcaster.station.audit import entries as audit
from broadcaster.station.people.roles import require
from broadcaster.station.rows import changes
from broadcaster.station.schema import Node, Person

HOURS = 24


def set_volume(
    s: Session, *, node: Node, percent: int, profile: Sequence[int] = (), by: Person | None, now_at: datetime
) -> None:
    """Allow at most ``percent``, and in each hour of the day at most what ``profile`` says: 24 values or none.

    A real emergency is bound by ``percent`` alone. Raises NotAllowed, Invalid.
    """
    if by is not None:
        require(s, by, "manage_nodes", node.unit_id)
    if not 0 <= percent <= 100:
        raise Invalid("node.volume_out_of_range", field="volume_percent")
    if len(profile) not in (0, HOURS) or not all(0 <= each <= 100 for each in profile):
        raise Invalid("node.volume_profile_malformed", field="volume_profile")
    chosen = [] if all(each >= percent for each in profile) else list(profile)
    if (node.volume_percent, node.volume_profile) == (percent, chosen):
        return
    node.volume_percent, node.volume_profile = percent, chosen
    details = {"percent": percent, "profile": chosen}
    audit.record(s, by=by, action="node.volume_set", subject=f"node:{node.id}", details=details, now_at=now_at)
    changes.bump(s, "nodes")
    changes.bump(s, "agendas")
