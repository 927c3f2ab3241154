"""A node taken out of service hears so before the broker forgets it: its last agenda asks for nothing.

Without that it would go on playing what it was promised, for as long as that agenda lives.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.delivery import agendas
from broadcaster.protocol.agenda import Policy
from broadcaster.station.agendas.content import AgendaContent
from broadcaster.station.schema import AgendaIssue, Node

GRACE = timedelta(seconds=5)
"""So long after it was told the node may still connect; the broker then shuts it out."""
EMPTY_DUTY = agendas.duty(AgendaContent(items=(), clips=(), policy=Policy(), stop=None))


def leaving(s: Session, *, now_at: datetime) -> list[Node]:
    """The nodes that were revoked and still have to be told, or were told just now.

    One that never had an agenda has nothing to be quiet about.
    """
    chosen = select(Node, AgendaIssue.digest, AgendaIssue.issued_at).join(AgendaIssue, AgendaIssue.node_id == Node.id)
    return [
        node
        for node, digest, issued_at in s.execute(chosen.where(Node.revoked_at.is_not(None)))
        if digest != EMPTY_DUTY.digest or now_at - issued_at < GRACE
    ]
