"""Orders prepared by the station itself, of its gauges: they wait for people as those of messages do."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.station.alerts import proposals, sources
from broadcaster.station.rows import changes
from broadcaster.station.schema import ReceivedAlert
from broadcaster.station.schema.announcement_fields import AnnouncementFields
from broadcaster.station.vocabulary.states import AlertOutcome

WORTH = timedelta(hours=6)
"""What nobody ordered for so long is prepared no more."""
GAUGES = "gauges"
_NAMES = {GAUGES: "Trạm đo"}


@dataclass(frozen=True, slots=True)
class Preparation:
    """kind: GAUGES; key: the same one never prepares a second order; sender: what it comes of; written:
    the words, as a draft; document: for whoever looks it up later; expires_at: None for WORTH from now."""

    kind: str
    key: str
    sender: str
    written: AnnouncementFields
    document: str = ""
    expires_at: datetime | None = None


def prepare(s: Session, wanted: Preparation, *, now_at: datetime) -> ReceivedAlert:
    """The prepared order, or why there is none; for a key that was there before, what was prepared then."""
    source = sources.own(s, wanted.kind, name=_NAMES[wanted.kind], now_at=now_at)
    digest = hashlib.sha256(wanted.key.encode()).hexdigest()
    same = (ReceivedAlert.source_id == source.id, ReceivedAlert.digest == digest)
    before = s.scalars(select(ReceivedAlert).where(*same)).first()
    if before is not None:
        return before
    row = ReceivedAlert(
        source_id=source.id,
        source=source,
        received_at=now_at,
        digest=digest,
        document=wanted.document.replace("\x00", ""),
        identifier=wanted.key[:400],
        sender=wanted.sender[:400],
        sent_at=now_at,
        message_type="Alert",
        drill=wanted.written.drill,
        title=wanted.written.title[:200],
        outcome=AlertOutcome.IGNORED,
        zones=[zone if isinstance(zone, str) else zone.id for zone in wanted.written.zones],
        expires_at=wanted.expires_at or now_at + WORTH,
    )
    s.add(row)
    proposals.write(s, row, wanted.written, now_at=now_at)
    s.flush()
    s.refresh(row)
    changes.bump(s, "announcements")
    return row


def end(s: Session, row: ReceivedAlert, *, now_at: datetime) -> None:
    """What it came of is over: an order that nobody gave waits no more."""
    proposals.drop(s, row, AlertOutcome.EXPIRED, now_at=now_at)
