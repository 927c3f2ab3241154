"""What a board shows for those who cannot hear: what is said now, and what comes next. Only what was approved."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload

from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.broadcasts.test_tones import are_chirps
from broadcaster.station.records import alarms
from broadcaster.station.records.residents import with_all_below
from broadcaster.station.rules import stop_all
from broadcaster.station.schema import Broadcast, Delivery, Node, Unit
from broadcaster.station.vocabulary.states import BroadcastState

AHEAD = timedelta(hours=24)
LONGEST = timedelta(hours=3)
"""No broadcast lasts longer."""
MOST_NEXT = 6
_OPEN = (BroadcastState.SCHEDULED, BroadcastState.ON_AIR)


class BoardKind(StrEnum):
    """What a line is: a real alarm, an exercise, or an announcement of its class."""

    ALARM = "alarm"
    DRILL = "drill"
    PRIORITY = "priority"
    ROUTINE = "routine"


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One announcement.

    text: in few words, as approved; end_at: of its sound, None for an alarm until its all-clear.
    """

    id: str
    kind: BoardKind
    title: str
    text: str
    start_at: datetime
    end_at: datetime | None


@dataclass(frozen=True, slots=True)
class WallBoard:
    """now: the most urgent first; coming: soonest first; stopped: a stop-all is in force, and nothing is shown."""

    now: Sequence[BoardLine] = field(default_factory=tuple)
    coming: Sequence[BoardLine] = field(default_factory=tuple)
    stopped: bool = False

    @property
    def state(self) -> str:
        """alarm, drill, speaking, idle or stopped."""
        if self.stopped:
            return "stopped"
        kinds = [each.kind for each in self.now]
        if not kinds:
            return "idle"
        return kinds[0].value if kinds[0] in (BoardKind.ALARM, BoardKind.DRILL) else "speaking"


def board(s: Session, unit: Unit, *, now_at: datetime) -> WallBoard:
    """What the nodes of the unit, and of every unit in it, say at this instant and within a day."""
    if stop_all.in_force(s) is not None:
        return WallBoard(stopped=True)
    found = _broadcasts(s, unit, now_at=now_at)
    running = [_alarm(each.broadcast, each.since_at) for each in alarms.on_now(s, unit, now_at=now_at)]
    lines = list(_lines(found))
    now = [*running, *(each for each in lines if each.start_at <= now_at and not _same(each, running))]
    coming = [each for each in lines if each.start_at > now_at and each.kind is not BoardKind.ALARM]
    ranks = list(BoardKind)
    return WallBoard(sorted(now, key=lambda each: (ranks.index(each.kind), each.start_at, each.id)), coming[:MOST_NEXT])


def board_text(broadcast: Broadcast) -> str:
    """In few words, as approved; the title when there are none."""
    return broadcast.board_text or broadcast.title


def _broadcasts(s: Session, unit: Unit, *, now_at: datetime) -> list[Broadcast]:
    """Those that sound there now, or will."""
    nodes = select(Node.id).where(Node.unit_id.in_(with_all_below(s, unit)))
    chosen = select(Broadcast).where(
        Broadcast.start_at > now_at - LONGEST,
        Broadcast.start_at <= now_at + AHEAD,
        Broadcast.state.in_(_OPEN),
        Broadcast.announcement_id.is_not(None),
        ~are_chirps(),
        Broadcast.id.in_(select(Delivery.broadcast_id).where(Delivery.node_id.in_(nodes))),
    )
    bare = (lazyload(Broadcast.deliveries), lazyload(Broadcast.parts), lazyload(Broadcast.ordered_by))
    ordered = chosen.order_by(Broadcast.start_at, Broadcast.ordering, Broadcast.id).options(*bare)
    return [each for each in s.scalars(ordered.limit(200)) if _end(each) > now_at]


def _lines(found: Iterable[Broadcast]) -> Iterator[BoardLine]:
    for each in found:
        kind = BoardKind.DRILL if each.drill else _KINDS[each.broadcast_class]
        yield BoardLine(each.id, kind, each.title, board_text(each), each.start_at, _end(each))


def _alarm(broadcast: Broadcast, since_at: datetime) -> BoardLine:
    return BoardLine(broadcast.id, BoardKind.ALARM, broadcast.title, board_text(broadcast), since_at, None)


def _same(line: BoardLine, running: Sequence[BoardLine]) -> bool:
    """A sounding of an alarm that is shown anyway."""
    return line.kind is BoardKind.ALARM and any(line.text == each.text for each in running)


def _end(broadcast: Broadcast) -> datetime:
    return broadcast.start_at + timedelta(milliseconds=broadcast.duration_ms)


_KINDS = {
    BroadcastClass.EMERGENCY: BoardKind.ALARM,
    BroadcastClass.PRIORITY: BoardKind.PRIORITY,
    BroadcastClass.ROUTINE: BoardKind.ROUTINE,
}
