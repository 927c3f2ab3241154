"""Looking into the audit trail: finding acts again, and telling whether the chain is whole."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from broadcaster.refusals.reasons import Reason, decode, encode
from broadcaster.station.audit import entries as audit
from broadcaster.station.rows import heartbeats
from broadcaster.station.rows.text_search import having
from broadcaster.station.schema import AuditEntry
from broadcaster.station.vocabulary.pages import Page, page_of

SIZE = 50
NAME = "audit"
"""Among the signs of life: when the chain was looked over last."""
MOST_PROBLEMS = 50


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """query: words in names, subjects or codes; kind: first part of the action, such as ``node``, or empty.

    person_id: who acted, or empty; from_at included, until_at not.
    """

    query: str = ""
    kind: str = ""
    person_id: str = ""
    from_at: datetime | None = None
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """What the last look over the whole chain found. entries: how many there were; problems: best none."""

    checked_at: datetime
    entries: int
    problems: tuple[Reason, ...] = ()


def listing(s: Session, wanted: AuditQuery, *, page: int = 1) -> Page[AuditEntry]:
    """The latest first."""
    chosen = select(AuditEntry).order_by(AuditEntry.number.desc())
    chosen = chosen.where(*having(wanted.query, AuditEntry.person_name, AuditEntry.subject, AuditEntry.action))
    if wanted.kind:
        chosen = chosen.where(AuditEntry.action.startswith(f"{wanted.kind}.", autoescape=True))
    if wanted.person_id:
        chosen = chosen.where(AuditEntry.person_id == wanted.person_id)
    if wanted.from_at is not None:
        chosen = chosen.where(AuditEntry.at >= wanted.from_at)
    if wanted.until_at is not None:
        chosen = chosen.where(AuditEntry.at < wanted.until_at)
    return page_of(s, chosen, page=page, size=SIZE)


def look_over(s: Session, *, now_at: datetime) -> ChainCheck:
    """Follow the whole chain, entry by entry; takes as long as it is."""
    entries = s.scalar(select(func.count()).select_from(AuditEntry)) or 0
    problems = [problem.reason for problem in audit.verify(s)]
    return ChainCheck(now_at, entries, tuple(problems[:MOST_PROBLEMS]))


def note(s: Session, finding: ChainCheck) -> None:
    """Keep what was found for whoever looks next."""
    detail = {"entries": finding.entries, "problems": [encode(problem) for problem in finding.problems]}
    heartbeats.beat(s, NAME, finding.checked_at, detail)


def last_finding(s: Session) -> ChainCheck | None:
    """What the last look found; None when nobody ever looked."""
    last = heartbeats.read(s).get(NAME)
    if last is None:
        return None
    return ChainCheck(last.at, last.detail["entries"], tuple(decode(each) for each in last.detail["problems"]))
