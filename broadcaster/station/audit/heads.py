"""Ends of the audit chain as others hold them: nodes say back what came with an agenda, reports and backups carry it.

A head stands for everything before it. Where the chain in the database does not lead to a head that was once signed,
somebody made another chain, whichever keys they had.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from broadcaster.protocol.agenda import AuditHead
from broadcaster.refusals.reasons import Reason
from broadcaster.station.rows.inserting import insert_many_once
from broadcaster.station.schema import AuditEntry, HeldAuditHead

ACCEPTED = "audit.heads_accepted"
"""The act by which a person says that heads of a lost or restored database are known about."""


@dataclass(frozen=True, slots=True)
class Parting:
    """Where the chain and a head part. number: the first entry that cannot be the one of then."""

    number: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Held:
    """A head and who holds it. source: a node's id, or words such as "báo cáo"."""

    head: AuditHead
    source: str

    @property
    def key(self) -> tuple[int, str]:
        return self.head.entry, self.head.hash


def head(s: Session) -> AuditHead | None:
    """The end of the chain now, not signed; None before the first entry."""
    last = s.execute(select(AuditEntry.number, AuditEntry.hash).order_by(AuditEntry.number.desc()).limit(1)).first()
    return AuditHead(entry=last.number, hash=last.hash) if last else None


def keep(s: Session, said: Mapping[str, Collection[AuditHead]], *, now_at: datetime) -> None:
    """Remember heads that nodes said, by node; whoever says one first is named for all."""
    rows = {
        (each.entry, each.hash): {
            "entry": each.entry, "hash": each.hash, "signature": each.signature, "node_id": node, "received_at": now_at
        }
        for node, found in said.items()
        for each in found
    }  # fmt: skip
    if rows:
        insert_many_once(
            s, HeldAuditHead, [rows[key] for key in sorted(rows)]
        )  # in one order, see docs/architecture.md


def partings(s: Session, others: Collection[Held] = ()) -> list[Parting]:
    """Where the chain parts from the heads held by nodes and from these others: at most one for entries that became
    other ones, and one for entries that are gone from the end."""
    known = _accepted(s)
    parted = [each for each in (*_changed(s), *_unlike(s, others)) if each.key not in known]
    lost = [each for each in (*_beyond(s), *_beyond_end(s, others)) if each.key not in known]
    return [*_first_changed(s, parted), *_lost(s, lost)]


def open_heads(s: Session) -> list[Held]:
    """The heads that do not lie on the chain and that nobody accepted."""
    known = _accepted(s)
    return [each for each in (*_changed(s), *_beyond(s)) if each.key not in known]


def _changed(s: Session) -> Iterator[Held]:
    chosen = select(HeldAuditHead).join(AuditEntry, AuditEntry.number == HeldAuditHead.entry)
    for each in s.scalars(chosen.where(AuditEntry.hash != HeldAuditHead.hash).order_by(HeldAuditHead.entry)):
        yield _held(each)


def _beyond(s: Session) -> Iterator[Held]:
    """What lies behind the end, or at a number that is no longer there."""
    chosen = select(HeldAuditHead).outerjoin(AuditEntry, AuditEntry.number == HeldAuditHead.entry)
    for each in s.scalars(chosen.where(AuditEntry.number.is_(None)).order_by(HeldAuditHead.entry)):
        yield _held(each)


def _unlike(s: Session, others: Collection[Held]) -> Iterator[Held]:
    found = _hashes(s, others)
    yield from (each for each in others if found.get(each.head.entry, each.head.hash) != each.head.hash)


def _beyond_end(s: Session, others: Collection[Held]) -> Iterator[Held]:
    found = _hashes(s, others)
    yield from (each for each in others if each.head.entry not in found)


def _hashes(s: Session, others: Collection[Held]) -> dict[int, str]:
    numbers = [each.head.entry for each in others]
    return dict(s.execute(select(AuditEntry.number, AuditEntry.hash).where(AuditEntry.number.in_(numbers))).all())


def _first_changed(s: Session, parted: Collection[Held]) -> Iterator[Parting]:
    if not parted:
        return
    first = min(parted, key=lambda each: each.head.entry)
    agreed = select(func.max(AuditEntry.number)).join(
        HeldAuditHead, (HeldAuditHead.entry == AuditEntry.number) & (HeldAuditHead.hash == AuditEntry.hash)
    )
    last_agreed = s.scalar(agreed.where(AuditEntry.number < first.head.entry)) or 0
    facts = {"number": last_agreed + 1, "held": first.head.entry, "agreed": last_agreed, "source": first.source}
    yield Parting(last_agreed + 1, Reason("audit.parted", **facts))


def _lost(s: Session, lost: Collection[Held]) -> Iterator[Parting]:
    if not lost:
        return
    last = s.scalar(select(func.max(AuditEntry.number))) or 0
    furthest = max(lost, key=lambda each: each.head.entry)
    facts = {"number": last + 1, "held": furthest.head.entry, "source": furthest.source}
    yield Parting(last + 1, Reason("audit.entries_gone", **facts))


def _held(row: HeldAuditHead) -> Held:
    return Held(AuditHead(entry=row.entry, hash=row.hash, signature=row.signature), row.node_id)


def _accepted(s: Session) -> set[tuple[int, str]]:
    found = s.scalars(select(AuditEntry.details).where(AuditEntry.action == ACCEPTED))
    return {(entry, hash_) for details in found for entry, hash_ in details["heads"]}
