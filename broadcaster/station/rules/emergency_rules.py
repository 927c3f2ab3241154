"""The commune's choice of how an emergency is ordered."""

from datetime import datetime

from sqlalchemy.orm import Session

from broadcaster.errors import Invalid
from broadcaster.station.audit import entries as audit
from broadcaster.station.people.roles import require
from broadcaster.station.rows import settings
from broadcaster.station.schema import Person
from broadcaster.station.vocabulary.states import EmergencyMode

CONFIRM_MINUTES = 10


def mode(s: Session) -> EmergencyMode:
    """Setting ``emergency_mode``: two people unless the commune chose otherwise."""
    return EmergencyMode(settings.read(s, "emergency_mode", EmergencyMode.TWO_PEOPLE.value))


def confirm_minutes(s: Session) -> int:
    """Setting ``emergency_confirm_minutes``: how long an order waits for its second person."""
    return int(settings.read(s, "emergency_confirm_minutes", CONFIRM_MINUTES))


def choose(s: Session, *, chosen: str, minutes: int, by: Person, now_at: datetime) -> None:
    """Raises Invalid, or NotAllowed for anybody but an administrator."""
    require(s, by, "manage_people", None)
    if chosen not in (EmergencyMode.TWO_PEOPLE, EmergencyMode.DECLARED):
        raise Invalid("emergency.mode_unknown", field="mode")
    if not 1 <= minutes <= 120:
        raise Invalid("emergency.confirm_minutes_out_of_range", field="confirm_minutes")
    settings.write(s, "emergency_mode", chosen)
    settings.write(s, "emergency_confirm_minutes", minutes)
    details = {"mode": chosen, "confirm_minutes": minutes}
    audit.record(s, by=by, action="emergency.rules", subject="settings:emergency", now_at=now_at, details=details)
