"""Communes of the province: each is let in by one code and known by a token of its own."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid, NotFound
from broadcaster.protocol.enrolment import readable
from broadcaster.protocol.exchange.messages import Joining
from broadcaster.station.audit import entries as audit
from broadcaster.station.people.roles import require
from broadcaster.station.province.steps import ProvinceCommuneStep, require_commune_step
from broadcaster.station.rows import changes
from broadcaster.station.schema import Person, ProvinceCommune
from broadcaster.station.vocabulary.names import name_of, slug, sort_key

CODE_LIFE = timedelta(days=7)
MOST = 500
_SECRET_BYTES = 10


def add(s: Session, *, name: str, station: str, by: Person, now_at: datetime) -> tuple[ProvinceCommune, str]:
    """A commune and the secret of its code, which is said only now. ``station``: id of its station; empty makes one of
    the name. Raises Invalid, Conflict or NotAllowed."""
    require(s, by, "manage_people", None)
    label = name_of(name, field="name")
    wanted = station.strip() or slug(label)
    if not wanted or slug(wanted) != wanted or len(wanted) > 48:
        raise Invalid("province.station_malformed", field="station")
    if s.get(ProvinceCommune, wanted) is not None:
        raise Conflict("province.commune_known", field="station", station=wanted)
    if len(listing(s)) >= MOST:
        raise Conflict("province.too_many_communes", most=MOST)
    commune = ProvinceCommune(id=wanted, name=label, added_at=now_at)
    s.add(commune)
    s.flush()
    _note(s, commune, "added", by=by, now_at=now_at)
    return commune, _code(commune, now_at)


def renew(s: Session, *, commune: ProvinceCommune, by: Person, now_at: datetime) -> str:
    """Another code, for a commune that lost what it had; until it is used the token of before is good."""
    require_commune_step(s, ProvinceCommuneStep.RENEW, commune, by)
    _note(s, commune, "code_renewed", by=by, now_at=now_at)
    return _code(commune, now_at)


def close(s: Session, *, commune: ProvinceCommune, by: Person, now_at: datetime) -> None:
    """It gets nothing any more and nothing of it is taken in; what it reported stays."""
    require_commune_step(s, ProvinceCommuneStep.CLOSE, commune, by)
    commune.closed_at, commune.token_hash, commune.code_hash = now_at, None, None
    _note(s, commune, "closed", by=by, now_at=now_at)


def join(s: Session, asked: Joining, *, now_at: datetime) -> str:
    """Trade the secret of a code, once, for a token. Raises NotFound for a secret that is worth nothing, and Conflict
    where another station came with the code than it was made for."""
    chosen = select(ProvinceCommune).where(ProvinceCommune.code_hash == _hash(asked.secret)).with_for_update()
    commune = s.scalars(chosen).one_or_none()
    if commune is None or commune.code_until_at is None or commune.code_until_at <= now_at:
        raise NotFound("province.code_unknown")
    if commune.id != asked.commune:
        raise Conflict("province.code_of_another", station=commune.id)
    token = secrets.token_urlsafe(32)
    commune.key, commune.token_hash, commune.joined_at = asked.key, _hash(token), now_at
    commune.code_hash = commune.code_until_at = None
    _note(s, commune, "joined", by=None, now_at=now_at)
    return token


def of_token(s: Session, token: str) -> ProvinceCommune | None:
    """The commune that shows this token."""
    return s.scalars(select(ProvinceCommune).where(ProvinceCommune.token_hash == _hash(token))).one_or_none()


def get(s: Session, commune_id: str) -> ProvinceCommune:
    """Raises NotFound."""
    commune = s.get(ProvinceCommune, commune_id)
    if commune is None:
        raise NotFound("province.commune_not_found")
    return commune


def listing(s: Session) -> list[ProvinceCommune]:
    """Those that were not closed, by name."""
    found = s.scalars(select(ProvinceCommune).where(ProvinceCommune.closed_at.is_(None)))
    return sorted(found, key=lambda each: sort_key(each.name))


def settle_return(s: Session, *, commune: ProvinceCommune, by: Person, now_at: datetime) -> None:
    """Somebody has seen that an old copy was restored here."""
    require_commune_step(s, ProvinceCommuneStep.SEEN, commune, by)
    commune.went_back_at = None
    _note(s, commune, "return_seen", by=by, now_at=now_at)


def _code(commune: ProvinceCommune, now_at: datetime) -> str:
    secret = readable(secrets.token_bytes(_SECRET_BYTES))
    commune.code_hash, commune.code_until_at = _hash(secret), now_at + CODE_LIFE
    return secret


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _note(s: Session, commune: ProvinceCommune, action: str, *, by: Person | None, now_at: datetime) -> None:
    details = {"name": commune.name}
    subject = f"province-commune:{commune.id}"
    audit.record(s, by=by, action=f"province_commune.{action}", subject=subject, now_at=now_at, details=details)
    changes.bump(s, "people")
