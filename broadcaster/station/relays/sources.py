"""Streams that may be relayed: an administrator writes their addresses, in the order in which they are asked."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid, NotFound
from broadcaster.refusals.reasons import Reason
from broadcaster.relays import addresses
from broadcaster.station.audit import entries as audit
from broadcaster.station.people.roles import require
from broadcaster.station.rows import changes
from broadcaster.station.schema import Person, RelaySource
from broadcaster.station.vocabulary.names import name_of

MOST_SOURCES, MOST_ADDRESSES = 50, 6


def add(s: Session, *, name: str, written: Sequence[str], by: Person, now_at: datetime) -> RelaySource:
    """A new source. Raises Invalid, Conflict or NotAllowed."""
    require(s, by, "manage_people", None)
    if len(listing(s)) >= MOST_SOURCES:
        raise Conflict("relay.too_many_sources", most=MOST_SOURCES)
    source = RelaySource(
        name=name_of(name, field="name"), addresses=_checked(written), authors=[by.id], added_at=now_at
    )
    s.add(source)
    s.flush()
    _note(s, source, "relay_source.added", by=by, now_at=now_at)
    return source


def edit(
    s: Session, *, source: RelaySource, name: str, written: Sequence[str], by: Person, now_at: datetime
) -> RelaySource:
    """Another name or other addresses void the approval of every slot that relays it.

    Raises Invalid, Conflict or NotAllowed.
    """
    require(s, by, "manage_people", None)
    _require_there(source)
    before = (source.name, source.addresses)
    source.name, checked = name_of(name, field="name"), _checked(written)
    if (source.name, checked) != before:
        source.authors = sorted({*source.authors, by.id})
    if checked != source.addresses:
        source.addresses, source.probed_at, source.trouble = checked, None, None
    _note(s, source, "relay_source.edited", by=by, now_at=now_at)
    return source


def remove(s: Session, *, source: RelaySource, by: Person, now_at: datetime) -> None:
    """No slot relays it any more. Raises Conflict or NotAllowed."""
    require(s, by, "manage_people", None)
    _require_there(source)
    source.removed_at = now_at
    _note(s, source, "relay_source.removed", by=by, now_at=now_at)


def get(s: Session, source_id: str) -> RelaySource:
    """Raises NotFound."""
    source = s.get(RelaySource, source_id)
    if source is None:
        raise NotFound("relay.source_not_found", field="source")
    return source


def listing(s: Session) -> list[RelaySource]:
    """Those that were not removed, by name."""
    chosen = select(RelaySource).where(RelaySource.removed_at.is_(None))
    return list(s.scalars(chosen.order_by(RelaySource.name, RelaySource.id)))


def of(s: Session, ids: Sequence[str]) -> list[RelaySource]:
    """Those of these that were not removed, in this order."""
    found = [s.get(RelaySource, each) for each in ids]
    return [each for each in found if each is not None and each.removed_at is None]


def note_probe(s: Session, *, source: RelaySource, trouble: Reason | None, now_at: datetime) -> None:
    """What came of trying it."""
    if source.trouble != trouble:
        changes.bump(s, "slots")
    source.probed_at, source.trouble = now_at, trouble


def _checked(written: Sequence[str]) -> list[str]:
    found = list(dict.fromkeys(each.strip() for each in written if each.strip()))
    if not found:
        raise Invalid("relay.no_address", field="addresses")
    if len(found) > MOST_ADDRESSES:
        raise Invalid("relay.too_many_addresses", field="addresses", most=MOST_ADDRESSES)
    return [addresses.checked(each) for each in found]


def _require_there(source: RelaySource) -> None:
    if source.removed_at is not None:
        raise Conflict("relay.source_removed")


def _note(s: Session, source: RelaySource, action: str, *, by: Person, now_at: datetime) -> None:
    details = {"name": source.name, "addresses": list(source.addresses)}
    audit.record(s, by=by, action=action, subject=f"relay_source:{source.id}", now_at=now_at, details=details)
    changes.bump(s, "slots")
