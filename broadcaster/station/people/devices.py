"""Browsers a person is known by: signed in there once with every proof.

The cookie carries a random token; only its hash is stored. Wrong proofs from such a browser count on the browser, those
from anywhere else on the account.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from broadcaster.station.schema import KnownDevice, Person

LIFETIME = timedelta(days=365)
MOST = 20
"""Of one person; the oldest are forgotten."""


def remember(s: Session, *, person: Person, token: str | None, now_at: datetime) -> str:
    """Know this browser from now on, as that of one more person where several share it; the token for its cookie."""
    token = token or secrets.token_urlsafe(32)
    mine = (KnownDevice.person_id == person.id) & (KnownDevice.token_hash == _hash(token))
    s.execute(delete(KnownDevice).where(mine, KnownDevice.created_at <= now_at - LIFETIME))
    if known(s, person=person, token=token, now_at=now_at) is None:
        s.add(KnownDevice(person_id=person.id, token_hash=_hash(token), created_at=now_at))
        s.flush()
        _forget_oldest(s, person)
    return token


def known(s: Session, *, person: Person, token: str | None, now_at: datetime) -> KnownDevice | None:
    """The browser with this token, if it is one of this person's."""
    if not token:
        return None
    mine = (KnownDevice.person_id == person.id) & (KnownDevice.token_hash == _hash(token))
    return s.scalar(select(KnownDevice).where(mine, KnownDevice.created_at > now_at - LIFETIME))


def forget_all(s: Session, person: Person) -> None:
    """None is known any more."""
    s.execute(delete(KnownDevice).where(KnownDevice.person_id == person.id))


def _forget_oldest(s: Session, person: Person) -> None:
    mine = select(KnownDevice.id).where(KnownDevice.person_id == person.id)
    surplus = s.scalars(mine.order_by(KnownDevice.created_at.desc()).offset(MOST)).all()
    if surplus:
        s.execute(delete(KnownDevice).where(KnownDevice.id.in_(surplus)))


def _hash(token: str) -> str:
    """The token is random and long, so a plain hash hides it."""
    return hashlib.sha256(token.encode()).hexdigest()
