"""Orders that cannot wait. They take the same path as every broadcast, only nothing is in front of them."""

from datetime import datetime

from sqlalchemy.orm import Session

from broadcaster.errors import Invalid
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station import broadcasts, stop_all
from broadcaster.station.airing import STANDARD, Timing
from broadcaster.station.schema import Announcement, Broadcast, Person, StopAll


def sound(
    s: Session,
    *,
    announcement: Announcement,
    by: Person,
    now_at: datetime,
    key: str | None = None,
    timing: Timing = STANDARD,
) -> Broadcast:
    """Air an approved emergency announcement at once. Raises Invalid for any other class, else as ``broadcast_now``."""
    if announcement.broadcast_class is not BroadcastClass.EMERGENCY:
        raise Invalid("Bản tin này không thuộc loại khẩn cấp. Hãy dùng nút Phát ngay.", field="class")
    return broadcasts.broadcast_now(s, announcement=announcement, by=by, now_at=now_at, key=key, timing=timing)


def silence(s: Session, *, by: Person, reason: str, now_at: datetime) -> StopAll:
    """Every node falls silent and stays so until two people lift the order."""
    return stop_all.order(s, by=by, reason=reason, now_at=now_at)


def ask_to_lift(s: Session, *, by: Person, now_at: datetime, meant: StopAll | None = None) -> StopAll:
    """The first of the two; ``meant`` is the order this person saw."""
    return stop_all.ask_lift(s, by=by, now_at=now_at, meant=meant)


def lift(s: Session, *, by: Person, now_at: datetime, meant: StopAll | None = None) -> StopAll:
    """The second of the two; another person than the first."""
    return stop_all.lift(s, by=by, now_at=now_at, meant=meant)
