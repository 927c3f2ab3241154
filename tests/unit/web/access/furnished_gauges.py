"""A gauge in the furnished commune, a rule that speaks, and what one person asked to allow of it."""

from sqlalchemy.orm import Session

from broadcaster.protocol.gauges.readings import Reading
from broadcaster.station.announcements import announcements
from broadcaster.station.gauges import allowances, allowing, gauges, readings, rules
from broadcaster.station.gauges.gauges import GaugeWish
from broadcaster.station.gauges.rules import RuleWish
from broadcaster.station.people import people
from broadcaster.station.schema import Person
from broadcaster.station.schema.announcement_fields import AnnouncementFields
from tests.unit.web.commune import MORNING, Commune


def furnish_gauges(commune: Commune, unit_id: str) -> dict[str, str]:
    """By what the variables of addresses are called."""
    written = AnnouncementFields(
        title="Nước dâng", text="Nước suối dâng cao.", zones=[unit_id], broadcast_class="emergency"
    )
    wish = GaugeWish(name="Suối", unit_id=unit_id, measure="water_level", physical_unit="m", lowest=0, highest=9)
    with commune.database.session() as s:
        words = announcements.create(s, written, by=_person(s, "canbo"), now_at=MORNING)
        gauge, _ = gauges.add(s, wish, by=_person(s, "quantri"), now_at=MORNING)
        readings.take(s, gauge, [Reading(at=MORNING, value=1.5)], now_at=MORNING)
        spoken = RuleWish(name="Báo động", does="speak", level=3, ends=2, announcement_id=words.id)
        rule = rules.add(s, gauge, spoken, by=_person(s, "canbo"), now_at=MORNING)
    commune.make_clips()
    with commune.database.session() as s:
        current = rules.get(s, rule.id)
        heard = allowances.seal(current)
        asked = allowing.ask(s, rule=current, heard=heard, by=_person(s, "chutich"), now_at=MORNING)
        return {"gauge_id": gauge.id, "rule_id": rule.id, "gauge_allowance_id": asked.id}


def _person(s: Session, username: str) -> Person:
    found = people.find(s, username)
    assert found is not None
    return found
