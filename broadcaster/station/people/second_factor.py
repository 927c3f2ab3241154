"""The second proof at login: codes of a telephone, and ten codes on paper for the day it is lost."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid, NotAllowed
from broadcaster.station.audit import entries as audit
from broadcaster.station.people import approvers, totp
from broadcaster.station.people.authentication import count_failure, counted_on, forget_failures, waits
from broadcaster.station.people.steps import PersonStep, require_step
from broadcaster.station.rows import changes, settings
from broadcaster.station.schema import Person, RecoveryCode
from broadcaster.station.vocabulary.states import Role

RECOVERY_CODES = 10
REQUIRED, OF_APPROVERS = "second_factor_required", "second_factor_approvers"
"""Settings: whether administrators, approvers must have it."""
_ASKED_OF = {Role.ADMINISTRATOR: REQUIRED, Role.APPROVER: OF_APPROVERS}
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def enable(s: Session, *, person: Person, secret: str, typed: str, now_at: datetime) -> list[str]:
    """Switch it on with the telephone's first code; the codes for paper, shown once. Raises Invalid(field="code")."""
    if person.totp_secret is not None:
        raise Conflict("second_factor.already_on")
    step = totp.matching_step(secret, typed, at=now_at, after_step=0)
    if step is None:
        raise Invalid("second_factor.wrong_code", field="code")
    person.totp_secret, person.totp_step = secret, step
    _note(s, person, "person.second_factor_on", by=person, now_at=now_at)
    return _fresh_codes(s, person)


def check(s: Session, *, person: Person, typed: str, now_at: datetime, device: str | None = None) -> None:
    """Whether this code is theirs; each is taken once. Raises NotAllowed, and failures are counted like passwords, on
    the same account or known browser, whatever password came before.

    Ends the transaction it is given when it refuses, so that the failure is counted.
    """
    counted = counted_on(s, person, device, now_at)
    if waits(counted, now_at):
        raise NotAllowed("second_factor.too_many_tries")
    step = totp.matching_step(person.totp_secret or "", typed, at=now_at, after_step=person.totp_step)
    if step is None or not _take_step(s, person, step):
        if not _take_recovery(s, person, typed, now_at):
            count_failure(s, person, now_at, counted=counted)
            raise NotAllowed("second_factor.wrong_code")
        _note(s, person, "person.recovery_code_used", by=person, now_at=now_at)
    forget_failures(counted)


def disable(s: Session, *, person: Person, by: Person | None, now_at: datetime) -> None:
    """Switch one's own off; None as ``by`` is the machine's own terminal."""
    person.totp_secret, person.totp_step = None, 0
    s.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    _note(s, person, "person.second_factor_off", by=by, now_at=now_at)


def disable_for(s: Session, *, person: Person, by: Person, now_at: datetime) -> None:
    """Switch off that of somebody who lost the telephone. Raises NotAllowed, Conflict for one's own."""
    require_step(s, PersonStep.SECOND_FACTOR_OFF, person, by, now_at=now_at)
    approvers.hold(s, person, by_id=by.id, now_at=now_at)
    disable(s, person=person, by=by, now_at=now_at)


def new_codes(s: Session, *, person: Person, now_at: datetime) -> list[str]:
    """Ten fresh codes for paper; the old ones work no more."""
    _note(s, person, "person.recovery_codes_made", by=person, now_at=now_at)
    return _fresh_codes(s, person)


def codes_left(s: Session, person: Person) -> int:
    """How many codes on paper still work."""
    mine = (RecoveryCode.person_id == person.id) & RecoveryCode.used_at.is_(None)
    return s.scalar(select(func.count()).select_from(RecoveryCode).where(mine)) or 0


def must_enrol(s: Session, person: Person) -> bool:
    """Somebody without it who has a role the commune asks it of."""
    if person.totp_secret is not None:
        return False
    asked = {_ASKED_OF[each.role] for each in person.memberships if each.role in _ASKED_OF}
    return any(settings.read(s, name, False) for name in sorted(asked))


def _take_step(s: Session, person: Person, step: int) -> bool:
    """Of two who type the same code at once, one gets in."""
    unused = (Person.id == person.id) & (Person.totp_step < step)
    taken = s.scalar(update(Person).where(unused).values(totp_step=step).returning(Person.id))
    return taken is not None


def _take_recovery(s: Session, person: Person, typed: str, now_at: datetime) -> bool:
    mine = (RecoveryCode.person_id == person.id) & (RecoveryCode.code_hash == _hash(typed))
    unused = update(RecoveryCode).where(mine, RecoveryCode.used_at.is_(None)).values(used_at=now_at)
    return s.scalar(unused.returning(RecoveryCode.id)) is not None


def _fresh_codes(s: Session, person: Person) -> list[str]:
    s.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    codes = ["-".join(_group() for _ in range(3)) for _ in range(RECOVERY_CODES)]
    s.add_all(RecoveryCode(person_id=person.id, code_hash=_hash(each)) for each in codes)
    return codes


def _group() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(4))


def _hash(typed: str) -> str:
    """Each code is 59 random bits and can be tried only a few times, so a plain hash hides it well enough."""
    return hashlib.sha256("".join(each for each in typed.lower() if each.isalnum()).encode()).hexdigest()


def _note(s: Session, person: Person, action: str, *, by: Person | None, now_at: datetime) -> None:
    audit.record(s, by=by, action=action, subject=f"person:{person.username}", now_at=now_at)
    changes.bump(s, "people")
