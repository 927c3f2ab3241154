"""Usernames, and telling whether a password belongs to one."""

from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from broadcaster.errors import Invalid, NotAllowed
from broadcaster.station.audit import entries as audit
from broadcaster.station.database.transactions import commit
from broadcaster.station.people import devices
from broadcaster.station.people.passwords import hash_password, random_password, verify_password
from broadcaster.station.schema import AuditEntry, KnownDevice, Person
from broadcaster.station.vocabulary.names import tidy

FREE_TRIES = 5
"""Wrong passwords before the login has to wait."""
LONGEST_WAIT = timedelta(minutes=15)
"""The one answer to every failed login: it tells a stranger nothing about which names exist."""

MOST_REFUSALS, REFUSALS_WITHIN = 100, timedelta(hours=1)
"""Tries of unknown names and closed accounts that are kept: a stranger must not fill the disk by them."""


def find(s: Session, username: str) -> Person | None:
    """The person of this username, however it was typed."""
    return s.scalar(select(Person).where(Person.username == _typed(username)))


def username_of(typed: str) -> str:
    """The username as it is stored. Raises Invalid."""
    name = _typed(typed)
    if not 3 <= len(name) <= 64 or not all(each.isalnum() or each in "._-" for each in name):
        raise Invalid("person.username_malformed", field="username")
    return name


def authenticate(s: Session, *, username: str, password: str, now_at: datetime, device: str | None = None) -> Person:
    """The person this password belongs to. Raises NotAllowed, always with the same sentence. ``device`` is the token of
    the browser's cookie, if it has one.

    A right password makes wrong codes of the second factor no less wrong: where a code is still owed, nothing is
    forgotten before it came. Ends the transaction it is given: the slow check of the password must not hold the
    database, and a failed try must be counted although the caller sees an exception.
    """
    person = find(s, username)
    counted = counted_on(s, person, device, now_at) if person else None
    commit(s)
    right = verify_password(password, person.password_hash if person else _nobodys_hash())
    if person is None or counted is None or person.disabled_at or waits(counted, now_at):
        _note_refused(s, person.username if person else _typed(username), now_at=now_at, known=person is not None)
        raise NotAllowed("sign_in.refused")
    if not right:
        count_failure(s, person, now_at, counted=counted)
        raise NotAllowed("sign_in.refused")
    if person.totp_secret is None:
        forget_failures(counted)
    return person


def counted_on(s: Session, person: Person, device: str | None, now_at: datetime) -> Person | KnownDevice:
    """What wrong proofs count on: the browser where it is known, else the account."""
    return devices.known(s, person=person, token=device, now_at=now_at) or person


def waits(counted: Person | KnownDevice, now_at: datetime) -> bool:
    """Whether no proof is tried before some time has passed."""
    return counted.locked_until_at is not None and now_at < counted.locked_until_at


def forget_failures(counted: Person | KnownDevice) -> None:
    """Every proof was right."""
    counted.failed_logins, counted.locked_until_at = 0, None


def count_failure(s: Session, person: Person, now_at: datetime, *, counted: Person | KnownDevice) -> None:
    """One more wrong proof; after a few the login has to wait. Ends the transaction, so that it counts."""
    kind = type(counted)
    this = update(kind).where(kind.id == counted.id)
    failed = s.scalar(this.values(failed_logins=kind.failed_logins + 1).returning(kind.failed_logins)) or 0
    if failed >= FREE_TRIES:
        wait = min(timedelta(seconds=2 ** min(failed - FREE_TRIES + 1, 20)), LONGEST_WAIT)
        s.execute(this.values(locked_until_at=now_at + wait))
    audit.record(s, by=None, action="person.login_failed", subject=f"person:{person.username}", now_at=now_at)
    commit(s)


def _note_refused(s: Session, name: str, *, now_at: datetime, known: bool) -> None:
    """Keep a try that could not succeed, of nobody's name or a closed account; so many in an hour, and the last says
    that there may be more. Ends the transaction."""
    action = "person.login_failed" if known else "person.login_unknown"
    since_at = now_at - REFUSALS_WITHIN
    chosen = select(func.count()).where(AuditEntry.action == action, AuditEntry.at > since_at)
    found = s.scalar(chosen) or 0
    if found < MOST_REFUSALS:
        details = {"more_not_recorded": True} if found == MOST_REFUSALS - 1 else {}
        subject = f"person:{name[:64]}"
        audit.record(s, by=None, action=action, subject=subject, now_at=now_at, details=details)
    commit(s)


@cache
def _nobodys_hash() -> str:
    """Checked when the username is unknown, so that the answer takes as long."""
    return hash_password(random_password())


def _typed(username: str) -> str:
    return tidy(username).lower()
