"""Warnings that an officer pasted as a paper: prepared as those of messages are, and never aired without people."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.cap.values import Alert, AlertInfo, Area
from broadcaster.errors import Invalid
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.alerts import intake, proposals, sources
from broadcaster.station.audit import entries as audit
from broadcaster.station.people.roles import may, require
from broadcaster.station.rows import changes
from broadcaster.station.schema import AlertSource, Person, ReceivedAlert, Zone
from broadcaster.station.units import units
from broadcaster.station.vocabulary.local_time import VIETNAM
from broadcaster.station.vocabulary.states import AlertOutcome
from broadcaster.text.papers import Paper, read_paper
from broadcaster.text.warnings import PaperWarning, named_in, warning_in

PAPERS = "papers"
"""Kind of the source in whose name they are written down; nobody may allow it anything."""
NAME = "Bản tin dán vào"
SAME_EVENT = timedelta(days=10)
"""A warning speaks about earlier ones of the same event that came within so long a time."""
_OPEN = (AlertOutcome.PREPARED, AlertOutcome.ORDERED)


@dataclass(frozen=True, slots=True)
class PastedWarning:
    """paper: as it was read; warning: what it says; words: to be said, as a person looked them over."""

    paper: Paper
    warning: PaperWarning
    words: str

    @property
    def document(self) -> str:
        """The paper as it was given."""
        return "\n".join(line.text for line in self.paper.lines)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be prepared. zones: where; follows: whether an earlier warning of the event is known here."""

    broadcast_class: BroadcastClass
    zones: tuple[Zone, ...]
    expires_at: datetime
    final: bool
    follows: bool


def propose(s: Session, pasted: PastedWarning, *, by: Person, now_at: datetime) -> Proposal | None:
    """What a press would prepare, to be shown before it; None for whom ``take`` refuses."""
    if not may(s, by, "write", None):
        return None
    alert = _alert(s, pasted, now_at=now_at)
    zones, _ = intake.zones_meant(s, alert.infos[0].areas)
    source = sources.find_own(s, PAPERS)
    return Proposal(
        broadcast_class=proposals.class_of(alert.infos),
        zones=tuple(zones),
        expires_at=alert.infos[0].expires_at or now_at,
        final=pasted.warning.final,
        follows=source is not None and any(_earlier(s, source, pasted.warning, now_at=now_at)),
    )


def take(s: Session, pasted: PastedWarning, *, by: Person, now_at: datetime) -> ReceivedAlert:
    """What was prepared of it, or why nothing was. The same paper again is the same warning while it waits or airs.

    Raises NotAllowed, or Invalid for a warning from the future.
    """
    require(s, by, "write", None)
    source = sources.own(s, PAPERS, name=NAME, now_at=now_at)
    s.execute(select(AlertSource.id).where(AlertSource.id == source.id).with_for_update())  # one press at a time
    digest = hashlib.sha256(pasted.document.encode()).hexdigest()
    same = (ReceivedAlert.source_id == source.id, ReceivedAlert.digest == digest, ReceivedAlert.outcome.in_(_OPEN))
    before = s.scalars(select(ReceivedAlert).where(*same)).first()
    if before is not None:
        return before
    alert = _alert(s, pasted, now_at=now_at)
    if alert.sent_at > now_at + intake.AHEAD:
        raise Invalid("alert.from_future", sent_at=alert.sent_at)
    row = _row(source, pasted, alert, digest=digest, now_at=now_at)
    row.reason = intake.why_not(alert, now_at)
    s.add(row)
    s.flush()
    s.refresh(row)
    if row.reason is None:
        earlier = list(_earlier(s, source, pasted.warning, now_at=now_at, but=row))
        intake.follow(s, row, alert, earlier=earlier, now_at=now_at, by=by)
    details = {"title": row.title, "outcome": row.outcome.value}
    audit.record(s, by=by, action="alert.paper_taken", subject=f"alert:{row.id}", now_at=now_at, details=details)
    changes.bump(s, "announcements")
    return row


def _row(source: AlertSource, pasted: PastedWarning, alert: Alert, *, digest: str, now_at: datetime) -> ReceivedAlert:
    return ReceivedAlert(
        source_id=source.id,
        source=source,
        received_at=now_at,
        digest=digest,
        document=pasted.document.replace("\x00", ""),
        identifier=alert.identifier,
        sender=alert.sender,
        sent_at=alert.sent_at,
        message_type=alert.message_type,
        drill=pasted.warning.exercise,
        title=pasted.warning.title[:200],
        outcome=AlertOutcome.IGNORED,
        zones=[],
        expires_at=alert.infos[0].expires_at,
    )


def _alert(s: Session, pasted: PastedWarning, *, now_at: datetime) -> Alert:
    """The warning as a message would say it."""
    fields, warning = pasted.paper.fields, _of_the_night_before(pasted.warning, now_at)
    sent_at = _sent_at(warning, now_at)
    ends = warning.expires_at.replace(tzinfo=VIETNAM) if warning.expires_at else sent_at + intake.OLD
    info = AlertInfo(
        language="vi",
        categories=("Met",),
        event=warning.title[:200],
        urgency=warning.urgency,
        severity=warning.severity,
        certainty=warning.certainty,
        response_types=("AllClear",) if warning.final else (),
        expires_at=ends.astimezone(now_at.tzinfo),
        areas=(Area(", ".join(_names(s, pasted))),),
        words=pasted.words,
    )
    return Alert(
        identifier=fields.number[:400],
        sender=fields.issuer[:400],
        sent_at=sent_at,
        status="Exercise" if warning.exercise else "Actual",
        message_type="Alert",
        scope="Public",
        infos=(info,),
    )


def _of_the_night_before(warning: PaperWarning, now_at: datetime) -> PaperWarning:
    """With the hours of yesterday where it says no day and its hour today is still to come."""
    at = warning.issued_at
    if warning.issued_on is not None or at is None or at.replace(tzinfo=VIETNAM) <= now_at + intake.AHEAD:
        return warning
    ends = warning.expires_at and warning.expires_at - timedelta(days=1)
    return replace(warning, issued_at=at - timedelta(days=1), expires_at=ends)


def _sent_at(warning: PaperWarning, now_at: datetime) -> datetime:
    """By the warning; of one that says its day alone, the last minute of the day, and never after now."""
    if warning.issued_at is not None:
        return warning.issued_at.replace(tzinfo=VIETNAM).astimezone(now_at.tzinfo)
    if warning.issued_on is None:
        return now_at
    ends = datetime.combine(warning.issued_on, time(23, 59), VIETNAM)
    begins = datetime.combine(warning.issued_on, time(), VIETNAM)
    return (begins if begins > now_at else min(ends, now_at)).astimezone(now_at.tzinfo)


def _earlier(
    s: Session, source: AlertSource, warning: PaperWarning, *, now_at: datetime, but: ReceivedAlert | None = None
) -> Iterator[ReceivedAlert]:
    """Warnings of the same event that were prepared or ordered, the oldest first; drills apart from real ones."""
    chosen = select(ReceivedAlert).where(
        ReceivedAlert.source_id == source.id,
        ReceivedAlert.outcome.in_(_OPEN),
        ReceivedAlert.drill.is_(warning.exercise),
        ReceivedAlert.received_at >= now_at - SAME_EVENT,
    )
    for row in s.scalars(chosen.order_by(ReceivedAlert.received_at, ReceivedAlert.id)):
        known = warning_in(read_paper(row.document)) if but is None or row.id != but.id else None
        if known is not None and known.event == warning.event:
            yield row


def _names(s: Session, pasted: PastedWarning) -> list[str]:
    """Names of our units that heading or words name."""
    everything = units.tree(s)
    above = {unit.parent_id for unit in everything}
    holding = {name for unit in everything if unit.id in above for name in (unit.name, *unit.aliases)}
    names = [name for unit in everything for name in (unit.name, *unit.aliases)]
    return named_in(f"{pasted.warning.title}\n{pasted.words}", names, wider=holding)
