"""Whether an announcement may be heard at a time: neither silence, nor quiet hours, nor the end of its validity."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from broadcaster.errors import Conflict
from broadcaster.station.broadcasts import parts
from broadcaster.station.broadcasts.freezing import content_of
from broadcaster.station.clips import clips
from broadcaster.station.rules import quiet_hours, stop_all
from broadcaster.station.schema import Announcement, Broadcast
from broadcaster.station.units.units import nodes_of


def check_may_sound(s: Session, announcement: Announcement, begin_at: datetime) -> None:
    """Raises Conflict when a stop-all, the quiet hours or the end of its validity forbids it, or its sound is gone;
    asks no approval."""
    if stop_all.in_force(s) is not None:
        raise Conflict("broadcast.stopped")
    if clips.gone(s, content_of(announcement).clips.values()):
        raise Conflict("broadcast.sound_gone", title=announcement.title)
    sounding = parts.of(s, content_of(announcement).clips, nodes_of(s, announcement.zones))
    end_at = begin_at + timedelta(milliseconds=sounding.duration_ms)
    hours = quiet_hours.hushed(s, announcement.broadcast_class, begin_at, end_at, drill=announcement.drill)
    if hours is not None:
        raise Conflict("broadcast.quiet_hours", hours=hours)
    if announcement.valid_until_at is not None and end_at > announcement.valid_until_at:
        raise Conflict("broadcast.announcement_expired", field="valid_until_at")


def check_recording_may_sound(s: Session, broadcast: Broadcast, sha256: str | None, begin_at: datetime) -> None:
    """The same of what was sent live and is played again."""
    if stop_all.in_force(s) is not None:
        raise Conflict("broadcast.stopped")
    if sha256 is None or clips.gone(s, [sha256]):
        raise Conflict("broadcast.sound_gone", title=broadcast.title)
    end_at = begin_at + timedelta(milliseconds=broadcast.duration_ms)
    hours = quiet_hours.hushed(s, broadcast.broadcast_class, begin_at, end_at, drill=broadcast.drill)
    if hours is not None:
        raise Conflict("broadcast.quiet_hours", hours=hours)
