"""The commune's choices for speaking live, and the delay all nodes of a session keep."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Invalid
from broadcaster.station.audit import entries as audit
from broadcaster.station.people.roles import Permission, require
from broadcaster.station.rows import settings
from broadcaster.station.schema import Node, NodeState, Person

SECOND_PERSON, LONGEST = "live_second_person", "live_longest_minutes"
OFFERED = "live_offered"
LONGEST_MINUTES = 15
MOST_MINUTES = 240
LEAST_DELAY_MS, MOST_DELAY_MS = 800, 3000
UNKNOWN_LATE_MS, WEAK_LATE_MS = 500, 1500
"""Of a node that never heard a session: on an ordinary line, and on one known to be weak."""
MARGIN_MS = 500
"""Beyond the lateness of the slowest of twenty packets: the sound card's own buffer, and the twentieth."""


def wants_second_person(s: Session) -> bool:
    """Whether somebody else has to press, too, before anybody speaks live."""
    return bool(settings.read(s, SECOND_PERSON, False))


def longest_minutes(s: Session) -> int:
    """After so long a session ends by itself."""
    return int(settings.read(s, LONGEST, LONGEST_MINUTES))


def choose(s: Session, *, second_person: bool, longest: int, by: Person, now_at: datetime) -> None:
    """Raises Invalid, or NotAllowed for anybody but an administrator."""
    require(s, by, Permission.MANAGE_PEOPLE, None)
    if not 1 <= longest <= MOST_MINUTES:
        raise Invalid("live.longest_out_of_range", field="longest", most=MOST_MINUTES)
    settings.write(s, SECOND_PERSON, second_person)
    settings.write(s, LONGEST, longest)
    details = {"second_person": second_person, "longest_minutes": longest}
    audit.record(s, by=by, action="live.rules", subject="settings:live", now_at=now_at, details=details)


def is_offered(s: Session) -> bool:
    """Whether other stations may relay what is live here."""
    return bool(settings.read(s, OFFERED, False))


def offer(s: Session, *, on: bool, by: Person, now_at: datetime) -> None:
    """Raises NotAllowed for anybody but an administrator."""
    require(s, by, Permission.MANAGE_PEOPLE, None)
    if on != is_offered(s):
        settings.write(s, OFFERED, on)
        audit.record(s, by=by, action="live.offered", subject="settings:live", now_at=now_at, details={"on": on})


def delay_ms(s: Session, nodes: Iterable[Node]) -> int:
    """One delay for all of these, from how late packets came to each the last time."""
    found = {node.id: node for node in nodes}
    chosen = select(NodeState.node_id, NodeState.live).where(NodeState.node_id.in_(found))
    heard = {row.node_id: row.live for row in s.execute(chosen)}
    return delay_for(_late_ms(node, heard.get(node.id)) for node in found.values())


def delay_for(lates_ms: Iterable[int]) -> int:
    """The delay with which packets that come so late are in time."""
    return min(MOST_DELAY_MS, max(LEAST_DELAY_MS, max(lates_ms, default=0) + MARGIN_MS))


def _late_ms(node: Node, hearing: dict[str, object] | None) -> int:
    measured = hearing.get("late_ms", 0) if hearing else None
    if isinstance(measured, int):
        return measured
    return WEAK_LATE_MS if node.weak_link else UNKNOWN_LATE_MS
