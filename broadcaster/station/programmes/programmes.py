"""Filling one date of a slot: the approved announcements put into it, in order, frozen as broadcasts back to back."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.protocol.values import BroadcastClass
from broadcaster.refusals.reasons import Reason
from broadcaster.station.announcements.steps import still_sealed
from broadcaster.station.broadcasts import parts
from broadcaster.station.broadcasts.freezing import PAUSE_BETWEEN, STANDARD, Content, Timing, content_of
from broadcaster.station.programmes.frames import WAITING, ProgrammeFrame, between, frame, made_frame
from broadcaster.station.programmes.matching import ProgrammePiece, match
from broadcaster.station.programmes.slots import items_on
from broadcaster.station.relays import takes
from broadcaster.station.rows import changes
from broadcaster.station.rules import quiet_hours
from broadcaster.station.schema import Announcement, Broadcast, Clip, Node, Occurrence, Slot, SlotItem
from broadcaster.station.units.units import nodes_of
from broadcaster.station.vocabulary.lifecycles import OCCURRENCE, move
from broadcaster.station.vocabulary.states import AnnouncementState, BroadcastState, OccurrenceState

_URGENCY = [BroadcastClass.EMERGENCY, BroadcastClass.PRIORITY, BroadcastClass.ROUTINE]
_LOCKED = (OccurrenceState.MISSED, OccurrenceState.CANCELLED)


@dataclass(slots=True)
class Programme:
    """pieces: what plays, in order; left_out: why others do not."""

    pieces: list[ProgrammePiece] = field(default_factory=list)
    left_out: list[Reason] = field(default_factory=list)


def freeze_occurrence(
    s: Session, *, occurrence: Occurrence, now_at: datetime, timing: Timing = STANDARD, worker: str = ""
) -> list[Broadcast]:
    """Its broadcasts, brought up to what the slot holds; doing so again changes nothing.

    Once its time has come nothing changes any more. A date that comes too late for its grace is missed.
    """
    current = _lock(s, occurrence)
    existing = _existing(s, current)
    if current.state in _LOCKED or (now_at >= current.start_at and existing):
        return existing
    start_at = max(current.start_at, now_at + timedelta(seconds=timing.lead_seconds))
    if now_at < current.start_at:
        start_at = current.start_at
    elif now_at > current.start_at + timedelta(minutes=current.slot.grace_minutes):
        return _close(s, current, OccurrenceState.MISSED, Reason("occurrence.station_off"))
    programme = plan(s, current, start_at=start_at, now_at=now_at)
    current.claimed_by, current.claimed_at = worker or None, now_at
    _lock_broadcasts(s, existing)
    frozen = match(s, current, existing, programme.pieces, now_at=now_at, timing=timing)
    reason = Reason("programme.left_out", why=programme.left_out) if programme.left_out else None
    if not frozen:
        return _close(s, current, OccurrenceState.EMPTY, reason or Reason("programme.nothing"))
    return _close(s, current, OccurrenceState.FROZEN, reason, frozen)


def plan(s: Session, occurrence: Occurrence, *, start_at: datetime, now_at: datetime) -> Programme:
    """What would play if the programme began at ``start_at``. Greeting and closing that are missing are asked for."""
    day = occurrence.start_at.astimezone(ZoneInfo(occurrence.slot.timezone)).date()
    around = frame(s, occurrence.slot, day, now_at=now_at)
    around = replace(around, relay=takes.part_of(s, occurrence.slot, occurrence.start_at))
    cap = timedelta(minutes=occurrence.slot.cap_minutes)
    return _fill(s, occurrence.slot, day, around, start_at=start_at, cap=cap)


def programme_of(s: Session, slot: Slot, *, start_at: datetime, cap_minutes: int | None = None) -> Programme:
    """What the date that begins then would play as things stand now, perhaps with another cap. Asks for nothing to be
    made, writes nothing.
    """
    day = start_at.astimezone(ZoneInfo(slot.timezone)).date()
    cap = timedelta(minutes=cap_minutes or slot.cap_minutes)
    around = replace(made_frame(s, slot, day), relay=takes.part_of(s, slot, start_at))
    return _fill(s, slot, day, around, start_at=start_at, cap=cap)


def _fill(
    s: Session, slot: Slot, day: date, around: ProgrammeFrame, *, start_at: datetime, cap: timedelta
) -> Programme:
    limit_at = start_at + cap - _sounding(s, around.closing)
    programme = Programme()
    reached = {node.id for node in nodes_of(s, slot.zones)}
    items_at = start_at + _sounding(s, around.greeting)
    next_at = _place_relay(s, programme, slot, around, times=(items_at, limit_at))
    for item in sorted(items_on(s, slot, day), key=_order):
        pause = _sounding(s, around.filler) if programme.pieces else timedelta()
        before = list(programme.pieces)
        end_at = _place(s, programme, item, start_at=next_at + pause, limit_at=limit_at, reached=reached)
        if len(programme.pieces) == len(before):
            continue
        if before and around.filler is not None:
            _insert_filler(s, programme, around.filler, before, start_at=next_at)
        next_at = end_at
    if around.unmade:
        programme.left_out.append(WAITING)
    programme.left_out += [Reason("programme.tune_not_approved", name=name) for name in around.unapproved]
    _surround(s, programme, around, slot, times=(start_at, next_at))
    return programme


def _place_relay(
    s: Session, programme: Programme, slot: Slot, around: ProgrammeFrame, *, times: tuple[datetime, datetime]
) -> datetime:
    """What another station gives goes before the announcements; when these start."""
    start_at, limit_at = times
    content = around.relay.content
    if content is None:
        programme.left_out += [around.relay.hindrance] if around.relay.hindrance else []
        return start_at
    end_at = start_at + _sounding(s, content)
    nodes = nodes_of(s, slot.zones)
    if _hushed(s, content, start_at):
        hours = quiet_hours.hushed(s, content.broadcast_class, start_at, end_at, drill=False) or ""
        programme.left_out.append(Reason("programme.quiet_hours", title=content.title, hours=hours))
        return start_at
    if end_at - PAUSE_BETWEEN > limit_at:
        programme.left_out.append(Reason("programme.no_room", title=content.title))
        return start_at
    if nodes:
        programme.pieces.append(ProgrammePiece(content, start_at, nodes))
    return end_at


def _insert_filler(
    s: Session, programme: Programme, filler: Content, before: Sequence[ProgrammePiece], *, start_at: datetime
) -> None:
    """Between the last piece and those before it, at nodes that hear both."""
    following = programme.pieces[-1]
    heard = {node.id for piece in before for node in piece.nodes}
    nodes = [node for node in following.nodes if node.id in heard]
    if nodes and not _hushed(s, filler, start_at):
        programme.pieces.insert(-1, ProgrammePiece(between(filler, following.content), start_at, nodes))


def _surround(
    s: Session, programme: Programme, around: ProgrammeFrame, slot: Slot, *, times: tuple[datetime, datetime]
) -> None:
    """Greeting and closing, where some announcement sounds; without any, the greeting alone if the commune chose so."""
    heard = {node.id: node for piece in programme.pieces for node in piece.nodes}
    alone = not programme.pieces and slot.greet_when_empty and slot.greeting
    nodes = nodes_of(s, slot.zones) if alone else list(heard.values())
    closing = None if alone else around.closing
    for content, start_at in ((around.greeting, times[0]), (closing, times[1])):
        if content is not None and nodes and not _hushed(s, content, start_at):
            programme.pieces.append(ProgrammePiece(content, start_at, nodes))
    programme.pieces.sort(key=lambda piece: piece.start_at)


def _hushed(s: Session, content: Content, start_at: datetime) -> bool:
    end_at = start_at + _sounding(s, content)
    return quiet_hours.hushed(s, content.broadcast_class, start_at, end_at, drill=content.drill) is not None


def _sounding(s: Session, content: Content | None) -> timedelta:
    """How long it takes, with the pause after it."""
    if content is None:
        return timedelta()
    clip_ms = s.get_one(Clip, content.clip_sha256).duration_ms
    return timedelta(milliseconds=clip_ms + content.live_ms) + PAUSE_BETWEEN


def _place(
    s: Session, programme: Programme, item: SlotItem, *, start_at: datetime, limit_at: datetime, reached: set[str]
) -> datetime:
    """Put one item into the programme if it may and fits; when the next one starts."""
    announcement = item.announcement
    nodes = [node for node in nodes_of(s, announcement.zones) if node.id in reached]
    clip = s.get(Clip, announcement.clip_sha256) if announcement.clip_sha256 else None
    if announcement.state is not AnnouncementState.APPROVED or clip is None or not still_sealed(announcement):
        programme.left_out.append(Reason("programme.not_approved", title=announcement.title))
        return start_at
    content = content_of(announcement)
    end_at = start_at + timedelta(milliseconds=parts.of(s, content.clips, nodes).duration_ms)
    hours = quiet_hours.hushed(s, announcement.broadcast_class, start_at, end_at, drill=announcement.drill)
    if hours:
        reason: Reason | None = Reason("programme.quiet_hours", title=announcement.title, hours=hours)
    else:
        reason = _obstacle(announcement, nodes, end_at=end_at, limit_at=limit_at)
    if reason:
        programme.left_out.append(reason)
        return start_at
    programme.pieces.append(ProgrammePiece(content, start_at, nodes))
    return end_at + PAUSE_BETWEEN


def _obstacle(
    announcement: Announcement, nodes: Sequence[Node], *, end_at: datetime, limit_at: datetime
) -> Reason | None:
    title = announcement.title
    if announcement.broadcast_class is BroadcastClass.EMERGENCY:
        return Reason("programme.emergency", title=title)
    if not nodes:
        return Reason("programme.no_nodes", title=title)
    if announcement.valid_until_at is not None and end_at > announcement.valid_until_at:
        return Reason("programme.expired", title=title)
    return Reason("programme.no_room", title=title) if end_at > limit_at else None


def _order(item: SlotItem) -> tuple[int, int]:
    return _URGENCY.index(item.announcement.broadcast_class), item.position


def _lock(s: Session, occurrence: Occurrence) -> Occurrence:
    chosen = select(Occurrence).where(Occurrence.id == occurrence.id)
    return s.scalars(chosen.with_for_update(of=Occurrence).execution_options(populate_existing=True)).unique().one()


def _lock_broadcasts(s: Session, existing: Sequence[Broadcast]) -> None:
    """In the order in which everybody locks them."""
    ids = [each.id for each in existing]
    if ids:
        s.execute(select(Broadcast.id).where(Broadcast.id.in_(ids)).order_by(Broadcast.id).with_for_update())


def _existing(s: Session, occurrence: Occurrence) -> list[Broadcast]:
    mine = (Broadcast.occurrence_id == occurrence.id) & (Broadcast.state != BroadcastState.CANCELLED)
    chosen = select(Broadcast).where(mine).order_by(Broadcast.start_at, Broadcast.position)
    return list(s.scalars(chosen.execution_options(populate_existing=True)).unique())


def _close(
    s: Session,
    occurrence: Occurrence,
    state: OccurrenceState,
    reason: Reason | None,
    frozen: Sequence[Broadcast] = (),
) -> list[Broadcast]:
    if (occurrence.state, occurrence.reason) != (state, reason):
        occurrence.state, occurrence.reason = move(OCCURRENCE, occurrence.state, state), reason
        changes.bump(s, "slots")
    return list(frozen)
