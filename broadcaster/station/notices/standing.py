"""Whether a notice is still worth a message, as the tables are now."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from broadcaster.station.schema import Announcement, EmergencyOrder, Matter, Notice
from broadcaster.station.vocabulary.notices import NoticeKind
from broadcaster.station.vocabulary.states import AnnouncementState

LONGEST = timedelta(hours=24)
"""What could not be sent for so long is sent no more."""
ALARM = timedelta(hours=2)
_ASKED_FOR = (NoticeKind.PAIRING, NoticeKind.TEST)
_OF_MATTERS = (NoticeKind.RELEASE_WAITS, NoticeKind.ROLE_WAITS)
CODES = timedelta(minutes=15)
"""A code, and a test, are waited for so long."""


def is_needed(s: Session, notice: Notice, *, now_at: datetime) -> bool:
    """Whether anybody should still be called because of it."""
    age = now_at - notice.made_at
    if notice.kind in _ASKED_FOR:
        return age <= CODES
    if notice.kind is NoticeKind.ALARM_ON_AIR:
        return age <= ALARM
    return age <= LONGEST and waits(s, notice, now_at=now_at)


def waits(s: Session, notice: Notice, *, now_at: datetime) -> bool:
    """Whether what it speaks of is as it was; of what waits for nobody, always."""
    _kind, _colon, name = notice.subject.partition(":")
    if notice.kind is NoticeKind.APPROVAL_WAITS:
        found = s.get(Announcement, name)
        pending = found is not None and found.state is AnnouncementState.PENDING_APPROVAL
        return pending and found is not None and found.content_hash == notice.seal
    if notice.kind is NoticeKind.SECOND_PERSON:
        order = s.get(EmergencyOrder, name)
        open_still = order is not None and order.broadcast_id is None and order.refused_at is None
        return open_still and order is not None and now_at < order.expires_at
    if notice.kind in _OF_MATTERS:
        matter = s.get(Matter, name)
        return matter is None or (matter.over_at is None and matter.dealt_at is None)
    return True
