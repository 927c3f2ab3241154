"""What a person may do with somebody's login now: the act asks it, and its page shows it."""

from datetime import datetime
from enum import StrEnum
from functools import partial

from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, NotAllowed
from broadcaster.station.people import approvers
from broadcaster.station.people.permitted import permitted
from broadcaster.station.people.roles import may, require
from broadcaster.station.schema import Person


class PersonStep(StrEnum):
    """One thing to do with a login.

    CONFIRM: the second administrator's word for the approver's role; INVITE: a link with which the person sets a
    password; SECOND_FACTOR_OFF: for somebody who lost the telephone; SIGN_OUT: everywhere.
    """

    SET_ROLES = "set_roles"
    CONFIRM = "confirm"
    INVITE = "invite"
    SECOND_FACTOR_OFF = "second_factor_off"
    SIGN_OUT = "sign_out"
    DISABLE = "disable"
    ENABLE = "enable"


_OWN = {
    PersonStep.SET_ROLES: "person.own_roles",
    PersonStep.SECOND_FACTOR_OFF: "second_factor.own",
    PersonStep.DISABLE: "person.own_account",
}
"""What nobody does to themselves here, lest nobody be left who may undo it, or a code be asked for in vain."""


def steps(s: Session, person: Person, by: Person, *, now_at: datetime) -> frozenset[PersonStep]:
    """All that ``by`` may do with this person's login now."""
    return permitted(PersonStep, partial(_require, s, person, by, now_at))


def require_step(s: Session, step: PersonStep, person: Person, by: Person, *, now_at: datetime) -> None:
    """Raises NotAllowed; Conflict for what the login's state or one's own stands in the way of."""
    if step is PersonStep.CONFIRM:
        _require_second(s, person, by, now_at)
        return
    own = by.id == person.id
    if not (own and step is PersonStep.SIGN_OUT):
        require_over(s, person, by)
    if own and step in _OWN:
        raise Conflict(_OWN[step])
    _require_state(step, person)


def require_over(s: Session, person: Person, by: Person) -> None:
    """One may change a person only where one looks after people in every unit that person belongs to."""
    for unit_id in units_of(person):
        require(s, by, "manage_people", unit_id)


def is_over(s: Session, person: Person, by: Person) -> bool:
    """Whether ``by`` looks after people in every unit that the person belongs to."""
    return all(may(s, by, "manage_people", unit_id) for unit_id in units_of(person))


def units_of(person: Person) -> set[str | None]:
    """Where the person has a role; who belongs nowhere is the commune's."""
    units: set[str | None] = {each.unit_id for each in person.memberships}
    return units or {None}


def _require(s: Session, person: Person, by: Person, now_at: datetime, step: PersonStep) -> None:
    require_step(s, step, person, by, now_at=now_at)


def _require_second(s: Session, person: Person, by: Person, now_at: datetime) -> None:
    found = [each for each in person.memberships if each.awaiting_since_at is not None]
    if not found:
        raise Conflict("approver.nothing_waits")
    for each in found:
        require(s, by, "manage_people", each.unit_id)
        if by.id not in {one.id for one in approvers.seconds(s, person, each, now_at=now_at)}:
            raise NotAllowed("approver.second_administrator")


def _require_state(step: PersonStep, person: Person) -> None:
    disabled = person.disabled_at is not None
    if step is PersonStep.INVITE and disabled:
        raise Conflict("invitation.account_locked")
    if step is PersonStep.DISABLE and disabled:
        raise Conflict("person.locked_already")
    if step is PersonStep.ENABLE and not disabled:
        raise Conflict("person.not_locked")
    if step is PersonStep.SECOND_FACTOR_OFF and person.totp_secret is None:
        raise Conflict("second_factor.off_already")
