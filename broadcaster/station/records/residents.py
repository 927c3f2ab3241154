"""What the people of a place really heard: broadcasts that sounded there, as residents may read them again.

Nothing that was not broadcast, no exercise, and nothing withdrawn is ever told; only what the broadcast itself keeps is
used, so that an edit made later reaches nobody before it is approved and broadcast.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, lazyload

from broadcaster.errors import NotFound
from broadcaster.station.audit import entries as audit
from broadcaster.station.broadcasts.outcomes import HEARD
from broadcaster.station.people.roles import require
from broadcaster.station.rows import changes, settings
from broadcaster.station.schema import Announcement, Broadcast, BroadcastPart, Delivery, Node, Person, Unit
from broadcaster.station.vocabulary.pages import Page
from broadcaster.station.vocabulary.states import AnnouncementState, BroadcastState, UnitKind

LISTED = timedelta(days=14)
"""So long a broadcast is in the list."""
ADDRESS_LIVES = timedelta(days=90)
"""So long the address of one, shared among people, leads to it."""
SIZE = 10
MOST = 1_000
_SOUNDED = (BroadcastState.ON_AIR, BroadcastState.COMPLETED, BroadcastState.PARTIAL)
_TAKEN_BACK = (AnnouncementState.WITHDRAWN, AnnouncementState.REJECTED)


@dataclass(frozen=True, slots=True)
class HeardAnnouncement:
    """broadcast: the latest of its announcement; times: how often that content sounded in the listed days."""

    broadcast: Broadcast
    times: int = 1


def is_open(s: Session) -> bool:
    """Whether the commune shows residents this at all; setting ``public_page``, on until somebody switches it off."""
    return bool(settings.read(s, "public_page", True))


def switch(s: Session, *, on: bool, by: Person, now_at: datetime) -> None:
    """Open or close the residents' pages. Raises NotAllowed for anybody but an administrator."""
    require(s, by, "manage_people", None)
    settings.write(s, "public_page", on)
    changes.bump(s, "announcements")
    audit.record(s, by=by, action="public_page.set", subject="settings:public_page", now_at=now_at, details={"on": on})


def place(s: Session, unit_id: str) -> Unit:
    """The commune or hamlet of a page. Raises NotFound."""
    unit = s.get(Unit, unit_id)
    if unit is None:
        raise NotFound("hamlet.not_found")
    return unit


def commune(s: Session) -> Unit | None:
    """The commune whose station this is; the first by name where there are several."""
    return s.scalar(select(Unit).where(Unit.kind == UnitKind.COMMUNE).order_by(Unit.name).limit(1))


def listing(s: Session, unit: Unit | None, *, now_at: datetime, page: int = 1) -> Page[HeardAnnouncement]:
    """What sounded in a unit, or anywhere, in the last days; the latest first, each announcement as last said."""
    rows = select(Broadcast.id, Broadcast.announcement_id, Broadcast.content_hash).where(*public(s, unit))
    recent = rows.where(Broadcast.start_at > now_at - LISTED).order_by(Broadcast.start_at.desc(), Broadcast.id)
    latest: dict[str, tuple[str, str]] = {}
    times: dict[str, int] = {}
    for broadcast_id, announcement_id, content_hash in s.execute(recent.limit(MOST)):
        first, content = latest.setdefault(announcement_id or broadcast_id, (broadcast_id, content_hash))
        times[first] = times.get(first, 0) + (content == content_hash)
    shown = list(times)[(page - 1) * SIZE : page * SIZE]
    found = {each.id: each for each in s.scalars(_lean().where(Broadcast.id.in_(shown)))}
    items = [HeardAnnouncement(found[each], times[each]) for each in shown]
    return Page(items, len(times), page, SIZE)


def get(s: Session, broadcast_id: str, *, now_at: datetime) -> Broadcast:
    """One of them. Raises NotFound, also when it was taken back or is long ago."""
    mine = _lean().where(Broadcast.id == broadcast_id, Broadcast.start_at > now_at - ADDRESS_LIVES, *public(s, None))
    broadcast = s.scalar(mine)
    if broadcast is None:
        raise NotFound("announcement.no_longer_public")
    return broadcast


def newer(s: Session, broadcast: Broadcast) -> str | None:
    """The last broadcast of the same announcement, if it says something else: what this one said is old."""
    if broadcast.announcement_id is None:
        return None  # what was spoken live is said once
    mine = _lean().where(Broadcast.announcement_id == broadcast.announcement_id, *public(s, None))
    last = s.scalar(mine.order_by(Broadcast.start_at.desc()).limit(1))
    return last.id if last is not None and _said(last) != _said(broadcast) else None


def parts(s: Session, broadcast: Broadcast) -> list[BroadcastPart]:
    """The clips that sounded, in order, each in its language; of live sound the recording without the chime."""
    mine = select(BroadcastPart).where(BroadcastPart.broadcast_id == broadcast.id)
    if broadcast.live_session_id is not None:
        mine = mine.where(BroadcastPart.position > 0)
    return list(s.scalars(mine.order_by(BroadcastPart.position)))


def _said(broadcast: Broadcast) -> tuple[object, ...]:
    return broadcast.title, broadcast.text or broadcast.script, broadcast.levy


def _lean() -> Select[Broadcast]:
    bare = (lazyload(Broadcast.deliveries), lazyload(Broadcast.parts), lazyload(Broadcast.ordered_by))
    return select(Broadcast).options(*bare)


def public(s: Session, unit: Unit | None) -> Iterable[ColumnElement[bool]]:
    """What makes a broadcast one that residents may read: it sounded, there or anywhere, and was not taken back."""
    yield Broadcast.state.in_(_SOUNDED)
    yield Broadcast.drill.is_(False)
    alive = select(Announcement.id).where(Announcement.state.not_in(_TAKEN_BACK), Announcement.drill.is_(False))
    recorded = select(BroadcastPart.broadcast_id).where(BroadcastPart.position == 1)
    spoken = and_(Broadcast.live_session_id.is_not(None), Broadcast.id.in_(recorded))
    yield or_(Broadcast.announcement_id.in_(alive), spoken)
    heard = [Delivery.state.in_(HEARD)]
    if unit is not None:
        heard.append(Delivery.node_id.in_(select(Node.id).where(Node.unit_id.in_(with_all_below(s, unit)))))
    yield Broadcast.deliveries.any(and_(*heard))


def with_all_below(s: Session, unit: Unit) -> list[str]:
    """Ids of a unit and of every unit in it."""
    children: dict[str | None, list[str]] = {}
    for unit_id, parent_id in s.execute(select(Unit.id, Unit.parent_id)):
        children.setdefault(parent_id, []).append(unit_id)
    found = [unit.id]
    for each in found:
        found.extend(children.get(each, ()))
    return found
