"""What an emergency order must be before it is written down, and before it sounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid, NotAllowed
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.announcements.steps import still_sealed
from broadcaster.station.broadcasts import parts
from broadcaster.station.broadcasts import repetitions as repeating
from broadcaster.station.broadcasts.freezing import content_of
from broadcaster.station.emergencies.phrasebook import ALL_CLEAR
from broadcaster.station.people.roles import may, require
from broadcaster.station.rules import stop_all
from broadcaster.station.schema import Announcement, Broadcast, EmergencyOrder, Node, Person, Zone
from broadcaster.station.units.units import find_zones, nodes_of, require_in
from broadcaster.station.vocabulary.states import AnnouncementState

LASTING_MINUTES = 120
"""How long an emergency is repeated when nobody said how long."""
LONGEST_MINUTES = 720
_DEAD = (AnnouncementState.REJECTED, AnnouncementState.WITHDRAWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyRequest:
    """What somebody orders.

    announcement: of the class emergency; need not be approved, as the second person's word releases it.
    drill: whether the person means an exercise.
    heard: content hash of what the person read and heard.
    zones: ids or names, where it shall sound if not in all zones of the announcement.
    reason: why.
    follows: the broadcast this corrects or, with an all-clear, ends.
    every_minutes: sound again so many minutes later, and so on; None for once.
    for_minutes: how long, if no all-clear comes before.
    interrupts: a drill cuts what sounds; else it waits for it.
    key: the caller's own id of the order.
    """

    announcement: Announcement
    drill: bool
    heard: str
    zones: tuple[str, ...] = ()
    reason: str = ""
    follows: Broadcast | None = None
    every_minutes: int | None = None
    for_minutes: int = LASTING_MINUTES
    interrupts: bool = False
    key: str | None = None


def check_wanted(s: Session, announcement: Announcement, wanted: EmergencyRequest) -> None:
    """Raises Invalid or Conflict with what is wrong."""
    if announcement.broadcast_class is not BroadcastClass.EMERGENCY:
        raise Invalid("emergency.not_emergency", field="announcement")
    require_same_meaning(announcement, wanted.drill)
    if announcement.state in _DEAD:
        raise Conflict("emergency.announcement_closed")
    if not still_sealed(announcement):
        raise Conflict("emergency.no_clip")
    require_heard(wanted.heard, announcement.content_hash)
    if stop_all.in_force(s) is not None:
        raise Conflict("broadcast.stopped")
    if wanted.follows is not None and wanted.follows.drill is not wanted.drill:
        raise Conflict("emergency.drill_and_real_mixed", field="follows")
    if wanted.follows is not None and wanted.follows.broadcast_class is not BroadcastClass.EMERGENCY:
        raise Conflict("emergency.follows_other", field="follows")
    if wanted.every_minutes is not None:
        rounds(s, announcement, every_minutes=wanted.every_minutes, for_minutes=wanted.for_minutes)


def require_may_ask(s: Session, announcement: Announcement, wanted: EmergencyRequest, person: Person) -> None:
    """Raises NotAllowed unless the person orders emergencies wherever this one shall sound, or ends another one."""
    require_in(s, zones_meant(s, announcement, wanted.zones), by=person, permission="emergency")
    if wanted.follows is not None:
        require_over(s, wanted.follows, by=person)


def rounds(s: Session, announcement: Announcement, *, every_minutes: int, for_minutes: int) -> int:
    """How often it sounds in all. Raises Invalid, or Conflict for what ends an alarm and so is said once."""
    if announcement.phrase == ALL_CLEAR:
        raise Conflict("emergency.all_clear_repeats", field="every_minutes")
    if not 1 <= every_minutes <= 120:
        raise Invalid("emergency.every_minutes_out_of_range", field="every_minutes")
    if not 1 <= for_minutes <= LONGEST_MINUTES:
        raise Invalid("emergency.for_minutes_out_of_range", field="for_minutes", most=LONGEST_MINUTES)
    sounding = parts.of(s, content_of(announcement).clips, nodes_of(s, announcement.zones)).duration_ms
    return repeating.check(
        every=timedelta(minutes=every_minutes),
        lasting=timedelta(minutes=for_minutes),
        sounding=timedelta(milliseconds=sounding),
    )


def require_same_meaning(announcement: Announcement, drill: bool) -> None:
    """The person and the text must mean the same: an exercise or the real thing."""
    if announcement.drill and not drill:
        raise Invalid("emergency.is_drill", field="drill")
    if drill and not announcement.drill:
        raise Invalid("emergency.is_real", field="drill")


def require_heard(heard: str, content_hash: str | None) -> None:
    """What the person heard must be what would sound. Raises Invalid without a hash, Conflict with another one."""
    if not heard:
        raise Invalid("emergency.hash_missing", field="content_hash")
    if heard != content_hash:
        raise Conflict("emergency.changed_since_heard", field="content_hash")


def require_waiting(order: EmergencyOrder, now_at: datetime) -> None:
    """Raises Conflict once it sounded, was refused, or waited too long."""
    if order.broadcast_id is not None:
        raise Conflict("emergency.order_carried_out")
    if order.refused_at is not None:
        raise Conflict("emergency.order_dropped")
    if now_at >= order.expires_at:
        raise Conflict("emergency.order_expired")


def require_releaser(s: Session, announcement: Announcement, order: EmergencyOrder, by: Person) -> None:
    """A text nobody approved sounds only if one of the two could have approved it."""
    if announcement.state is AnnouncementState.APPROVED:
        return
    zones = zones_of(s, order)
    if not any(_may_approve(s, each, zones) for each in (by, order.asked_by)):
        raise NotAllowed("emergency.not_approved")


def require_over(s: Session, followed: Broadcast, *, by: Person) -> None:
    """Raises NotAllowed unless ``by`` orders emergencies wherever the broadcast sounds that is ended or corrected."""
    for unit_id in {delivery.node.unit_id for delivery in followed.deliveries}:
        require(s, by, "emergency", unit_id)


def zones_meant(s: Session, announcement: Announcement, chosen: Sequence[str]) -> list[Zone]:
    """The chosen zones, or all of the announcement's. Raises Invalid for one that holds a node outside of those."""
    if not chosen:
        return list(announcement.zones)
    reached = {node.id for node in nodes_of(s, announcement.zones)}
    zones = find_zones(s, chosen)
    for zone in zones:
        if not {node.id for node in nodes_of(s, [zone])} <= reached:
            raise Invalid("emergency.zone_not_meant", field="zones", zone=zone.name)
    return zones


def zones_of(s: Session, order: EmergencyOrder) -> list[Zone]:
    """The zones an order was given for."""
    return find_zones(s, order.zones)


def nodes_meant(s: Session, order: EmergencyOrder) -> list[Node]:
    """Raises Conflict when there is no node left."""
    reached = {node.id for node in nodes_of(s, order.announcement.zones)}
    nodes = [node for node in nodes_of(s, zones_of(s, order)) if node.id in reached]
    if not nodes:
        raise Conflict("broadcast.no_nodes", field="zones")
    return nodes


def asked_before(s: Session, wanted: EmergencyRequest) -> EmergencyOrder | None:
    """The order already given with this key."""
    if wanted.key is None:
        return None
    if not 1 <= len(wanted.key) <= 120 or not wanted.key.isprintable():
        raise Invalid("emergency.key_malformed", field="key")
    found = s.scalars(select(EmergencyOrder).where(EmergencyOrder.requested_key == wanted.key)).unique().one_or_none()
    if found is not None and found.announcement_id != wanted.announcement.id:
        raise Conflict("broadcast.key_used", field="key")
    return found


def _may_approve(s: Session, person: Person, zones: Sequence[Zone]) -> bool:
    return all(may(s, person, "approve", zone.unit_id) for zone in zones)
