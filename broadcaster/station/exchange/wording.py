"""An offer as an announcement of the commune."""

from sqlalchemy.orm import Session

from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.people.roles import commune_id
from broadcaster.station.schema import ReceivedOffer
from broadcaster.station.schema.announcement_fields import AnnouncementFields
from broadcaster.station.vocabulary.states import Origin

REPEATS = 2
"""Of an emergency, as of a warning."""


def fields_of_offer(s: Session, row: ReceivedOffer) -> AnnouncementFields:
    """For the whole commune; the time that was wished is for people to decide."""
    emergency = row.broadcast_class is BroadcastClass.EMERGENCY
    return AnnouncementFields(
        title=row.title[:200],
        text=row.text.strip() or row.title,
        zones=tuple(each for each in [commune_id(s)] if each),
        broadcast_class=row.broadcast_class,
        repeats=REPEATS if emergency else 1,
        valid_until_at=row.valid_until_at,
        recording_sha256=row.recording_sha256 if row.sound_at is not None else None,
        recording_name=(row.sound_name[:120] or "ghi âm") if row.sound_at is not None else None,
        origin=Origin.PROVINCE,
        document_number=row.document_number or row.item,
        drill=row.drill and emergency,
    )
