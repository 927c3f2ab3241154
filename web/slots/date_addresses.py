"""The address of one date of a slot."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import url_for

from broadcaster.errors import Invalid, NotFound
from broadcaster.station.schema import Slot
from web.forms import parsing


def of(slot: Slot, start_at: datetime) -> str:
    """The page of this date."""
    at = start_at.astimezone(ZoneInfo(slot.timezone))
    return url_for("slot_dates.show", slot_id=slot.id, at=f"{at:%Y-%m-%dT%H:%M}")


def start_of(slot: Slot, at: str) -> datetime:
    """The instant named in an address. Raises NotFound."""
    try:
        start_at = parsing.moment(at, ZoneInfo(slot.timezone), field="at")
    except Invalid:
        start_at = None
    if start_at is None:
        raise NotFound("occurrence.address_malformed")
    return start_at
