"""What whoever sends a session says of it: taken up, sounding, silent, over, with its recording."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from broadcaster.clip_plans import RenderedClip
from broadcaster.station.announcements.planned_broadcasts import cancel_one
from broadcaster.station.clips import clips
from broadcaster.station.live.opening import GRACE
from broadcaster.station.live.sessions import ask_end, locked, note
from broadcaster.station.live.steps import require_may_speak, zones_of
from broadcaster.station.relays import takes
from broadcaster.station.rows import changes
from broadcaster.station.rules import quiet_hours, stop_all
from broadcaster.station.schema import BroadcastPart, LiveSessionRow, Person
from broadcaster.station.vocabulary.lifecycles import BROADCAST, can_move
from broadcaster.station.vocabulary.states import BroadcastState, LiveKind, LiveState

ENGINE = "live"
"""In place of a voice, among what made a clip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """How a session ended: each as in ``LiveSessionRow``; recording: the clip's file, None when nothing was said."""

    sound_ms: int
    gap_ms: int
    ends_ms: int
    recording: RenderedClip | None


def claim(s: Session, session_id: str, *, runner: str) -> bool:
    """Take a session up, unless another program has it: two stations at once send it once."""
    mine = update(LiveSessionRow).where(LiveSessionRow.id == session_id, or_(LiveSessionRow.runner.in_(["", runner])))
    return s.execute(mine.values(runner=runner).returning(LiveSessionRow.id)).scalar() is not None


def open_ids(s: Session) -> list[str]:
    """Sessions that are on the nodes and not closed, the oldest first."""
    chosen = select(LiveSessionRow.id).where(LiveSessionRow.state == LiveState.OPEN)
    return list(s.scalars(chosen.order_by(LiveSessionRow.asked_at, LiveSessionRow.id)))


def heard(s: Session, session_id: str, *, delay_ms: int, now_at: datetime) -> None:
    """Its first sound came in, or comes again after a silence."""
    session = locked(s, session_id)
    if session.sounding_at is None:
        session.sounding_at, session.delay_ms = now_at, delay_ms
    session.silent_at = None
    changes.bump(s, "live")


def fell_silent(s: Session, session_id: str, *, since_at: datetime) -> None:
    """Nothing has come for a while: *mất tiếng*."""
    session = locked(s, session_id)
    session.silent_at = since_at
    changes.bump(s, "live")


def must_end(s: Session, session: LiveSessionRow, *, now_at: datetime) -> str | None:
    """Why it may no longer go on; None while it may."""
    if stop_all.in_force(s) is not None:
        return "stop_all"
    if session.broadcast is None or session.broadcast.state is BroadcastState.CANCELLED:
        return "cancelled"
    speaker = s.get(Person, session.asked_by_id, populate_existing=True) if session.asked_by_id else None
    if speaker is not None and not _still_may(s, session, speaker):
        return "revoked"
    if session.kind is LiveKind.RELAY and takes.of_broadcast(s, session.broadcast) is None:
        return "revoked"
    kind, moment = session.broadcast_class, now_at + timedelta(seconds=1)
    if quiet_hours.hushed(s, kind, now_at, moment, drill=session.drill) is not None:
        return "quiet_hours"
    return None


def end_for(s: Session, session_id: str, *, reason: str, now_at: datetime) -> None:
    """The station itself ends it."""
    session = locked(s, session_id)
    if session.ended_at is None:
        ask_end(s, session, reason=reason, by=None, now_at=now_at)


def close(s: Session, session_id: str, closed: Closed, *, now_at: datetime) -> LiveSessionRow:
    """The end is known and the recording whole: a clip, a part of its broadcast, and its hash in the audit trail."""
    session = locked(s, session_id)
    if session.state is LiveState.ENDED:
        return session
    session.state, session.closed_at, session.silent_at = LiveState.ENDED, now_at, None
    session.ended_at = session.ended_at or now_at
    session.sound_ms, session.gap_ms, session.ends_ms = closed.sound_ms, closed.gap_ms, closed.ends_ms
    broadcast = session.broadcast
    assert broadcast is not None
    if closed.recording is not None:
        clip = clips.record(s, closed.recording, f"live:{session.id}", now_at)
        session.recording_sha256 = clip.sha256
        broadcast.parts.append(BroadcastPart(position=1, sha256=clip.sha256, language="vi"))
        broadcast.engine, broadcast.duration_ms = ENGINE, closed.ends_ms
        broadcast.expires_at = broadcast.start_at + timedelta(milliseconds=closed.ends_ms) + GRACE
    elif session.kind is LiveKind.MICROPHONE and can_move(BROADCAST, broadcast.state, BroadcastState.CANCELLED):
        cancel_one(s, broadcast, by=None, now_at=now_at)
    else:  # a relay nobody heard was announced all the same: the log says that it was missed
        broadcast.expires_at = min(broadcast.expires_at, now_at + GRACE)
    s.flush()
    note(s, session, "live.closed", by=None, now_at=now_at)
    changes.bump(s, "agendas")
    changes.bump(s, "deliveries")
    return session


def never_began(s: Session, session_id: str, *, reason: str, now_at: datetime) -> None:
    """Nothing of it was sent, and nothing will be."""
    end_for(s, session_id, reason=reason, now_at=now_at)
    close(s, session_id, Closed(sound_ms=0, gap_ms=0, ends_ms=1, recording=None), now_at=now_at)


def unfinished(s: Session, *, folder: Path, runner: str) -> Iterator[tuple[str, Path]]:
    """Sessions a program of this station took up and did not close, each with the file of its recording."""
    taken = select(LiveSessionRow.id).where(
        LiveSessionRow.state == LiveState.OPEN, LiveSessionRow.runner.not_in(["", runner])
    )
    for session_id in s.scalars(taken.order_by(LiveSessionRow.id)):
        yield session_id, folder / f"{session_id}.ogg"


def _still_may(s: Session, session: LiveSessionRow, speaker: Person) -> bool:
    from broadcaster.errors import NotAllowed

    try:
        require_may_speak(s, zones_of(s, session), session.broadcast_class, speaker)
    except NotAllowed:
        return False
    return True
