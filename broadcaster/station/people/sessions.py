"""Logged-in browsers. The cookie carries a random token; only its hash is stored."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from broadcaster.station.audit import entries as audit
from broadcaster.station.schema import LoginSession, Person

LIFETIME = timedelta(days=7)
"""A session ends after this, used or not."""
IDLE = timedelta(hours=12)
"""A session ends after this without use."""
SEEN_AGAIN = timedelta(minutes=1)
"""So old the word of when it was last used may be: looking at pages must not wait for a writer every time."""


def open_session(s: Session, *, person: Person, now_at: datetime, client: str) -> str:
    """Log the person in; the token for the cookie."""
    token = secrets.token_urlsafe(32)
    s.add(
        LoginSession(
            person_id=person.id,
            token_hash=_hash(token),
            created_at=now_at,
            seen_at=now_at,
            expires_at=now_at + LIFETIME,
            client=client[:200],
        )
    )
    audit.record(s, by=person, action="person.logged_in", subject=f"person:{person.username}", now_at=now_at)
    return token


def read_session(s: Session, token: str, *, now_at: datetime, idle: timedelta = IDLE) -> LoginSession | None:
    """The session with this token; None when nobody is logged in with it any more."""
    found = _find(s, token)
    if found is None or found.ended_at or now_at >= min(found.expires_at, found.seen_at + idle):
        return None
    if found.person.disabled_at is not None:
        return None
    return found


def touch_session(s: Session, token: str, *, now_at: datetime) -> None:
    """It is in use."""
    s.execute(update(LoginSession).where(LoginSession.token_hash == _hash(token)).values(seen_at=now_at))


def end_session(s: Session, token: str, *, now_at: datetime) -> None:
    """Log out. Ending what has ended changes nothing."""
    ended = update(LoginSession).where(LoginSession.token_hash == _hash(token), LoginSession.ended_at.is_(None))
    s.execute(ended.values(ended_at=now_at))


def _find(s: Session, token: str) -> LoginSession | None:
    return s.scalar(select(LoginSession).where(LoginSession.token_hash == _hash(token)))


def _hash(token: str) -> str:
    """The token is random and long, so a plain hash hides it; looking the hash up leaks nothing by its timing."""
    return hashlib.sha256(token.encode()).hexdigest()
