"""The ready text that answers an alarm: its all-clear, or the word that it was a mistake."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from broadcaster.errors import Conflict
from broadcaster.station.announcements.steps import still_sealed
from broadcaster.station.broadcasts import repetitions as repeating
from broadcaster.station.emergencies import phrasebook
from broadcaster.station.emergencies.guards import EmergencyRequest
from broadcaster.station.schema import Announcement, Broadcast, EmergencyOrder
from broadcaster.station.units.units import find_zones, nodes_of
from broadcaster.station.vocabulary.states import AnnouncementState


def soundings(s: Session, order: EmergencyOrder) -> list[Broadcast]:
    """Every sounding of the alarm, in order. Raises Conflict while the order has not sounded."""
    if order.broadcast_id is None:
        raise Conflict("emergency.no_story_yet")
    return repeating.row_of(s, s.get_one(Broadcast, order.broadcast_id))


def all_clear(s: Session, order: EmergencyOrder, *, key: str | None = None) -> EmergencyRequest:
    """The commune's own all-clear where this alarm sounded. Raises Conflict when none is ready.

    What was heard is what the approver heard, as only an approved text is taken.
    """
    followed, found = soundings(s, order)[0], ready(s, order, phrasebook.ALL_CLEAR, approved=True)
    if found is None:
        raise Conflict("emergency.no_drill_all_clear" if order.drill else "emergency.no_all_clear")
    return EmergencyRequest(
        announcement=found,
        drill=order.drill,
        heard=found.content_hash or "",
        zones=tuple(order.zones),
        reason=order.reason,
        follows=followed,
        key=key,
    )


def ready(s: Session, order: EmergencyOrder, phrase: str, *, approved: bool = False) -> Announcement | None:
    """The text of this kind that reaches every node the alarm was meant for."""
    return ready_text(s, order.zones, drill=order.drill, phrase=phrase, approved=approved)


def ready_text(s: Session, zones: Sequence[str], *, drill: bool, phrase: str, approved: bool) -> Announcement | None:
    """The text of this kind that reaches every node of these zones; the narrowest if there are several.

    ``approved``: only one that was released, and so is stored on those nodes.
    """
    meant = {node.id for node in nodes_of(s, find_zones(s, zones))}
    found = []
    for each in phrasebook.book(s):
        fit = still_sealed(each) and (each.state is AnnouncementState.APPROVED or not approved)
        if each.phrase == phrase and each.drill is drill and fit:
            reached = {node.id for node in nodes_of(s, each.zones)}
            if meant <= reached:
                found.append((len(reached), each))
    return min(found, key=lambda pair: pair[0])[1] if found else None
