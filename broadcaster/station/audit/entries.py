"""The audit trail: who did what, append-only, each entry chained to the one before by its hash.

Entries are collected while a transaction runs and chained just before it commits, under a lock held only then.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from broadcaster.refusals.reasons import Reason
from broadcaster.station.schema import AuditEntry, Person

FIRST = "0" * 64
SYSTEM = "hệ thống"
_PENDING = "audit entries to write"
_LOCK = 7017501


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was done, not yet in the chain.

    at: when.
    by_id, by_name: who; None and "hệ thống" when nobody did.
    action: what, such as ``node.revoked``.
    subject: on what, such as ``node:lung-pang``.
    details: plain JSON values.
    """

    at: datetime
    by_id: str | None
    by_name: str
    action: str
    subject: str
    details: dict[str, Any] = field(default_factory=dict)


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
    act = Act(now_at, by.id if by else None, name, action, subject, details or {})
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


def verify(s: Session) -> list[Problem]:
    """Every place where an entry was changed, removed or inserted; empty when the trail is whole."""
    return list(_problems(s))


def _problems(s: Session) -> Iterator[Problem]:
    expected, previous = 1, FIRST
    for entry in s.scalars(select(AuditEntry).order_by(AuditEntry.number).execution_options(yield_per=500)):
        if entry.number != expected or entry.previous_hash != previous:
            yield Problem(entry.number, Reason("audit.entry_missing", number=entry.number))
        act = Act(entry.at, entry.person_id, entry.person_name, entry.action, entry.subject, entry.details)
        if _hash(act, number=entry.number, previous=entry.previous_hash) != entry.hash:
            yield Problem(entry.number, Reason("audit.entry_changed", number=entry.number))
        expected, previous = entry.number + 1, entry.hash


def _append(s: Session, act: Act, *, number: int, previous: str) -> str:
    digest = _hash(act, number=number, previous=previous)
    s.add(
        AuditEntry(
            number=number,
            at=act.at,
            person_id=act.by_id,
            person_name=act.by_name,
            action=act.action,
            subject=act.subject,
            details=act.details,
            previous_hash=previous,
            hash=digest,
        )
    )
    return digest


def _hash(act: Act, *, number: int, previous: str) -> str:
    at = act.at.astimezone(UTC).isoformat(timespec="microseconds")
    content = [number, previous, at, act.by_id, act.by_name, act.action, act.subject, act.details]
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()
