"""What an order to broadcast would meet: what sounds already, what it would cut or put off, which nodes would sound."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from broadcaster.protocol.values import BroadcastClass
from broadcaster.refusals.reasons import Reason
from broadcaster.station.broadcasts import lists, parts
from broadcaster.station.broadcasts.freezing import content_of
from broadcaster.station.matters.readiness import NodeReadiness, ready_now
from broadcaster.station.nodes import nodes
from broadcaster.station.rules import quiet_hours, stop_all
from broadcaster.station.schema import Announcement, Broadcast, Node
from broadcaster.station.units.units import nodes_of

LATE_MINUTE, EARLY_MINUTE = 21 * 60, 5 * 60
"""Between these people sleep; whoever orders something then is told what time it is."""
AGAIN = timedelta(minutes=15)
"""An order of the same announcement within so long may be the same order pressed twice."""


@dataclass(frozen=True, slots=True)
class Foresight:
    """on_air: what sounds on some of its nodes now; cuts: those of them it would cut; put_off: what begins meanwhile.

    nodes: all it is for, each with what keeps it from sounding.
    stopped: a stop-all is in force.
    hushed: the commune's quiet hours that forbid it now, such as ``22:00–04:45``.
    late: it is night; at: the time meant.
    before: the order of the same announcement that was given a short while ago.
    """

    at: datetime
    on_air: Sequence[Broadcast]
    cuts: Sequence[Broadcast]
    put_off: Sequence[Broadcast]
    nodes: Sequence[NodeReadiness]
    stopped: bool
    hushed: str | None
    late: bool
    before: Broadcast | None

    @property
    def ready(self) -> int:
        """How many nodes will really sound."""
        return 0 if self.stopped or self.hushed else sum(not each.obstacles for each in self.nodes)

    @property
    def unready(self) -> list[NodeReadiness]:
        return [each for each in self.nodes if each.obstacles]


def foresee(
    s: Session, announcement: Announcement, *, now_at: datetime, only: Sequence[Node] | None = None
) -> Foresight:
    """``only``: some of its nodes, where the order shall not be for all. Writes nothing."""
    meant = list(only) if only is not None else nodes_of(s, announcement.zones)
    ids = [node.id for node in meant]
    end_at = now_at + _length(s, announcement, meant)
    on_air = _on(s, lists.on_air(s, now_at=now_at, most=50), ids)
    cutting = announcement.broadcast_class is BroadcastClass.EMERGENCY
    coming = lists.between(s, now_at, end_at, nodes=ids) if ids else []
    kind, drill = announcement.broadcast_class, announcement.drill
    hours = quiet_hours.hushed(s, kind, now_at, end_at, drill=drill)
    board = {view.node.id: view for view in nodes.board(s, now_at=now_at)}
    here = ZoneInfo(quiet_hours.timezone(s))
    minute = now_at.astimezone(here).hour * 60 + now_at.astimezone(here).minute
    return Foresight(
        at=now_at,
        on_air=on_air,
        cuts=[each for each in on_air if cutting and each.broadcast_class is not BroadcastClass.EMERGENCY],
        put_off=[each for each in coming if each.state == "scheduled"],
        nodes=[ready_now(board[each], kind=kind, drill=drill, span=(now_at, end_at), zone=here) for each in ids],
        stopped=stop_all.in_force(s) is not None,
        hushed=hours,
        late=minute >= LATE_MINUTE or minute < EARLY_MINUTE,
        before=lists.ordered_lately(s, announcement, after_at=now_at - AGAIN),
    )


def hindrances(found: Foresight) -> list[tuple[Reason, list[str]]]:
    """Every reason once, with the names of the nodes it keeps silent."""
    grouped: dict[Reason, list[str]] = {}
    for each in found.unready:
        grouped.setdefault(each.obstacles[0].reason, []).append(each.node.name)
    return list(grouped.items())


def _length(s: Session, announcement: Announcement, meant: Sequence[Node]) -> timedelta:
    if announcement.clip_sha256 is None or not meant:
        return timedelta()
    return timedelta(milliseconds=parts.of(s, content_of(announcement).clips, meant).duration_ms)


def _on(s: Session, sounding: Sequence[Broadcast], ids: Sequence[str]) -> list[Broadcast]:
    reached = lists.nodes_reached(s, [each.id for each in sounding])
    return [each for each in sounding if reached.get(each.id, frozenset()) & set(ids)]
