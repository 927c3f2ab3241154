"""Another machine that signs as this station: noted, said, and ended by a person's *take over*."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from broadcaster.refusals.reasons import Reason
from broadcaster.station.audit import entries as audit
from broadcaster.station.copies import own_copy
from broadcaster.station.people.roles import require
from broadcaster.station.rows import changes, settings
from broadcaster.station.schema import AgendaIssue, Node, NodeState, Person

HINDRANCE = "second_station"


@dataclass(frozen=True, slots=True)
class SecondCopy:
    """issuer: the name it signs with, empty when unknown; term: likewise; since_at: when it was noticed."""

    issuer: str
    term: int
    since_at: datetime


def noticed(s: Session) -> SecondCopy | None:
    """The second copy, until somebody takes over here."""
    noted = settings.read(s, own_copy.SECOND)
    return SecondCopy(noted["issuer"], noted["term"], datetime.fromisoformat(noted["since_at"])) if noted else None


def note(s: Session, *, issuer: str, term: int, now_at: datetime) -> bool:
    """There is another; False when that was known. A higher term than before is news: somebody took over there."""
    known = noticed(s)
    if known is not None and known.term >= term:
        return False
    since_at = known.since_at if known else now_at
    settings.write(s, own_copy.SECOND, {"issuer": issuer, "term": term, "since_at": since_at.isoformat()})
    details = {"issuer": issuer, "term": term}
    audit.record(s, by=None, action="station.second_noticed", subject="station:copy", now_at=now_at, details=details)
    changes.bump(s, "nodes")
    return True


def reason(s: Session) -> Reason | None:
    """What to tell people about it, and what they can do; None without a second copy."""
    second = noticed(s)
    if second is None:
        return None
    own = own_copy.read(s)
    if second.term > own.term:
        return Reason("station.taken_over_elsewhere")
    lost = sum(
        own.is_another(term=term, issuer=issuer, number=number, issued=issued)
        for term, issuer, number, issued in s.execute(_obeyed())
    )
    return Reason("station.second_obeyed", count=lost) if lost else Reason("station.second_ignored")


def take_over(s: Session, *, by: Person | None, now_at: datetime) -> int:
    """Have the nodes obey this machine alone; the new term. ``by`` None is somebody at the machine itself. Raises
    NotAllowed."""
    if by is not None:
        require(s, by, "manage_people", None)
    highest = s.scalar(select(func.max(NodeState.agenda_term))) or 0
    second = noticed(s)
    term = max(own_copy.read(s).term, highest, second.term if second else 0) + 1
    own_copy.raise_term(s, term)
    settings.write(s, own_copy.SECOND, None)
    audit.record(s, by=by, action="station.taken_over", subject="station:copy", now_at=now_at, details={"term": term})
    changes.bump(s, "nodes")
    return term


def _obeyed() -> Select[int, str, int, int]:
    columns = (NodeState.agenda_term, NodeState.agenda_issuer, NodeState.agenda_number, AgendaIssue.number)
    return (
        select(*columns)
        .join(Node, Node.id == NodeState.node_id)
        .outerjoin(AgendaIssue, AgendaIssue.node_id == NodeState.node_id)
        .where(Node.revoked_at.is_(None))
    )
