"""What a person may do with an alarm that sounded: the act asks it, and its page and the API show it."""

from enum import StrEnum
from functools import partial

from sqlalchemy.orm import Session

from broadcaster.errors import Conflict
from broadcaster.station.announcements import steps as announcement_steps
from broadcaster.station.emergencies import phrasebook, ready_texts
from broadcaster.station.emergencies.guards import check_wanted, require_may_ask, require_over, zones_of
from broadcaster.station.people.permitted import permitted
from broadcaster.station.people.roles import Permission
from broadcaster.station.schema import EmergencyOrder, Person
from broadcaster.station.units.units import require_in
from broadcaster.station.vocabulary.lifecycles import BROADCAST, can_move
from broadcaster.station.vocabulary.states import BroadcastState


class AlarmStep(StrEnum):
    """One thing to do with an alarm.

    END: no more soundings; ALL_CLEAR: order the commune's own all-clear; CORRECT: order the word that it was a mistake.
    """

    END = "end"
    ALL_CLEAR = "all_clear"
    CORRECT = "correct"


def steps(s: Session, order: EmergencyOrder, person: Person) -> frozenset[AlarmStep]:
    """All that this person may do with the alarm of this order now."""
    return permitted(AlarmStep, partial(_require, s, order, person))


def require_step(s: Session, step: AlarmStep, order: EmergencyOrder, person: Person) -> None:
    """Raises NotAllowed, Invalid, or Conflict with what stands in the way."""
    require_in(s, zones_of(s, order), by=person, permission=Permission.EMERGENCY)
    if step is AlarmStep.END:
        _require_open(s, order)
    elif step is AlarmStep.ALL_CLEAR:
        wanted = ready_texts.all_clear(s, order)
        require_may_ask(s, wanted.announcement, wanted, person)
        check_wanted(s, wanted.announcement, wanted)
    else:
        _require_correction(s, order, person)


def _require_open(s: Session, order: EmergencyOrder) -> None:
    rounds = ready_texts.soundings(s, order)
    if not any(can_move(BROADCAST, each.state, BroadcastState.CANCELLED) for each in rounds):
        raise Conflict("emergency.ended")


def _require_correction(s: Session, order: EmergencyOrder, person: Person) -> None:
    followed, text = ready_texts.soundings(s, order)[0], ready_texts.ready(s, order, phrasebook.CORRECTION)
    if text is None:
        raise Conflict("emergency.no_correction")
    announcement_steps.require_step(s, announcement_steps.Step.ORDER_EMERGENCY, text, person)
    require_over(s, followed, by=person)


def _require(s: Session, order: EmergencyOrder, person: Person, step: AlarmStep) -> None:
    require_step(s, step, order, person)
