"""The commune's own alarms as CAP messages: what sounded, what ended or corrected it, exercises as such."""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.cap.values import Alert, AlertInfo, Area, Circle, Point, Reference
from broadcaster.errors import NotFound
from broadcaster.station.emergencies import phrasebook, stories
from broadcaster.station.emergencies.stories import Story
from broadcaster.station.schema import Broadcast, EmergencyOrder
from broadcaster.station.units.units import find_zones, nodes_of

LOOK_BACK = timedelta(days=30)
HEARD_KM = 0.5
"""How far a horn is counted on to be heard."""
_CATEGORIES = {
    "storm": "Met",
    "flood": "Met",
    "landslide": "Geo",
    "fire": "Fire",
    "water": "Health",
    "epidemic": "Health",
}
_ENDS = (phrasebook.ALL_CLEAR, phrasebook.CORRECTION)


def recent(s: Session, *, now_at: datetime) -> list[EmergencyOrder]:
    """Orders of the last month that sounded, the newest first."""
    aired = (EmergencyOrder.broadcast_id.is_not(None), EmergencyOrder.asked_at > now_at - LOOK_BACK)
    return list(s.scalars(select(EmergencyOrder).where(*aired).order_by(EmergencyOrder.asked_at.desc())).unique())


def message(s: Session, order: EmergencyOrder, *, station: str, station_name: str, zone: tzinfo) -> Alert:
    """The message about one order; ``zone``: local time. Raises NotFound for one that did not sound."""
    if order.broadcast_id is None:
        raise NotFound("emergency.order_not_found")
    sounded, followed = stories.story(s, order), _followed(s, order)
    ends = order.announcement.phrase in _ENDS and followed is not None
    return Alert(
        identifier=f"{station}-{order.id}",
        sender=f"loa@{station}",
        sent_at=_sent_at(sounded).astimezone(zone),
        status="Exercise" if order.drill else "Actual",
        message_type="Cancel" if ends else "Update" if followed else "Alert",
        scope="Public",
        references=(_reference(s, followed, station, zone),) if followed else (),
        infos=(_info(s, order, sounded, station_name, zone),),
        note=order.announcement.title if order.drill else "",
    )


def _info(s: Session, order: EmergencyOrder, sounded: Story, station_name: str, zone: tzinfo) -> AlertInfo:
    first = sounded.rounds[0]
    clear = order.announcement.phrase == phrasebook.ALL_CLEAR
    return AlertInfo(
        language="vi-VN",
        categories=(_CATEGORIES.get(order.announcement.phrase or "", "Safety"),),
        event=first.title,
        response_types=("AllClear",) if clear else (),
        urgency="Past" if clear else "Immediate",
        severity="Minor" if clear else "Severe",
        certainty="Observed",
        expires_at=sounded.until_at.astimezone(zone),
        sender_name=station_name,
        headline=first.title,
        description=order.announcement.text,
        areas=tuple(_areas(s, order.zones)),
    )


def _areas(s: Session, zones: Sequence[str]) -> list[Area]:
    found = []
    for zone in find_zones(s, zones):
        places = [
            Circle(Point(node.latitude, node.longitude), HEARD_KM)
            for node in nodes_of(s, [zone])
            if node.latitude is not None and node.longitude is not None
        ]
        found.append(Area(zone.name, circles=tuple(places)))
    return found


def _sent_at(sounded: Story) -> datetime:
    return sounded.rounds[0].start_at.replace(microsecond=0)


def _followed(s: Session, order: EmergencyOrder) -> EmergencyOrder | None:
    """The order whose alarm this one corrects or ends."""
    if order.follows_id is None:
        return None
    broadcast = s.get_one(Broadcast, order.follows_id)
    root = broadcast.repeat_of_id or broadcast.id
    return s.scalars(select(EmergencyOrder).where(EmergencyOrder.broadcast_id == root)).unique().first()


def _reference(s: Session, order: EmergencyOrder, station: str, zone: tzinfo) -> Reference:
    sent_at = _sent_at(stories.story(s, order)).astimezone(zone)
    return Reference(f"loa@{station}", f"{station}-{order.id}", sent_at)
