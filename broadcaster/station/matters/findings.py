"""What is the matter right now, from what the station knows: nothing is kept here."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, lazyload

from broadcaster.protocol.values import BroadcastClass, DeliveryState
from broadcaster.refusals.reasons import Reason, encode
from broadcaster.station.alerts import proposals, sources
from broadcaster.station.audit import trail as audit_trail
from broadcaster.station.broadcasts.test_tones import are_chirps
from broadcaster.station.clips import voice_changes
from broadcaster.station.copies import second_copy
from broadcaster.station.crossings import exercises
from broadcaster.station.exchange import choices, upper_levels
from broadcaster.station.feedback.complaints import complaints
from broadcaster.station.gauges import gauges
from broadcaster.station.matters import on_air, waiting
from broadcaster.station.matters.finding import RECENT, MatterFinding
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes.board import NodeView, faults, station_apart
from broadcaster.station.notices import channels
from broadcaster.station.releases import releases
from broadcaster.station.rows import backup_states, heartbeats
from broadcaster.station.schema import Announcement, Broadcast, Delivery, Node, Occurrence, RenderJob
from broadcaster.station.vocabulary.states import BroadcastState, JobState, OccurrenceState, ReleaseStage

__all__ = ["MatterFinding", "findings"]

SILENT = timedelta(minutes=10)
"""Links come and go; a node that is away for so long is a matter."""
CLOCK_REASONS = ("node.clock_ahead", "node.clock_behind")
UNPROTECTED = timedelta(days=7)
"""A station in service for so long should have a second copy."""


def findings(s: Session, *, now_at: datetime, listening_since_at: datetime | None = None) -> Iterator[MatterFinding]:
    """``listening_since_at``: since when the station could have heard a node; before, silence says nothing."""
    yield from _nodes(s, now_at, listening_since_at)
    yield from _broadcasts(s, now_at)
    yield from _dates(s, now_at)
    yield from _clips(s, now_at)
    yield from _trail(s)
    yield from _conduct(s)
    yield from _backups(s, now_at)
    yield from _alerts(s)
    yield from _gauges(s, now_at)
    yield from _upper_levels(s, now_at)
    yield from _second_copy(s)
    yield from _complaints(s, now_at)
    yield from on_air.findings(s, now_at=now_at)
    yield from _channels(s, now_at)
    yield from _voices(s)
    yield from _releases(s)
    yield from _waiting(s)


def _nodes(s: Session, now_at: datetime, listening_since_at: datetime | None) -> Iterator[MatterFinding]:
    sure = listening_since_at is None or now_at - listening_since_at >= SILENT
    board = nodes.board(s, now_at=now_at)
    yield from _clocks(board)
    for view in board:
        subject, name = f"node:{view.node.id}", view.node.name
        if view.presence in ("offline", "unknown"):
            seen_at = view.state.seen_at if view.state else None
            if seen_at is None or now_at - seen_at >= SILENT:
                details = {"name": name, "seen_at": seen_at and seen_at.isoformat()}
                yield MatterFinding("pole_silent", subject, details, sure=sure)
        elif broken := faults(view):
            yield MatterFinding(
                "pole_trouble", subject, {"name": name, "reasons": [encode(each) for each in broken[:5]]}
            )


def _clocks(board: Sequence[NodeView]) -> Iterator[MatterFinding]:
    """Clocks that disagree: the station's when most nodes say so, else those of single nodes."""
    wrong = station_apart(board)
    if wrong is not None:
        yield MatterFinding("station_clock", "station:clock", {"reason": encode(wrong)})
        return
    for view in board:
        apart = [encode(reason) for reason in view.reasons if reason.code in CLOCK_REASONS]
        if apart:
            yield MatterFinding("node_clock", f"node:{view.node.id}", {"name": view.node.name, "reasons": apart})


def _broadcasts(s: Session, now_at: datetime) -> Iterator[MatterFinding]:
    """Broadcasts that did not reach everybody; how many nodes heard them whole."""
    failed = select(Broadcast).where(
        Broadcast.state.in_([BroadcastState.MISSED, BroadcastState.PARTIAL]),
        Broadcast.start_at > now_at - RECENT,
        Broadcast.repeat_of_id.is_(None),
        ~are_chirps(),
    )
    for broadcast in s.scalars(failed.options(lazyload("*"))):
        counted = select(Delivery.state, func.count()).where(Delivery.broadcast_id == broadcast.id)
        counts = dict(s.execute(counted.group_by(Delivery.state)).all())
        details = {
            "title": broadcast.title,
            "start_at": broadcast.start_at.isoformat(),
            "played": counts.get(DeliveryState.PLAYED, 0),
            "nodes": sum(counts.values()),
        }
        yield MatterFinding("broadcast_failed", f"broadcast:{broadcast.id}", details)


def _dates(s: Session, now_at: datetime) -> Iterator[MatterFinding]:
    missed = (Occurrence.state == OccurrenceState.MISSED) & (Occurrence.start_at > now_at - RECENT)
    for date in s.scalars(select(Occurrence).where(missed)).unique():
        details = {
            "name": date.slot.name,
            "start_at": date.start_at.isoformat(),
            "reason": encode(date.reason) if date.reason else "",
        }
        yield MatterFinding("date_missed", f"occurrence:{date.id}", details | {"slot": date.slot_id})


def _clips(s: Session, now_at: datetime) -> Iterator[MatterFinding]:
    failed = (
        select(Announcement.id, Announcement.title)
        .join(RenderJob, RenderJob.announcement_id == Announcement.id)
        .where(
            RenderJob.state == JobState.FAILED,
            RenderJob.created_at > now_at - RECENT,
            RenderJob.revision == Announcement.revision,
            Announcement.clip_sha256.is_(None),
        )
    )
    for announcement_id, title in set(s.execute(failed).all()):
        yield MatterFinding("clip_failed", f"announcement:{announcement_id}", {"title": title})


def _trail(s: Session) -> Iterator[MatterFinding]:
    """The audit trail was tampered with, as far as anybody looked."""
    finding = audit_trail.last_finding(s)
    if finding is not None and finding.problems:
        yield MatterFinding("audit_broken", "audit:trail", {"problem": encode(finding.problems[0])})


def _backups(s: Session, now_at: datetime) -> Iterator[MatterFinding]:
    """The last good one, and what keeps another from being made."""
    state = backup_states.read(s)
    if state is None:
        return
    good_at = state.good_at and state.good_at.isoformat()
    reasons = [encode(each) for each in state.faults[:3]]
    if state.places and state.is_old(now_at):
        yield MatterFinding("backup_old", "backup:places", {"good_at": good_at, "reasons": reasons})
    elif reasons and state.places:
        yield MatterFinding("backup_failed", "backup:places", {"good_at": good_at, "reasons": reasons})
    if state.damaged:
        yield MatterFinding(
            "backup_damaged", "backup:files", {"count": len(state.damaged), "names": list(state.damaged[:3])}
        )
    if not state.places and now_at - state.since_at > UNPROTECTED and _has_nodes(s):
        yield MatterFinding("backup_none", "backup:places")


def _has_nodes(s: Session) -> bool:
    return s.scalar(select(Node.id).where(Node.revoked_at.is_(None)).limit(1)) is not None


def _alerts(s: Session) -> Iterator[MatterFinding]:
    """Warnings that wait for people, and sources that cannot be asked."""
    for row in proposals.waiting(s):
        details = {"title": row.title, "source": row.source.name, "drill": row.drill}
        yield MatterFinding("alert_waiting", f"alert:{row.id}", details)
    for source in sources.listing(s):
        if source.trouble is not None:
            details = {"name": source.name, "reason": encode(source.trouble)}
            yield MatterFinding("alert_source_silent", f"alert-source:{source.id}", details)


def _gauges(s: Session, now_at: datetime) -> Iterator[MatterFinding]:
    """Gauges that say nothing, and exercises of what speaks by itself that did not sound for a month."""
    for gauge in gauges.silent(s, now_at=now_at):
        heard_at = gauge.heard_at and gauge.heard_at.isoformat()
        yield MatterFinding("gauge_silent", f"gauge:{gauge.id}", {"name": gauge.name, "heard_at": heard_at})
    for rule in exercises.untested(s, now_at=now_at):
        yield MatterFinding("gauge_untested", f"gauge-rule:{rule.id}", {"name": rule.name, "gauge": rule.gauge.name})


def _upper_levels(s: Session, now_at: datetime) -> Iterator[MatterFinding]:
    """Priorities of levels above that wait for the commune's word, levels out of reach, and one that was restored."""
    for offer in choices.waiting(s):
        if offer.broadcast_class is not BroadcastClass.ROUTINE:
            details = {"title": offer.title, "name": offer.upper.name}
            yield MatterFinding("offer_waiting", f"offer:{offer.id}", details)
    for level in upper_levels.listing(s):
        subject, details = f"upper-level:{level.id}", {"name": level.name}
        heard_at = level.asked_at or level.added_at
        if level.trouble is not None and now_at - heard_at >= SILENT:
            yield MatterFinding("upper_level_silent", subject, details | {"reason": encode(level.trouble)})
        if level.went_back_at is not None:
            yield MatterFinding("upper_level_went_back", subject, details | {"at": level.went_back_at.isoformat()})


def _conduct(s: Session) -> Iterator[MatterFinding]:
    """Nodes that say what none should: somebody may have their card."""
    publisher = heartbeats.read(s).get("publisher")
    for node_id, counts in (publisher.detail.get("conduct", {}) if publisher else {}).items():
        node = s.get(Node, node_id)
        if node is not None and node.revoked_at is None:
            yield MatterFinding("node_conduct", f"node:{node_id}", {"name": node.name, **counts})


def _second_copy(s: Session) -> Iterator[MatterFinding]:
    """Another machine signs as this station."""
    reason = second_copy.reason(s)
    if reason is not None:
        yield MatterFinding("second_station", "station:copy", {"reason": encode(reason)})


def _complaints(s: Session, now_at: datetime) -> Iterator[MatterFinding]:
    """Nodes that several residents do not hear."""
    for each in complaints(s, now_at=now_at):
        details = {"name": each.name, "residents": each.residents, "since_at": each.since_at.isoformat()}
        yield MatterFinding("residents_complain", f"node:{each.node_id}", details)


def _channels(s: Session, now_at: datetime) -> Iterator[MatterFinding]:
    """Somebody does not hear what they asked to hear."""
    for each in channels.resting(s, now_at=now_at):
        details = {"person": each.person.full_name, "kind": each.kind.value}
        reason = encode(each.trouble) if each.trouble else ""
        yield MatterFinding("notice_resting", f"notice-channel:{each.id}", details | {"reason": reason})


def _voices(s: Session) -> Iterator[MatterFinding]:
    """A voice that the next clip would ask for, and which is gone or refused; what is approved stays as it was."""
    for voice in voice_changes.gone(s):
        reason = voice.trouble or Reason("voice.vanished", voice=voice.name)
        yield MatterFinding("voice_gone", f"voice:{voice.written}", {"name": voice.name, "reason": encode(reason)})


def _releases(s: Session) -> Iterator[MatterFinding]:
    """A newer program for the nodes that failed on one of them."""
    for release in releases.listing(s):
        if release.stage is ReleaseStage.STOPPED and release.stop_reason:
            details = {"program": release.program, "reason": encode(release.stop_reason)}
            yield MatterFinding("release_stopped", f"release:{release.id}", details)


def _waiting(s: Session) -> Iterator[MatterFinding]:
    """What another person must release before it is said, sounds or counts."""
    for each in waiting.listing(s):
        details = {"count": each.count, "name": each.name, "without": sorted(each.without)}
        yield MatterFinding(each.kind, each.subject, details | {"units": sorted(each.units, key=str)})
