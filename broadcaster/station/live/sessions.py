"""A live session from the press to its end: asked for, confirmed where the commune wants it, put on the nodes, ended.

It cannot be approved beforehand: what stands for an approval is who may speak where, and the hash of the recording in
the audit trail.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid, NotFound
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.audit import entries as audit
from broadcaster.station.emergencies import stories
from broadcaster.station.live import choices
from broadcaster.station.live.opening import put_on_air
from broadcaster.station.live.steps import LiveStep, require_may_speak, require_step, zones_of
from broadcaster.station.rows import changes
from broadcaster.station.rules import quiet_hours, stop_all
from broadcaster.station.schema import LiveSessionRow, Person, Zone
from broadcaster.station.units.units import find_zones, nodes_of
from broadcaster.station.vocabulary.names import name_of
from broadcaster.station.vocabulary.states import LiveKind, LiveState

WAIT = timedelta(minutes=10)
"""For the second person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRequest:
    """What somebody asks for.

    zones: ids or names.
    title: what the log and the residents read; empty takes the speaker's name.
    longest_minutes: None takes the commune's.
    key: the caller's own id; the same key never makes a second session.
    """

    zones: Sequence[str]
    title: str = ""
    broadcast_class: BroadcastClass = BroadcastClass.ROUTINE
    longest_minutes: int | None = None
    key: str | None = None


def ask(s: Session, wanted: LiveRequest, *, by: Person, now_at: datetime) -> LiveSessionRow:
    """A session of this person's microphone: on the nodes at once, or waiting for a second person.

    Raises Invalid, Conflict, NotAllowed.
    """
    zones = find_zones(s, wanted.zones)
    require_may_speak(s, zones, wanted.broadcast_class, by)
    before = _asked_before(s, wanted.key, by)
    if before is not None:
        return before
    _check_may_sound(s, zones, wanted.broadcast_class, now_at)
    session = LiveSessionRow(
        kind=LiveKind.MICROPHONE,
        state=LiveState.WAITING,
        title=name_of(wanted.title, field="title") if wanted.title.strip() else f"Phát trực tiếp: {by.full_name}",
        zones=[zone.id for zone in zones],
        broadcast_class=wanted.broadcast_class,
        longest_ms=_longest_minutes(s, wanted.longest_minutes) * 60_000,
        asked_by_id=by.id,
        asked_at=now_at,
        waits_until_at=now_at + WAIT,
        requested_key=wanted.key,
    )
    s.add(session)
    s.flush()
    note(s, session, "live.asked", by=by, now_at=now_at)
    if not choices.wants_second_person(s):
        put_on_air(s, session, by=by, now_at=now_at)
    return session


def confirm(s: Session, session: LiveSessionRow, *, by: Person, now_at: datetime) -> LiveSessionRow:
    """The second person's press: it goes on the nodes. Raises Conflict or NotAllowed."""
    current = locked(s, session.id)
    require_step(s, LiveStep.CONFIRM, current, by, now_at=now_at)
    _check_may_sound(s, zones_of(s, current), current.broadcast_class, now_at)
    current.confirmed_by_id, current.confirmed_at = by.id, now_at
    note(s, current, "live.confirmed", by=by, now_at=now_at)
    put_on_air(s, current, by=by, now_at=now_at)
    return current


def end(s: Session, session: LiveSessionRow, *, by: Person, now_at: datetime) -> LiveSessionRow:
    """It is over: what was said so far still sounds to its end. Ending twice changes nothing. Raises NotAllowed."""
    current = locked(s, session.id)
    if current.state is not LiveState.ENDED and current.ended_at is None:
        require_step(s, LiveStep.END, current, by, now_at=now_at)
        ask_end(s, current, reason="stopped", by=by, now_at=now_at)
    return current


def ask_end(s: Session, session: LiveSessionRow, *, reason: str, by: Person | None, now_at: datetime) -> None:
    """From now on nothing more is taken; whoever sends it closes it. One that only waited is over at once."""
    session.ended_at, session.end_reason = now_at, reason
    if session.state is LiveState.WAITING:
        session.state = LiveState.ENDED
    note(s, session, "live.stopped", by=by, now_at=now_at)


def get(s: Session, session_id: str) -> LiveSessionRow:
    """Raises NotFound."""
    session = s.get(LiveSessionRow, session_id, populate_existing=True)
    if session is None:
        raise NotFound("live.not_found")
    return session


def locked(s: Session, session_id: str) -> LiveSessionRow:
    """Nobody else moves it before this transaction ends. Raises NotFound."""
    chosen = select(LiveSessionRow).where(LiveSessionRow.id == session_id).with_for_update(of=LiveSessionRow)
    session = s.scalars(chosen.execution_options(populate_existing=True)).unique().one_or_none()
    if session is None:
        raise NotFound("live.not_found")
    return session


def going_on(s: Session, *, now_at: datetime) -> list[LiveSessionRow]:
    """Those that are open or wait for somebody, the newest first: microphones and relays."""
    chosen = select(LiveSessionRow).where(LiveSessionRow.state.in_([LiveState.WAITING, LiveState.OPEN]))
    found = s.scalars(chosen.order_by(LiveSessionRow.asked_at.desc(), LiveSessionRow.id)).unique()
    return [each for each in found if not _waited_in_vain(each, now_at)]


def silent(s: Session) -> list[LiveSessionRow]:
    """Those on air of which nothing comes, the longest first."""
    chosen = select(LiveSessionRow).where(LiveSessionRow.state == LiveState.OPEN, LiveSessionRow.silent_at.is_not(None))
    return list(s.scalars(chosen.order_by(LiveSessionRow.silent_at, LiveSessionRow.id)).unique())


def latest(s: Session, *, most: int) -> list[LiveSessionRow]:
    """The latest microphones that were on air and are over."""
    over = select(LiveSessionRow).where(
        LiveSessionRow.kind == LiveKind.MICROPHONE,
        LiveSessionRow.state == LiveState.ENDED,
        LiveSessionRow.broadcast_id.is_not(None),
    )
    return list(s.scalars(over.order_by(LiveSessionRow.asked_at.desc(), LiveSessionRow.id).limit(most)).unique())


def note(s: Session, session: LiveSessionRow, action: str, *, by: Person | None, now_at: datetime) -> None:
    """Into the audit trail, and to whoever waits."""
    details = {
        "title": session.title,
        "zones": session.zones,
        "class": session.broadcast_class,
        "reason": session.end_reason,
        "recording": session.recording_sha256 or "",
        "sound_ms": session.sound_ms,
    }
    known = {name: value for name, value in details.items() if value}
    audit.record(s, by=by, action=action, subject=f"live:{session.id}", now_at=now_at, details=known)
    changes.bump(s, "live")


def _check_may_sound(s: Session, zones: Sequence[Zone], kind: BroadcastClass, now_at: datetime) -> None:
    """Raises Conflict when a stop-all or the quiet hours forbid it, nobody would hear it, or no alarm is on."""
    if stop_all.in_force(s) is not None:
        raise Conflict("broadcast.stopped")
    if not nodes_of(s, zones):
        raise Conflict("broadcast.no_nodes", field="zones")
    hours = quiet_hours.hushed(s, kind, now_at, now_at + timedelta(seconds=10), drill=False)
    if hours is not None:
        raise Conflict("broadcast.quiet_hours", hours=hours)
    if kind is BroadcastClass.EMERGENCY and not _alarm_covers(s, zones, now_at):
        raise Conflict("live.no_alarm", field="broadcast_class")


def _alarm_covers(s: Session, zones: Sequence[Zone], now_at: datetime) -> bool:
    """Whether every node of these zones has a real alarm that goes on."""
    alarmed = {
        delivery.node_id
        for story in stories.going_on(s, now_at=now_at)
        if not story.order.drill
        for each in story.rounds
        for delivery in each.deliveries
    }
    return all(node.id in alarmed for node in nodes_of(s, zones))


def _longest_minutes(s: Session, wanted: int | None) -> int:
    most = choices.longest_minutes(s)
    if wanted is not None and not 1 <= wanted <= most:
        raise Invalid("live.longest_out_of_range", field="longest_minutes", most=most)
    return wanted or most


def _asked_before(s: Session, key: str | None, by: Person) -> LiveSessionRow | None:
    if key is None:
        return None
    if not 1 <= len(key) <= 120 or not key.isprintable():
        raise Invalid("broadcast.key_malformed", field="key")
    found = s.scalars(select(LiveSessionRow).where(LiveSessionRow.requested_key == key)).unique().one_or_none()
    if found is not None and found.asked_by_id != by.id:
        raise Conflict("broadcast.key_used", field="key")
    return found


def _waited_in_vain(session: LiveSessionRow, now_at: datetime) -> bool:
    late = session.waits_until_at is not None and now_at >= session.waits_until_at
    return session.state is LiveState.WAITING and late
