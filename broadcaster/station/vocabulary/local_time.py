"""Instants as people in Vietnam say them, for sentences. Pages convert by the station's own setting."""

from datetime import datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def spoken_time(at: datetime) -> str:
    """``17:05 ngày 21/11/2026``."""
    return f"{at.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}"
