"""Which gauges the commune has, and by what each is known."""

import hashlib
import math
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid, NotFound
from broadcaster.station.audit import entries as audit
from broadcaster.station.gauges.steps import GaugeStep, require_gauge_step
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes.credentials import hash_password, salted_sha256
from broadcaster.station.people.roles import require
from broadcaster.station.rows import changes
from broadcaster.station.schema import Gauge, GaugeRuleRow, Person
from broadcaster.station.units import units
from broadcaster.station.vocabulary.gauges import GaugeMeasure
from broadcaster.station.vocabulary.names import name_of, slug

MOST_GAUGES = 200
FARTHEST = 1e6
"""No gauge of water or rain says more than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GaugeWish:
    """What somebody says of a new gauge; each as in ``schema.Gauge``. node_id: empty when it sends by itself."""

    name: str
    unit_id: str
    measure: str
    physical_unit: str
    lowest: float
    highest: float
    node_id: str = ""
    silent_minutes: int = 60


def add(s: Session, wish: GaugeWish, *, by: Person, now_at: datetime) -> tuple[Gauge, str]:
    """A new gauge, and what it shows to be known by, which is said only now; empty when a node reads it.

    Raises Invalid, NotFound, Conflict for too many, or NotAllowed.
    """
    require(s, by, "manage_nodes", None)
    if len(listing(s)) >= MOST_GAUGES:
        raise Conflict("gauge.too_many", most=MOST_GAUGES)
    label = name_of(wish.name, field="name")
    _check(wish)
    gauge = Gauge(
        id=f"{slug(label)[:38].strip('-')}_{secrets.token_hex(4)}",
        name=label,
        unit_id=units.get(s, wish.unit_id).id,
        measure=GaugeMeasure(wish.measure),
        physical_unit=name_of(wish.physical_unit, field="physical_unit", longest=16),
        lowest=wish.lowest,
        highest=wish.highest,
        node_id=nodes.get(s, wish.node_id).id if wish.node_id else None,
        silent_minutes=wish.silent_minutes,
        created_at=now_at,
        created_by_id=by.id,
    )
    token = "" if gauge.node_id else _renewed(gauge)
    s.add(gauge)
    s.flush()
    s.refresh(gauge)
    _note(s, gauge, "added", by=by, now_at=now_at)
    return gauge, token


def renew_token(s: Session, *, gauge: Gauge, by: Person, now_at: datetime) -> str:
    """Another token; the one before counts no more. Raises Conflict or NotAllowed."""
    require_gauge_step(s, GaugeStep.RENEW, gauge, by)
    token = _renewed(gauge)
    _note(s, gauge, "token_renewed", by=by, now_at=now_at)
    return token


def close(s: Session, *, gauge: Gauge, by: Person, now_at: datetime) -> None:
    """Nothing is taken in from it any more, and its rules end. Raises Conflict or NotAllowed."""
    require_gauge_step(s, GaugeStep.CLOSE, gauge, by)
    gauge.closed_at, gauge.token_hash, gauge.password_hash, gauge.password_sha256 = now_at, None, None, None
    used = (GaugeRuleRow.gauge_id == gauge.id) | (GaugeRuleRow.partner_id == gauge.id)
    for rule in s.scalars(select(GaugeRuleRow).where(used, GaugeRuleRow.closed_at.is_(None))):
        rule.closed_at = now_at
    _note(s, gauge, "closed", by=by, now_at=now_at)


def listing(s: Session) -> list[Gauge]:
    """Those in service, by name."""
    return list(s.scalars(select(Gauge).where(Gauge.closed_at.is_(None)).order_by(Gauge.name, Gauge.id)))


def get(s: Session, gauge_id: str) -> Gauge:
    """Raises NotFound."""
    gauge = s.get(Gauge, gauge_id)
    if gauge is None:
        raise NotFound("gauge.not_found", field="gauge")
    return gauge


def of_token(s: Session, token: str) -> Gauge | None:
    """The gauge in service that shows this."""
    chosen = select(Gauge).where(Gauge.token_hash == _hash(token), Gauge.closed_at.is_(None))
    return s.scalars(chosen).one_or_none()


def with_accounts(s: Session) -> list[Gauge]:
    """Those that come to the broker by themselves."""
    return [each for each in listing(s) if each.password_hash is not None]


def silent(s: Session, *, now_at: datetime) -> list[Gauge]:
    """Those that said nothing for longer than they may."""
    return [each for each in listing(s) if is_silent(each, now_at=now_at)]


def is_silent(gauge: Gauge, *, now_at: datetime) -> bool:
    """Whether it said nothing for longer than it may."""
    return now_at - (gauge.heard_at or gauge.created_at) > timedelta(minutes=gauge.silent_minutes)


def _check(wish: GaugeWish) -> None:
    if wish.measure not in list(GaugeMeasure):
        raise Invalid("gauge.measure_unknown", field="measure")
    sound = math.isfinite(wish.lowest) and math.isfinite(wish.highest)
    if not sound or not -FARTHEST <= wish.lowest < wish.highest <= FARTHEST:
        raise Invalid("gauge.range_wrong", field="highest")
    if not 2 <= wish.silent_minutes <= 1440:
        raise Invalid("gauge.silent_minutes_wrong", field="silent_minutes")


def _renewed(gauge: Gauge) -> str:
    token = secrets.token_urlsafe(32)
    gauge.token_hash = _hash(token)
    gauge.password_hash, gauge.password_sha256 = hash_password(token), salted_sha256(token)
    return token


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _note(s: Session, gauge: Gauge, action: str, *, by: Person, now_at: datetime) -> None:
    details = {"name": gauge.name, "unit": gauge.unit_id, "node": gauge.node_id}
    audit.record(s, by=by, action=f"gauge.{action}", subject=f"gauge:{gauge.id}", now_at=now_at, details=details)
    changes.bump(s, "nodes")
    changes.bump(s, "agendas")
