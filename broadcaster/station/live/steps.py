"""What a person may do with a live session now: the act asks it, and its page and the API show it."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from functools import partial

from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, NotAllowed
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.people.permitted import permitted
from broadcaster.station.people.roles import Permission
from broadcaster.station.schema import LiveSessionRow, Person, Zone
from broadcaster.station.units.units import require_in
from broadcaster.station.vocabulary.states import LiveState


class LiveStep(StrEnum):
    """SPEAK: send sound into it; CONFIRM: the second person's press; END: it is over, at once."""

    SPEAK = "speak"
    CONFIRM = "confirm"
    END = "end"


def steps(s: Session, session: LiveSessionRow, person: Person, *, now_at: datetime) -> frozenset[LiveStep]:
    """All that this person may do with it now."""
    return permitted(LiveStep, partial(_require, s, session, person, now_at))


def require_may_speak(s: Session, zones: Iterable[Zone], kind: BroadcastClass, person: Person) -> None:
    """Raises NotAllowed unless the person may speak live in every one of these zones."""
    require_in(s, zones, by=person, permission=Permission.SPEAK_LIVE)
    if kind is BroadcastClass.EMERGENCY:
        require_in(s, zones, by=person, permission=Permission.EMERGENCY)


def require_step(s: Session, step: LiveStep, session: LiveSessionRow, person: Person, *, now_at: datetime) -> None:
    """Raises NotAllowed, or Conflict with what stands in the way."""
    require_may_speak(s, zones_of(s, session), session.broadcast_class, person)
    if session.state is LiveState.ENDED:
        raise Conflict("live.ended")
    if session.state is LiveState.PLANNED:
        raise Conflict("live.not_open")
    if step is LiveStep.CONFIRM:
        _require_confirm(session, person, now_at)
    elif step is LiveStep.SPEAK:
        if session.asked_by_id != person.id:
            raise Conflict("live.not_the_speaker")
        if session.state is LiveState.WAITING or session.ended_at is not None:
            raise Conflict("live.not_open")


def zones_of(s: Session, session: LiveSessionRow) -> list[Zone]:
    """The zones it sounds in that there still are."""
    found = (s.get(Zone, zone_id) for zone_id in session.zones)
    return [zone for zone in found if zone is not None]


def _require_confirm(session: LiveSessionRow, person: Person, now_at: datetime) -> None:
    if session.state is not LiveState.WAITING:
        raise Conflict("live.confirmed_already")
    if session.waits_until_at is not None and now_at >= session.waits_until_at:
        raise Conflict("live.waited_too_long")
    if session.asked_by_id == person.id:
        raise NotAllowed("live.own_session")


def _require(s: Session, session: LiveSessionRow, person: Person, now_at: datetime, step: LiveStep) -> None:
    require_step(s, step, session, person, now_at=now_at)
