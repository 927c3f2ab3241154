"""Whose warnings are taken in; an administrator says so, for the commune as a whole."""

import hashlib
import secrets
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.cap import signatures
from broadcaster.errors import Conflict, Invalid, NotFound
from broadcaster.station.alerts.steps import AlertSourceStep, require_source_step
from broadcaster.station.audit import entries as audit
from broadcaster.station.people import people
from broadcaster.station.people.roles import commune_id, require
from broadcaster.station.rows import changes
from broadcaster.station.schema import AlertAllowance, AlertSource, Person, new_id
from broadcaster.station.schema.alerts import CAP
from broadcaster.station.vocabulary.names import name_of, slug
from broadcaster.station.vocabulary.states import Role

MOST_SOURCES = 50


def add(
    s: Session, *, name: str, certificate: str, by: Person, now_at: datetime, url: str = ""
) -> tuple[AlertSource, str]:
    """A new source and the token a pusher shows, which is said only now.

    Raises Invalid, Conflict for too many, or NotAllowed.
    """
    require(s, by, "manage_people", None)
    if len(listing(s)) >= MOST_SOURCES:
        raise Conflict("alert.too_many_sources", most=MOST_SOURCES)
    label, token = name_of(name, field="name"), secrets.token_urlsafe(32)
    signatures.check_certificate(certificate)
    source = AlertSource(
        name=label,
        url=_check_url(url.strip()),
        certificate=certificate.strip() + "\n",
        token_hash=_hash(token),
        account_id=_account(s, label, now_at=now_at).id,
        created_at=now_at,
        created_by_id=by.id,
    )
    s.add(source)
    s.flush()
    s.refresh(source)
    _note(s, source, "added", by=by, now_at=now_at)
    return source, token


def add_exchange(s: Session, *, name: str, by_id: str, now_at: datetime) -> AlertSource:
    """In whose name a level above writes, and what is allowed of it; it sends no CAP and has no token here."""
    source = AlertSource(
        name=name[:120],
        certificate="",
        token_hash=_hash(secrets.token_urlsafe(32)),
        account_id=_account(s, name[:120], now_at=now_at).id,
        created_at=now_at,
        created_by_id=by_id,
        exchange=True,
    )
    s.add(source)
    s.flush()
    s.refresh(source)
    return source


def close(s: Session, *, source: AlertSource, by: Person, now_at: datetime) -> None:
    """Nothing is taken in from it any more, and what was allowed of it ends. Raises Conflict or NotAllowed."""
    require_source_step(s, AlertSourceStep.CLOSE, source, by)
    source.closed_at = now_at
    open_ones = select(AlertAllowance).where(AlertAllowance.source_id == source.id, AlertAllowance.ended_at.is_(None))
    for allowance in s.scalars(open_ones):
        allowance.ended_by_id, allowance.ended_at = by.id, now_at
    source.account.disabled_at = now_at
    _note(s, source, "closed", by=by, now_at=now_at)


def listing(s: Session) -> list[AlertSource]:
    """Those that are open and send messages, by name."""
    chosen = select(AlertSource).where(
        AlertSource.closed_at.is_(None), AlertSource.kind == CAP, AlertSource.exchange.is_(False)
    )
    return list(s.scalars(chosen.order_by(AlertSource.name)))


def own(s: Session, kind: str, *, name: str, now_at: datetime) -> AlertSource:
    """The one source of this kind of our own, in whose name orders are prepared; made when it is first asked for.

    Nobody may allow it anything: its orders always wait for people.
    """
    found = find_own(s, kind)
    if found is not None:
        return found
    account = _account(s, name, now_at=now_at)
    source = AlertSource(
        name=name,
        kind=kind,
        certificate="",
        token_hash=_hash(secrets.token_urlsafe(32)),
        account_id=account.id,
        created_at=now_at,
        created_by_id=account.id,
    )
    s.add(source)
    s.flush()
    s.refresh(source)
    return source


def find_own(s: Session, kind: str) -> AlertSource | None:
    """The one of this kind, if it was ever asked for."""
    return s.scalars(select(AlertSource).where(AlertSource.kind == kind, AlertSource.closed_at.is_(None))).first()


def get(s: Session, source_id: str) -> AlertSource:
    """Raises NotFound."""
    source = s.get(AlertSource, source_id)
    if source is None or source.kind != CAP:
        raise NotFound("alert.source_not_found")
    return source


def of_token(s: Session, token: str) -> AlertSource | None:
    """The open source that pushes with this token."""
    chosen = select(AlertSource).where(AlertSource.token_hash == _hash(token), AlertSource.closed_at.is_(None))
    return s.scalars(chosen).one_or_none()


def _account(s: Session, label: str, *, now_at: datetime) -> Person:
    """In whose name drafts are written: nobody knows its password, so nobody is it."""
    person, _ = people.add_person(
        s,
        username=f"canh-bao-{slug(label)[:30]}-{new_id()[:6]}",
        full_name=label,
        password=None,
        roles=[(commune_id(s) or "", Role.OFFICER.value)],
        by=None,
        now_at=now_at,
    )
    return person


def _check_url(url: str) -> str:
    """Empty, or an address of http or https. Raises Invalid."""
    if not url:
        return ""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or len(url) > 400:
        raise Invalid("alert.url_malformed", field="url")
    return url


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _note(s: Session, source: AlertSource, action: str, *, by: Person, now_at: datetime) -> None:
    details = {"name": source.name, "url": source.url}
    subject = f"alert-source:{source.id}"
    audit.record(s, by=by, action=f"alert_source.{action}", subject=subject, now_at=now_at, details=details)
    changes.bump(s, "announcements")
