"""Announcements from above keep whose they are, the number of their paper, and the class they were sent in."""

from dataclasses import replace

from broadcaster.errors import Invalid
from broadcaster.protocol.values import BroadcastClass
from broadcaster.refusals.reasons import word
from broadcaster.station.schema import Announcement, Person
from broadcaster.station.schema.announcement_fields import AnnouncementFields
from broadcaster.station.vocabulary.states import Origin

_RANK = [BroadcastClass.ROUTINE, BroadcastClass.PRIORITY, BroadcastClass.EMERGENCY]
LONGEST_NUMBER = 80
SIGNED = frozenset({Origin.PROVINCE, Origin.CENTRAL})
"""Only what came in signed through the exchange has these; no form and no program declares them."""


def check(draft: AnnouncementFields, before: Announcement | None) -> AnnouncementFields:
    """The draft with a tidy origin. Raises Invalid when it hides where it came from or lowers its class silently."""
    if draft.origin not in set(Origin):
        raise Invalid("announcement.origin_unknown", field="origin")
    if before is not None and before.origin is not Origin.COMMUNE and draft.origin == Origin.COMMUNE:
        raise Invalid("announcement.origin_from_above", field="origin")
    if draft.origin == Origin.COMMUNE:
        return replace(draft, document_number=None, class_reason=None)
    number = _line(draft.document_number, LONGEST_NUMBER)
    reason = _line(draft.class_reason, 400)
    if not _is_lowered(before, draft):
        return replace(draft, document_number=number, class_reason=None)
    if reason is None:
        sent = word("class", before.sent_class if before else "")
        raise Invalid("announcement.class_lowered", field="class_reason", sent=sent)
    return replace(draft, document_number=number, class_reason=reason)


def require_typed(origin: str, before: Announcement | None) -> None:
    """What somebody may say of an announcement by typing: the commune's own, or copied from paper; one that arrived
    keeps what it arrived with. Raises Invalid."""
    arrived = before is not None and before.origin == origin
    if origin in SIGNED and not arrived:
        raise Invalid("announcement.origin_by_hand", field="origin")


def keep_sent_class(announcement: Announcement) -> None:
    """What is outside's keeps the class it came in, from the moment it is known to be outside's."""
    if announcement.origin is not Origin.COMMUNE and announcement.sent_class is None:
        announcement.sent_class = announcement.broadcast_class


def may_relay(announcement: Announcement, by: Person) -> bool:
    """Whether this person is the second: somebody else took in what arrived signed from above, with its number, and
    nobody has touched it since.

    What was copied from paper, and what was edited here, takes the ordinary way.
    """
    handled = {announcement.created_by_id, announcement.updated_by_id, *announcement.authors}
    arrived = announcement.origin in SIGNED and bool(announcement.document_number)
    return arrived and announcement.revision <= 1 and by.id not in handled


def _is_lowered(before: Announcement | None, draft: AnnouncementFields) -> bool:
    if before is None or before.sent_class is None:
        return False
    return _RANK.index(BroadcastClass(draft.broadcast_class)) < _RANK.index(before.sent_class)


def _line(text: str | None, longest: int) -> str | None:
    """One line of plain text, or None when there is none."""
    return " ".join((text or "").replace("\x00", "").split())[:longest] or None
