"""Taking streams for dates of slots: which are due, who takes them, and what came of it."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from broadcaster.protocol.values import BroadcastClass
from broadcaster.refusals.reasons import Reason
from broadcaster.station.broadcasts.freezing import Content
from broadcaster.station.relays import choosing, live_relays, slot_relays
from broadcaster.station.rows import changes
from broadcaster.station.rows.inserting import insert_once
from broadcaster.station.schema import Broadcast, Clip, Occurrence, RelayTake, Slot, SlotRelay
from broadcaster.station.vocabulary.states import OccurrenceState, RelayEnding, RelayWay, TakeState

DEAD = timedelta(seconds=45)
"""A worker that gave no sign for so long is gone; another takes what is left of the time."""
PROBE_BEFORE = timedelta(minutes=10)
WORTH = timedelta(seconds=30)
"""Less is not taken, and not aired."""
_OPEN = (OccurrenceState.PLANNED, OccurrenceState.FROZEN, OccurrenceState.EMPTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueTake:
    """What is to be taken: begin_at to until_at, from these addresses; live: aired meanwhile, by whoever sends live
    sound; the rest as in ``schema.SlotRelay``."""

    occurrence_id: str
    start_at: datetime
    begin_at: datetime
    until_at: datetime
    title: str
    seal: str
    addresses: tuple[str, ...]
    source_ids: tuple[str, ...]
    volume_db: int
    fades: bool
    live: bool = False


def coming(s: Session, *, now_at: datetime) -> Iterator[DueTake]:
    """Every date whose taking has begun or begins within ten minutes, and is not over; soonest first."""
    lead = timedelta(minutes=choosing.MOST_LEAD_MINUTES)
    chosen = (
        select(Occurrence, SlotRelay)
        .join(SlotRelay, SlotRelay.slot_id == Occurrence.slot_id)
        .join(Slot, Slot.id == Occurrence.slot_id)
        .where(
            Slot.removed_at.is_(None),
            SlotRelay.approved_seal.is_not(None),
            Occurrence.state.in_(_OPEN),
            Occurrence.start_at > now_at,
            Occurrence.start_at <= now_at + lead + PROBE_BEFORE,
        )
        .order_by(Occurrence.start_at, Occurrence.id)
    )
    for occurrence, relay in s.execute(chosen).unique():
        due = _due(s, occurrence, relay)
        if due.begin_at - PROBE_BEFORE <= now_at <= due.until_at - WORTH and slot_relays.is_approved(s, relay):
            yield due


def is_open(s: Session, due: DueTake, *, now_at: datetime) -> bool:
    """Whether its time has come and nobody is at work on it or has finished it."""
    if now_at < due.begin_at or due.live:
        return False
    take = s.get(RelayTake, due.occurrence_id)
    if take is None:
        return True
    if take.state is not TakeState.TAKING:
        return take.seal != due.seal
    return take.alive_at is None or take.alive_at < now_at - DEAD


def claim(s: Session, due: DueTake, *, worker: str, now_at: datetime) -> bool:
    """Take it; False when another was quicker. What was taken of something else that was approved then is dropped."""
    before = s.get(RelayTake, due.occurrence_id)
    if before is not None and before.state is not TakeState.TAKING and before.seal != due.seal:
        s.delete(before)
        s.flush()
    values = {"begin_at": due.begin_at, "until_at": due.until_at, "title": due.title, "seal": due.seal}
    fresh = {"state": TakeState.TAKING, "heard_ms": 0, "switches": [], "error": None}
    s.execute(insert_once(s, RelayTake, occurrence_id=due.occurrence_id, **values, **fresh))
    free = or_(RelayTake.alive_at.is_(None), RelayTake.alive_at < now_at - DEAD)
    mine = update(RelayTake).where(
        RelayTake.occurrence_id == due.occurrence_id, RelayTake.state == TakeState.TAKING, free
    )
    taken = mine.values(worker=worker, alive_at=now_at, **values).returning(RelayTake.occurrence_id)
    return s.execute(taken).scalar() is not None


def take_up(s: Session, due: DueTake, *, worker: str, now_at: datetime) -> None:
    """A live relay is on air: what comes of it is noted from now on, also when it goes on after a restart."""
    values = {"begin_at": due.begin_at, "until_at": due.until_at, "title": due.title, "seal": due.seal}
    fresh = {"state": TakeState.TAKING, "heard_ms": 0, "switches": [], "error": None}
    s.execute(insert_once(s, RelayTake, occurrence_id=due.occurrence_id, **values, **fresh))
    again = update(RelayTake).where(RelayTake.occurrence_id == due.occurrence_id)
    s.execute(again.values(worker=worker, alive_at=now_at, state=TakeState.TAKING, error=None, **values))
    changes.bump(s, "slots")


def note_switches(s: Session, due: DueTake, switches: Sequence[Mapping[str, Any]], *, heard_ms: int) -> None:
    """Streams that were left so far, while it is aired or taken."""
    mine = update(RelayTake).where(RelayTake.occurrence_id == due.occurrence_id)
    s.execute(mine.values(switches=list(switches), heard_ms=heard_ms))
    changes.bump(s, "slots")


def beat(s: Session, due: DueTake, *, worker: str, heard_ms: int, now_at: datetime) -> bool:
    """Still at work; False when it is wanted no more: the slot changed, or another took it over."""
    mine = update(RelayTake).where(
        RelayTake.occurrence_id == due.occurrence_id, RelayTake.worker == worker, RelayTake.state == TakeState.TAKING
    )
    alive = s.execute(mine.values(alive_at=now_at, heard_ms=heard_ms).returning(RelayTake.occurrence_id)).scalar()
    occurrence = s.get(Occurrence, due.occurrence_id)
    relay = slot_relays.find(s, occurrence.slot_id) if occurrence is not None else None
    return alive is not None and relay is not None and slot_relays.seal(s, relay) == due.seal


def finish(
    s: Session, due: DueTake, *, clip: Clip, switches: Sequence[Mapping[str, Any]], heard_ms: int, now_at: datetime
) -> None:
    """It is a clip; the programme is put together anew."""
    _end(s, due, TakeState.DONE, now_at, clip_sha256=clip.sha256, switches=list(switches), heard_ms=heard_ms)


def fail(s: Session, due: DueTake, *, error: Reason, switches: Sequence[Mapping[str, Any]], now_at: datetime) -> None:
    """There is nothing to air; the slot plays its announcements alone."""
    _end(s, due, TakeState.FAILED, now_at, error=error, switches=list(switches))


def forget(s: Session, due: DueTake, *, worker: str) -> None:
    """This worker takes it no more."""
    take = s.get(RelayTake, due.occurrence_id)
    if take is not None and take.worker == worker and take.state is TakeState.TAKING:
        s.delete(take)
        changes.bump(s, "slots")


@dataclass(frozen=True, slots=True)
class RelayPart:
    """content: what is aired, if it is there; hindrance: why it is not."""

    content: Content | None = None
    hindrance: Reason | None = None


NOTHING_RELAYED = RelayPart()


def part_of(s: Session, slot: Slot, start_at: datetime) -> RelayPart:
    """What the date of the slot that begins then airs of its relay."""
    relay = slot_relays.find(s, slot.id)
    if relay is None:
        return NOTHING_RELAYED
    names = slot_relays.names(s, relay)
    if not slot_relays.is_approved(s, relay):
        return RelayPart(hindrance=Reason("programme.relay_not_approved", names=names))
    if relay.way is RelayWay.LIVE:
        content = live_relays.content_of(s, relay)
        return RelayPart(content=content, hindrance=None if content else Reason("live.station_not_ready"))
    chosen = select(RelayTake).join(Occurrence, Occurrence.id == RelayTake.occurrence_id)
    take = s.scalars(chosen.where(Occurrence.slot_id == slot.id, Occurrence.start_at == start_at)).first()
    if take is None or take.seal != relay.approved_seal or take.state is TakeState.TAKING:
        begin_at = start_at - timedelta(minutes=relay.lead_minutes)
        return RelayPart(hindrance=Reason("programme.relay_to_come", names=names, at=begin_at))
    if take.clip_sha256 is None:
        why = take.error or Reason("relay.ended")
        return RelayPart(hindrance=Reason("programme.relay_failed", names=names, why=why))
    return RelayPart(content=_content(take, take.clip_sha256))


def _content(take: RelayTake, clip_sha256: str) -> Content:
    return Content(
        announcement_id=None,
        title=take.title,
        script=f"♫ {take.title}",
        broadcast_class=BroadcastClass.ROUTINE,
        drill=False,
        clip_sha256=clip_sha256,
        content_hash=hashlib.sha256(f"{take.seal}\n{clip_sha256}".encode()).hexdigest(),
    )


def recent(s: Session, *, since_at: datetime) -> list[RelayTake]:
    """Those that began since then, in order of time."""
    chosen = select(RelayTake).where(RelayTake.begin_at >= since_at)
    return list(s.scalars(chosen.order_by(RelayTake.begin_at, RelayTake.occurrence_id)))


def is_aired_live(s: Session, take: RelayTake) -> bool:
    """Whether it is aired while it is taken: then its time is the date's own."""
    return take.begin_at == s.get_one(Occurrence, take.occurrence_id).start_at


def slot_id_of(s: Session, take: RelayTake) -> str:
    """Whose date it was taken for."""
    return s.get_one(Occurrence, take.occurrence_id).slot_id


def of_broadcast(s: Session, broadcast: Broadcast) -> DueTake | None:
    """What a live relay that was frozen airs, as it is released now; None when it is released no more."""
    occurrence = s.get(Occurrence, broadcast.occurrence_id) if broadcast.occurrence_id else None
    relay = slot_relays.find(s, occurrence.slot_id) if occurrence is not None else None
    if occurrence is None or relay is None or not slot_relays.is_approved(s, relay):
        return None
    due = _due(s, occurrence, relay)
    return due if live_relays.content_hash(due.seal) == broadcast.content_hash else None


def _due(s: Session, occurrence: Occurrence, relay: SlotRelay) -> DueTake:
    begin_at = occurrence.start_at - timedelta(minutes=relay.lead_minutes)
    return DueTake(
        occurrence_id=occurrence.id,
        start_at=occurrence.start_at,
        begin_at=begin_at,
        until_at=begin_at + timedelta(minutes=relay.minutes),
        title=slot_relays.title(s, relay),
        seal=slot_relays.seal(s, relay),
        addresses=tuple(slot_relays.addresses(s, relay)),
        source_ids=tuple(relay.source_ids),
        volume_db=relay.volume_db,
        fades=relay.ending is RelayEnding.FADE,
        live=relay.way is RelayWay.LIVE,
    )


def _end(s: Session, due: DueTake, state: TakeState, now_at: datetime, **values: Any) -> None:
    mine = update(RelayTake).where(RelayTake.occurrence_id == due.occurrence_id)
    s.execute(mine.values(state=state, alive_at=now_at, **values))
    changes.bump(s, "slots")
