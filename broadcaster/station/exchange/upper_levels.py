"""Whose offers are taken in; an administrator says so with a code from the level above."""

from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid, NotFound
from broadcaster.protocol.errors import Malformed
from broadcaster.protocol.exchange.messages import ExchangeCode, UpperIdentity
from broadcaster.station.alerts import sources
from broadcaster.station.audit import entries as audit
from broadcaster.station.exchange.steps import UpperLevelStep, require_level_step
from broadcaster.station.notices.sealing import Sealer
from broadcaster.station.people.roles import require
from broadcaster.station.rows import changes
from broadcaster.station.schema import AlertSource, Person, UpperLevel

MOST = 5


def add(s: Session, code: str, *, sealer: Sealer, by: Person, now_at: datetime) -> UpperLevel:
    """Take note of a code; the station itself then goes and trades it. Raises Invalid, Conflict or NotAllowed."""
    require(s, by, "manage_people", None)
    found = parsed(code)
    if len(listing(s)) >= MOST:
        raise Conflict("exchange.too_many", most=MOST)
    level = UpperLevel(
        url=found.url,
        name=urlsplit(found.url).hostname or "",
        code_sealed=sealer.seal(str(found)),
        added_at=now_at,
        added_by_id=by.id,
    )
    s.add(level)
    s.flush()
    s.refresh(level)
    _note(s, level, "added", by=by, now_at=now_at)
    return level


def parsed(code: str) -> ExchangeCode:
    """Raises Invalid."""
    try:
        return ExchangeCode.parse(code)
    except Malformed:
        raise Invalid("exchange.code_malformed", field="code") from None


def joined(
    s: Session, level: UpperLevel, identity: UpperIdentity, token: str, *, sealer: Sealer, now_at: datetime
) -> UpperLevel:
    """The code was worth a token: this level is asked from now on. One that is known goes on with the new token.

    Raises Conflict where its name is known with another key.
    """
    known = next((each for each in listing(s) if each.upper == identity.upper and each.id != level.id), None)
    if known is not None and known.key != identity.key:
        raise Conflict("exchange.other_key", name=known.name)
    if known is not None:
        level.closed_at, level.code_sealed = now_at, ""
    current = known or level
    current.upper, current.name, current.key = identity.upper, identity.name, identity.key
    current.url, current.authority_pem = level.url, identity.authority_pem
    current.token_sealed, current.code_sealed = sealer.seal(token), ""
    current.joined_at, current.trouble = now_at, None
    if current.source_id is None:
        current.source = sources.add_exchange(s, name=identity.name, by_id=level.added_by_id, now_at=now_at)
    s.flush()
    s.refresh(current)
    _note(s, current, "joined", by=None, now_at=now_at)
    return current


def close(s: Session, *, level: UpperLevel, by: Person, now_at: datetime) -> None:
    """Nothing is taken in from it any more, and what was allowed of it ends. Raises Conflict or NotAllowed."""
    require_level_step(s, UpperLevelStep.CLOSE, level, by)
    level.closed_at, level.code_sealed, level.token_sealed = now_at, "", ""
    if level.source is not None and level.source.closed_at is None:
        sources.close(s, source=level.source, by=by, now_at=now_at)
    _note(s, level, "closed", by=by, now_at=now_at)


def settle_return(s: Session, *, level: UpperLevel, by: Person, now_at: datetime) -> None:
    """Somebody has seen that it was restored from an older copy."""
    require_level_step(s, UpperLevelStep.SEEN, level, by)
    level.went_back_at = None
    _note(s, level, "return_seen", by=by, now_at=now_at)


def get(s: Session, level_id: str) -> UpperLevel:
    """Raises NotFound."""
    level = s.get(UpperLevel, level_id)
    if level is None:
        raise NotFound("exchange.not_found")
    return level


def source_of(s: Session, level_id: str) -> AlertSource:
    """What may be allowed of it beforehand. Raises NotFound before it has joined."""
    source = get(s, level_id).source
    if source is None:
        raise NotFound("exchange.not_found")
    return source


def listing(s: Session) -> list[UpperLevel]:
    """Those that were not closed, joined or about to, in the order they were added."""
    chosen = select(UpperLevel).where(UpperLevel.closed_at.is_(None))
    return list(s.scalars(chosen.order_by(UpperLevel.added_at, UpperLevel.id)).unique())


def locked(s: Session, level: UpperLevel) -> UpperLevel:
    """One process at a time takes in what it says and numbers what is reported to it."""
    s.execute(select(UpperLevel.id).where(UpperLevel.id == level.id).with_for_update())
    s.refresh(level)
    return level


def _note(s: Session, level: UpperLevel, action: str, *, by: Person | None, now_at: datetime) -> None:
    details = {"name": level.name, "url": level.url}
    subject = f"upper-level:{level.id}"
    audit.record(s, by=by, action=f"upper_level.{action}", subject=subject, now_at=now_at, details=details)
    changes.bump(s, "announcements")
