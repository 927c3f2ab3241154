"""A live session and who hears it, as page and API say it; and a piece of sound taken from either."""

from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.orm import Session

from broadcaster.errors import Invalid
from broadcaster.live import pieces
from broadcaster.live.sound_reader import KINDS
from broadcaster.station.broadcasts.steps import recording_of
from broadcaster.station.live import sessions
from broadcaster.station.live.steps import LiveStep, require_step
from broadcaster.station.schema import Clip, Delivery, LiveSessionRow, NodeState, Person
from broadcaster.station.vocabulary.states import LiveState
from web.live import bodies
from web.shell.services import services


class Acting(Protocol):
    """Who acts, when, and on what: a page's context or a program's call."""

    @property
    def s(self) -> Session: ...
    @property
    def by(self) -> Person: ...
    @property
    def now_at(self) -> datetime: ...


def answer_of(c: Acting, row: LiveSessionRow) -> bodies.LiveSession:
    """With its listeners, by name."""
    deliveries = row.broadcast.deliveries if row.broadcast else []
    listeners = [_listener(c.s, row, each) for each in sorted(deliveries, key=lambda each: each.node.name)]
    return bodies.LiveSession(
        id=row.id,
        kind=row.kind,
        state=_state(row),
        title=row.title,
        speaker=row.asked_by.full_name if row.asked_by else "",
        broadcast=row.broadcast_id,
        asked_at=row.asked_at,
        longest_seconds=row.longest_ms / 1000,
        delay_ms=row.delay_ms,
        speak_in_ms=_speak_in_ms(c, row),
        sound_seconds=row.sound_ms / 1000,
        silent=row.silent_at is not None,
        end_reason=row.end_reason,
        recording=recording_of(row.broadcast) if row.broadcast else None,
        listeners=listeners,
    )


def take_piece(c: Acting, session_id: str, piece: pieces.Piece) -> bodies.LiveSession:
    """Hand a piece over to the station. Raises Invalid, Conflict, NotAllowed."""
    row = sessions.get(c.s, session_id)
    require_step(c.s, LiveStep.SPEAK, row, c.by, now_at=c.now_at)
    if piece.at_ms > (c.now_at - row.asked_at) / timedelta(milliseconds=1) + 2000:
        raise Invalid("live.piece_too_early", field="at_ms")
    pieces.put(services().config.data_dir.absolute(), row.id, piece)
    return answer_of(c, row)


def piece_of(*, seq: int, at_ms: int, kind: str, rate: int, body: bytes) -> pieces.Piece:
    """Raises Invalid for a kind there is not."""
    if kind not in KINDS:
        raise Invalid("live.piece_malformed", field="kind")
    return pieces.Piece(seq, at_ms, KINDS[kind], rate, body)


def _state(row: LiveSessionRow) -> str:
    return "ending" if row.state is LiveState.OPEN and row.ended_at is not None else str(row.state)


def _speak_in_ms(c: Acting, row: LiveSessionRow) -> int:
    """The first word shall sound when the chime is over."""
    if row.broadcast is None or row.state is not LiveState.OPEN:
        return 0
    chime_ms = c.s.get_one(Clip, row.broadcast.parts[0].sha256).duration_ms
    first_at = row.broadcast.start_at + timedelta(milliseconds=chime_ms - row.delay_ms)
    return max(0, round((first_at - c.now_at) / timedelta(milliseconds=1)))


def _listener(s: Session, row: LiveSessionRow, delivery: Delivery) -> bodies.LiveListener:
    state = s.get(NodeState, delivery.node_id)
    hearing = state.live if state is not None and state.live and state.live.get("session") == row.id else None
    over = row.state is LiveState.ENDED and delivery.ended_at is not None
    heard_ms = delivery.played_ms if over or hearing is None else hearing.get("heard_ms", 0)
    lost_ms = delivery.lost_ms if over or hearing is None else hearing.get("lost_ms", 0)
    return bodies.LiveListener(
        node=delivery.node_id,
        name=delivery.node.name,
        online=bool(state and state.online),
        status=str(delivery.state),
        heard_seconds=heard_ms / 1000,
        lost_seconds=lost_ms / 1000,
        late_ms=hearing.get("late_ms", 0) if hearing is not None else None,
        silent=bool(hearing and hearing.get("silent")),
        refused=hearing.get("refused", 0) if hearing is not None else 0,
    )
