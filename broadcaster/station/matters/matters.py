"""What somebody has to deal with: noted when it is seen, kept until somebody says that it is dealt with."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import NotFound
from broadcaster.station.audit import entries as audit
from broadcaster.station.matters import calling
from broadcaster.station.matters import waiting as waiting_things
from broadcaster.station.matters.findings import MatterFinding, findings
from broadcaster.station.matters.steps import MatterStep, require_step
from broadcaster.station.rows import changes
from broadcaster.station.rows.inserting import insert_once
from broadcaster.station.schema import Matter, Person, new_id
from broadcaster.station.vocabulary.pages import Page, page_of


def observe(s: Session, *, now_at: datetime, listening_since_at: datetime | None = None) -> int:
    """Note what is the matter now, and what is no longer; how many matters changed. See ``findings``."""
    return note(s, findings(s, now_at=now_at, listening_since_at=listening_since_at), now_at=now_at)


def is_news(s: Session, seen: Iterable[MatterFinding]) -> bool:
    """Whether ``note`` would change anything; asked without waiting for anybody who writes."""
    found = {each.key: each for each in seen}
    open_still = select(Matter.open_key, Matter.over_at).where(Matter.open_key.is_not(None))
    known = {row.open_key: row.over_at for row in s.execute(open_still)}
    begins = any(each.sure and (key not in known or known[key] is not None) for key, each in found.items())
    return begins or any(over_at is None and key not in found for key, over_at in known.items())


def note(s: Session, seen: Iterable[MatterFinding], *, now_at: datetime) -> int:
    """Take over what was seen; how many matters changed."""
    found = {each.key: each for each in seen}
    known = {row.open_key: row for row in s.scalars(select(Matter).where(Matter.open_key.is_not(None))).unique()}
    begun: list[str] = []
    changed = sum(_see(s, each, known.get(key), begun, now_at) for key, each in found.items())
    changed += sum(_end(row, now_at) for key, row in known.items() if key not in found)
    if begun:
        rows = s.scalars(select(Matter).where(Matter.id.in_(begun)).order_by(Matter.kind, Matter.subject)).unique()
        calling.call(s, list(rows), now_at=now_at)
    if changed:
        changes.bump(s, "nodes")
    return changed


def deal(s: Session, *, matter: Matter, by: Person, now_at: datetime, note: str = "") -> None:
    """This person has dealt with it. One that lasts stays away until it ends and begins anew. Raises NotAllowed,
    Conflict when somebody was quicker.
    """
    require_step(s, MatterStep.DEAL, matter, by)
    matter.dealt_at, matter.dealt_by_id = now_at, by.id
    matter.note = note.replace("\x00", "").strip()[:400]
    if matter.over_at is not None:
        matter.open_key = None
    details = {"kind": matter.kind, "subject": matter.subject, "note": matter.note}
    audit.record(s, by=by, action="matter.dealt", subject=f"matter:{matter.id}", details=details, now_at=now_at)
    changes.bump(s, "nodes")


def waiting(s: Session) -> list[Matter]:
    """What nobody has dealt with, newest first."""
    return list(s.scalars(select(Matter).where(Matter.dealt_at.is_(None)).order_by(Matter.began_at.desc())).unique())


def listing(s: Session, *, dealt: bool, page: int = 1) -> Page[Matter]:
    """What is dealt with, or what is not, newest first."""
    chosen = Matter.dealt_at.is_not(None) if dealt else Matter.dealt_at.is_(None)
    order = Matter.dealt_at if dealt else Matter.began_at
    return page_of(s, select(Matter).where(chosen).order_by(order.desc(), Matter.id), page=page)


def get(s: Session, matter_id: str) -> Matter:
    """Raises NotFound."""
    matter = s.get(Matter, matter_id)
    if matter is None:
        raise NotFound("matter.not_found")
    return matter


def _see(s: Session, finding: MatterFinding, row: Matter | None, begun: list[str], now_at: datetime) -> bool:
    """Whether anything changed; the ids of rows that are new are added to ``begun``."""
    if (row is None or row.over_at is not None) and not finding.sure:
        return False
    if row is None:
        values: dict[str, Any] = {"kind": finding.kind, "subject": finding.subject, "details": finding.details}
        values |= {"id": new_id(), "open_key": finding.key, "began_at": now_at, "times": 1, "note": ""}
        if s.execute(insert_once(s, Matter, **values).returning(Matter.id)).all():
            begun.append(values["id"])
        return True
    if row.over_at is None:
        return False
    if row.dealt_at is not None:
        row.open_key = None
        s.flush()
        return _see(s, finding, None, begun, now_at)
    row.over_at, row.details, row.times = None, finding.details, row.times + 1
    return True


def _end(row: Matter, now_at: datetime) -> bool:
    if row.over_at is not None:
        return False
    row.over_at = now_at
    if row.kind in waiting_things.KINDS and row.dealt_at is None:
        row.dealt_at = now_at  # whoever released it dealt with it, and the next of its sort calls people again
    if row.dealt_at is not None:
        row.open_key = None
    return True
