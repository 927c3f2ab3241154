"""One message of a source comes in, is written down with what becomes of it, and is prepared for people."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from broadcaster.cap import meaning, reading
from broadcaster.cap.places import Match, WarnedPlace, meant, name_forms
from broadcaster.cap.values import Alert, Area, Point
from broadcaster.errors import Conflict, Invalid
from broadcaster.refusals.reasons import Reason
from broadcaster.station.alerts import proposals
from broadcaster.station.rows import changes
from broadcaster.station.schema import AlertSource, Person, ReceivedAlert, Zone
from broadcaster.station.units import units
from broadcaster.station.vocabulary.states import AlertOutcome, UnitKind

AHEAD = timedelta(minutes=10)
"""A message from so far in the future was written by a clock nobody should follow."""
OLD = timedelta(hours=24)
"""A message without an end is over so long after it was sent."""
MOST_REFUSED = 200
"""Refused messages of one source that are remembered; older ones make room."""


def take(s: Session, *, source: AlertSource, document: bytes, now_at: datetime) -> ReceivedAlert:
    """What the message is, and what became of it. The same document again is the same message.

    Raises Conflict for a source that was closed.
    """
    if source.closed_at is not None or source.exchange:
        raise Conflict("alert.source_closed")
    s.execute(select(AlertSource.id).where(AlertSource.id == source.id).with_for_update())  # one station at a time
    digest = hashlib.sha256(document).hexdigest()
    known = s.scalars(select(ReceivedAlert).where(ReceivedAlert.source_id == source.id, ReceivedAlert.digest == digest))
    if (before := known.first()) is not None:
        return before
    row = ReceivedAlert(
        source_id=source.id,
        received_at=now_at,
        digest=digest,
        document=document[: reading.MOST_BYTES].decode("utf-8", "replace").replace("\x00", ""),
        outcome=AlertOutcome.REFUSED,
        zones=[],
    )
    try:
        alert = reading.read(document, certificate=source.certificate, now_at=now_at)
        _fill(row, alert)
        _check_new(s, row, alert, now_at)
    except Invalid as error:
        row.reason = error.reason
    else:
        row.outcome, row.reason = AlertOutcome.IGNORED, why_not(alert, now_at)
    s.add(row)
    s.flush()
    s.refresh(row)
    if row.outcome is AlertOutcome.IGNORED and row.reason is None:
        follow(s, row, alert, earlier=_earlier(s, row, alert), now_at=now_at)
    _make_room(s, source)
    changes.bump(s, "announcements")
    return row


def places(s: Session) -> list[WarnedPlace]:
    """The commune's units as alerts can mean them; a code is an old name with a digit in it."""
    everything = units.tree(s)
    above: dict[str, frozenset[str]] = {}
    for unit in everything:
        above[unit.id] = above.get(unit.parent_id or "", frozenset()) | ({unit.parent_id} if unit.parent_id else set())
    points: dict[str, list[Point]] = {}
    for node in units.nodes_of(s, units.zones(s)):
        if node.latitude is not None and node.longitude is not None:
            points.setdefault(node.unit_id, []).append(Point(node.latitude, node.longitude))
    return [
        WarnedPlace(
            id=unit.id,
            within=above[unit.id],
            names=frozenset().union(*(name_forms(each) for each in (unit.name, *unit.aliases))),
            codes=frozenset(each.casefold() for each in unit.aliases if any(map(str.isdigit, each))),
            points=tuple(points.get(unit.id, ())),
        )
        for unit in everything
    ]


def _fill(row: ReceivedAlert, alert: Alert) -> None:
    infos = meaning.infos_to_say(alert)
    row.identifier, row.sender, row.sent_at = alert.identifier, alert.sender, alert.sent_at
    row.message_type, row.drill = alert.message_type, meaning.is_drill(alert)
    row.title = meaning.title_of(infos[0]) if infos else (alert.note or alert.identifier)[:200]
    row.expires_at = meaning.expires_at(infos)


def _check_new(s: Session, row: ReceivedAlert, alert: Alert, now_at: datetime) -> None:
    """Raises Invalid for a name that another message has, and for one from the future."""
    same = select(ReceivedAlert).where(
        ReceivedAlert.source_id == row.source_id,
        ReceivedAlert.sender == alert.sender,
        ReceivedAlert.identifier == alert.identifier,
        ReceivedAlert.outcome != AlertOutcome.REFUSED,
    )
    if s.scalars(same).first() is not None:
        raise Invalid("alert.identifier_used", identifier=alert.identifier)
    if alert.sent_at > now_at + AHEAD:
        raise Invalid("alert.from_future", sent_at=alert.sent_at)


def why_not(alert: Alert, now_at: datetime) -> Reason | None:
    """Why nothing is made of a message that is in order."""
    if not meaning.is_meant_for_people(alert):
        return Reason("alert.not_for_people", status=alert.status, type=alert.message_type)
    infos = meaning.infos_to_say(alert)
    end_at = meaning.expires_at(infos) or alert.sent_at + OLD
    if end_at <= now_at:
        return Reason("alert.expired", expires_at=end_at)
    if infos and not meaning.is_all_clear(alert) and all(meaning.class_of(info) is None for info in infos):
        return Reason("alert.past")
    return None


def follow(
    s: Session,
    row: ReceivedAlert,
    alert: Alert,
    *,
    earlier: Sequence[ReceivedAlert],
    now_at: datetime,
    by: Person | None = None,
) -> None:
    """Prepare what the message asks for, or say why not. earlier: the messages it speaks about; by: see ``prepare``."""
    if meaning.is_all_clear(alert):
        proposals.propose_all_clear(s, row, alert, earlier, now_at=now_at, by=by)
        return
    zones, reason = zones_meant(s, [area for info in meaning.infos_to_say(alert) for area in info.areas])
    if zones:
        proposals.prepare(s, row, alert, zones=zones, earlier=earlier, now_at=now_at, by=by)
    else:
        row.reason = reason
        proposals.withdraw_replaced(s, earlier, now_at=now_at)


def _earlier(s: Session, row: ReceivedAlert, alert: Alert) -> list[ReceivedAlert]:
    """The messages it refers to that the same source sent; nobody speaks about another's."""
    found = []
    for reference in alert.references:
        chosen = select(ReceivedAlert).where(
            ReceivedAlert.source_id == row.source_id,
            ReceivedAlert.sender == reference.sender,
            ReceivedAlert.identifier == reference.identifier,
            ReceivedAlert.id != row.id,
            ReceivedAlert.outcome != AlertOutcome.REFUSED,
        )
        found += [each for each in s.scalars(chosen) if each.sent_at == reference.sent_at]
    return found


def zones_meant(s: Session, areas: Sequence[Area]) -> tuple[list[Zone], Reason | None]:
    """Where it holds here: hamlets or the whole commune."""
    match, found = meant(areas, places(s))
    if match is Match.ELSEWHERE:
        return [], Reason("alert.elsewhere")
    known = {zone.id: zone for zone in units.zones(s)}
    roots = [unit.id for unit in units.tree(s) if unit.kind is UnitKind.COMMUNE]
    chosen = roots if match is Match.UNSAID or set(roots) & set(found) else found
    zones = [known[each] for each in chosen if each in known]
    return zones, None if zones else Reason("alert.no_nodes")


def _make_room(s: Session, source: AlertSource) -> None:
    refused = (ReceivedAlert.source_id == source.id, ReceivedAlert.outcome == AlertOutcome.REFUSED)
    newest = select(ReceivedAlert.id).where(*refused).order_by(ReceivedAlert.received_at.desc(), ReceivedAlert.id)
    old = list(s.scalars(newest.offset(MOST_REFUSED)))
    if old:
        s.execute(delete(ReceivedAlert).where(ReceivedAlert.id.in_(old)))
