"""The audit trail: who did what, append-only, each entry sealed by a key together with the seal of the one before.

Entries are collected while a transaction runs and chained just before it commits, under a lock held only then.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from broadcaster.refusals.reasons import Reason
from broadcaster.station.audit import heads
from broadcaster.station.audit.chain import FIRST, Act, seal
from broadcaster.station.schema import AuditEntry, Person

SYSTEM = "hệ thống"
KEY = "key of the audit chain"
ADDRESS = "address of whoever acts"
"""What a session carries."""
_PENDING = "audit entries to write"
_LOCK = 7017501
MOST_PROBLEMS = 1_000
SEALED = "audit.sealed"
"""The act by which the trail of a program without a key was sealed; ``broken``: numbers that did not fit then."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A place where the chain is broken.

    number: of the entry.
    reason: what is wrong with it.
    """

    number: int
    reason: Reason


def record(
    s: Session,
    *,
    by: Person | None,
    action: str,
    subject: str,
    now_at: datetime,
    details: dict[str, Any] | None = None,
) -> None:
    """Write down an act when this transaction commits."""
    name = by.full_name if by else SYSTEM
    act = Act(now_at, by.id if by else None, name, action, subject, details or {}, s.info.get(ADDRESS, "")[:64])
    s.info.setdefault(_PENDING, []).append(act)


def record_act(s: Session, act: Act) -> None:
    """The same for an act that is written down already somewhere else."""
    s.info.setdefault(_PENDING, []).append(act)


def write(s: Session) -> None:
    """Chain what was recorded. Called by ``Database.session`` just before it commits."""
    acts: list[Act] = s.info.pop(_PENDING, [])
    if not acts:
        return
    s.flush()
    if s.get_bind().dialect.name == "postgresql":
        s.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    last = s.scalar(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1))
    number, previous = (last.number, last.hash) if last else (0, FIRST)
    for act in acts:
        number += 1
        previous = _append(s, act, number=number, previous=previous)


def verify(s: Session, others: Collection[heads.Held] = ()) -> list[Problem]:
    """Every place where an entry was changed, removed or inserted, and the first where the trail and the heads that
    nodes and others hold part; in their order, the first thousand, empty when the trail is whole."""
    parted = [Problem(each.number, each.reason) for each in heads.partings(s, others)]
    return sorted([*parted, *islice(_problems(s), MOST_PROBLEMS)], key=lambda problem: problem.number)


def _problems(s: Session) -> Iterator[Problem]:
    expected, previous, key = 1, FIRST, s.info.get(KEY, b"")
    for entry in s.scalars(select(AuditEntry).order_by(AuditEntry.number).execution_options(yield_per=500)):
        if entry.number != expected or entry.previous_hash != previous:
            yield Problem(entry.number, Reason("audit.entry_missing", number=entry.number))
        if seal(key, _act(entry), number=entry.number, previous=entry.previous_hash) != entry.hash:
            yield Problem(entry.number, Reason("audit.entry_changed", number=entry.number))
        yield from _found_at_sealing(entry)
        expected, previous = entry.number + 1, entry.hash


def _found_at_sealing(entry: AuditEntry) -> Iterator[Problem]:
    """What was broken already when the trail of an older program was sealed."""
    if entry.action == SEALED:
        for number in entry.details["broken"]:
            yield Problem(number, Reason("audit.broken_before_sealing", number=number))


def _act(entry: AuditEntry) -> Act:
    who = (entry.person_id, entry.person_name)
    return Act(entry.at, *who, entry.action, entry.subject, entry.details, entry.address)


def _append(s: Session, act: Act, *, number: int, previous: str) -> str:
    digest = seal(s.info.get(KEY, b""), act, number=number, previous=previous)
    s.add(
        AuditEntry(
            number=number,
            at=act.at,
            person_id=act.by_id,
            person_name=act.by_name,
            action=act.action,
            subject=act.subject,
            details=act.details,
            address=act.address,
            previous_hash=previous,
            hash=digest,
        )
    )
    return digest
