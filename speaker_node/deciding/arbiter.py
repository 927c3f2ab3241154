"""What sounds next, what falls silent, what is over: one pure decision over everything the node knows.

Rules, in order: a stop-all outranks everything; an emergency pre-empts any other class; quiet hours let only
emergencies through; a play starts only if it can end by its ``expires_at``; of what is due together the higher class,
then the commune's order, then the earlier goes first, and what the commune put behind another waits for it; nothing is
played by a clock that is not trusted, except a live order that has just arrived.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from broadcaster.protocol.agenda import AgendaItem
from broadcaster.protocol.reasons import ReasonCode
from broadcaster.protocol.values import BroadcastClass, DeliveryState
from speaker_node.clock.reading import TimeReading
from speaker_node.deciding.quiet import is_quiet
from speaker_node.deciding.situation import (
    Situation,
    can_end,
    is_forgotten,
    is_hushed,
    open_items,
    passes_quiet,
    planned_at,
    playable,
)
from speaker_node.errors import NO_REASON, NodeReason
from speaker_node.memory.ledger import OPEN
from speaker_node.memory.outbox import PlayFact

LEAD = timedelta(seconds=1.2)
"""How long before its first sample a play is begun: ledger, device, pre-roll."""
PREEMPTION = timedelta(seconds=0.6)
"""How long before an emergency the voice it pre-empts falls silent."""
LAST_SAMPLES = timedelta(seconds=0.3)
"""A play that was begun in time is over by its expiry but for what the device still holds; it is not cut for that."""
RANK = {BroadcastClass.EMERGENCY: 0, BroadcastClass.PRIORITY: 1, BroadcastClass.ROUTINE: 2}
State = DeliveryState


@dataclass(frozen=True, slots=True)
class Settle:
    """broadcast: which; state: what to state about it; reason: why, if there is one."""

    broadcast: str
    state: State
    reason: ReasonCode | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """broadcast: what falls silent; state, reason: for its receipt; again: it waits to be played from the start."""

    broadcast: str
    state: State
    reason: ReasonCode
    again: bool = False


@dataclass(frozen=True, slots=True)
class Start:
    """item: what to begin; start_at: instant of its first sample; the past means at once."""

    item: AgendaItem
    start_at: datetime


@dataclass(frozen=True, slots=True)
class PlayDecision:
    """What to do now; at most one of ``stop`` and ``start``.

    settle: broadcasts whose story moves without sound.
    stop, start: for the player.
    wake_at: when to decide anew at the latest, if nothing happens before; None is "whenever".
    next_at: first sample of the next broadcast in silence, for the amplifier.
    """

    settle: tuple[Settle, ...] = ()
    stop: Stop | None = None
    start: Start | None = None
    wake_at: datetime | None = None
    next_at: datetime | None = None


def decide(situation: Situation) -> PlayDecision:
    """The whole decision."""
    settle = (*_gone(situation), *_stored(situation), *_too_late(situation))
    if situation.playing:
        return PlayDecision(settle, stop=_stop(situation, situation.playing), wake_at=_preemption_at(situation))
    over = {s.broadcast for s in settle if s.state is not State.STORED}
    open_still = [item for item in playable(situation) if item.broadcast not in over]
    ready = [item for item in open_still if not _gives_way(situation, item, open_still)]
    due = [item for item in ready if _is_due(situation, item)]
    if due:
        first = min(due, key=_precedence)
        return PlayDecision(settle, start=Start(first, planned_at(situation, first)), wake_at=None)
    next_at = min((planned_at(situation, item) for item in ready), default=None)
    return PlayDecision(settle, wake_at=next_at - LEAD if next_at else None, next_at=next_at)


def facts(decision: PlayDecision, reading: TimeReading) -> Iterator[tuple[str, PlayFact]]:
    """What is to be entered without sound: each broadcast with its fact."""
    for settle in decision.settle:
        yield (
            settle.broadcast,
            PlayFact(
                settle.state,
                reading.now_at,
                reading.state,
                reason=NodeReason(settle.reason) if settle.reason else NO_REASON,
            ),
        )


def _precedence(item: AgendaItem) -> tuple[bool, int, int, datetime, str]:
    return _yields(item), RANK[item.broadcast_class], item.order, item.start_at, item.broadcast


def _yields(item: AgendaItem) -> bool:
    """A relay, which goes on after whatever cut it."""
    return item.gives_way or (item.source is not None and item.source.gives_way)


def _gives_way(situation: Situation, item: AgendaItem, others: Sequence[AgendaItem]) -> bool:
    """The commune put another of its class first that begins before this one is over, and there is time for both."""
    if item.order < 2:
        return False
    begin = max(planned_at(situation, item), situation.reading.now_at)
    length = timedelta(milliseconds=item.duration_ms)
    for other in others:
        if not 0 < other.order < item.order or other.broadcast_class is not item.broadcast_class:
            continue
        other_at = max(planned_at(situation, other), situation.reading.now_at)
        other_end_at = other_at + timedelta(milliseconds=other.duration_ms)
        if other_at < begin + length and other_end_at + length <= item.expires_at:
            return True
    return False


def _is_due(situation: Situation, item: AgendaItem) -> bool:
    return planned_at(situation, item) - LEAD <= situation.reading.now_at


def _gone(situation: Situation) -> Iterator[Settle]:
    """Broadcasts that are no longer in the agenda."""
    if situation.agenda is None:
        return
    named = {item.broadcast for item in situation.agenda.items}
    for broadcast, entry in situation.entries.items():
        if entry.state in OPEN and broadcast not in named and not _is_playing(situation, broadcast):
            over = situation.reading.trusted and situation.reading.now_at >= entry.expires_at
            yield Settle(broadcast, State.EXPIRED, ReasonCode.NODE_OFF) if over else Settle(broadcast, State.CANCELLED)


def _is_playing(situation: Situation, broadcast: str) -> bool:
    return situation.playing is not None and situation.playing.broadcast == broadcast


def _stored(situation: Situation) -> Iterator[Settle]:
    """Broadcasts whose last part has come."""
    for item in open_items(situation):
        new = situation.entries[item.broadcast].state is State.PLANNED
        if new and all(part in situation.held for part in item.parts):
            yield Settle(item.broadcast, State.STORED)


def _too_late(situation: Situation) -> Iterator[Settle]:
    """Broadcasts that can no longer end in time."""
    if not situation.reading.trusted:
        return
    for item in open_items(situation):
        if is_forgotten(situation, item):
            yield Settle(item.broadcast, State.FAILED, ReasonCode.LEDGER_LOST)
            continue
        if can_end(situation, item):
            continue
        if situation.entries[item.broadcast].sounding:
            yield Settle(item.broadcast, State.INTERRUPTED, ReasonCode.NO_TIME_TO_REPEAT)
        else:
            known = item.broadcast in situation.seen_in_time
            state = State.MISSED if known else State.EXPIRED
            yield Settle(item.broadcast, state, _why_not(situation, item) if known else ReasonCode.NODE_OFF)


def _why_not(situation: Situation, item: AgendaItem) -> ReasonCode:
    agenda = situation.agenda
    assert agenda
    if agenda.stop:
        return ReasonCode.STOP_ALL
    if situation.muted:
        return ReasonCode.LOCAL_SWITCH
    if not all(part in situation.held for part in item.parts):
        return ReasonCode.CLIP_MISSING
    if is_hushed(situation, item, planned_at(situation, item)) or is_quiet(agenda.policy, situation.reading.now_at):
        return ReasonCode.QUIET_HOURS
    return ReasonCode.NODE_BUSY


def _stop(situation: Situation, playing: AgendaItem) -> Stop | None:
    reason = _must_end(situation, playing)
    if reason:
        state = State.CANCELLED if reason is ReasonCode.CANCELLED else State.INTERRUPTED
        return Stop(playing.broadcast, state, reason)
    if playing.broadcast_class is not BroadcastClass.EMERGENCY and _emergency_due(situation):
        again = playing.resume or _yields(playing)
        return Stop(playing.broadcast, State.INTERRUPTED, ReasonCode.EMERGENCY_FIRST, again=again)
    if _yields(playing) and _other_due(situation):
        return Stop(playing.broadcast, State.INTERRUPTED, ReasonCode.NODE_BUSY, again=True)
    return None


def _must_end(situation: Situation, playing: AgendaItem) -> ReasonCode | None:
    agenda, now_at = situation.agenda, situation.reading.now_at
    if agenda is None or playing.broadcast not in {item.broadcast for item in agenda.items}:
        return ReasonCode.CANCELLED
    if agenda.stop:
        return ReasonCode.STOP_ALL
    if situation.muted:
        return ReasonCode.LOCAL_SWITCH
    if situation.reading.trusted and now_at >= playing.expires_at + LAST_SAMPLES:
        return ReasonCode.OUT_OF_TIME
    if situation.reading.trusted and not passes_quiet(playing) and is_quiet(agenda.policy, now_at):
        return ReasonCode.QUIET_HOURS
    return None


def _emergencies(situation: Situation) -> Iterator[AgendaItem]:
    return (i for i in playable(situation) if i.broadcast_class is BroadcastClass.EMERGENCY)


def _emergency_due(situation: Situation) -> bool:
    return any(planned_at(situation, i) - PREEMPTION <= situation.reading.now_at for i in _emergencies(situation))


def _other_due(situation: Situation) -> bool:
    """Something that a relay gives way to."""
    return any(planned_at(situation, i) - PREEMPTION <= situation.reading.now_at for i in _firm(situation))


def _firm(situation: Situation) -> Iterator[AgendaItem]:
    return (item for item in playable(situation) if not _yields(item))


def _preemption_at(situation: Situation) -> datetime | None:
    assert situation.playing
    cutting = _firm(situation) if _yields(situation.playing) else _emergencies(situation)
    instants = [planned_at(situation, item) - PREEMPTION for item in cutting]
    instants.append(situation.playing.expires_at + LAST_SAMPLES)
    return min((at for at in instants if at > situation.reading.now_at), default=None)
