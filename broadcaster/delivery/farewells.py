"""A pole taken out of service hears so before the broker forgets it: its last agenda asks for nothing.

Without that it would go on playing what it was promised, for as long as that agenda lives.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.protocol.agenda import Agenda, Policy
from broadcaster.station.agenda_content import AgendaContent
from broadcaster.station.schema import AgendaIssue, Node

GRACE = timedelta(seconds=5)
"""So long after it was told the pole may still connect; the broker then shuts it out."""
NOTHING = AgendaContent(items=(), clips=(), policy=Policy(), stop=None)


def leaving(
    s: Session, *, now_at: datetime, build: Callable[[AgendaContent, str], Agenda], digest: Callable[[Agenda], str]
) -> dict[str, tuple[Node, Agenda]]:
    """The poles that were revoked and still have to be told, or were told just now; with the agenda that tells them.

    One that never had an agenda has nothing to be quiet about.
    """
    chosen = select(Node, AgendaIssue).join(AgendaIssue, AgendaIssue.node_id == Node.id)
    found = {}
    for node, issue in s.execute(chosen.where(Node.revoked_at.is_not(None))):
        farewell = build(NOTHING, node.id)
        if issue.digest != digest(farewell) or now_at - issue.issued_at < GRACE:
            found[node.id] = (node, farewell)
    return found
