"""A slot that relays, in the commune of these tests."""

from datetime import timedelta

from sqlalchemy.orm import Session

from broadcaster.station.programmes import slots
from broadcaster.station.relays import choosing, slot_relays, sources
from broadcaster.station.relays.choosing import RelayChoice
from broadcaster.station.schema import Occurrence, RelaySource, Slot, SlotRelay
from tests.rig.commune import NOW, Commune

START = NOW + timedelta(hours=7)
"""17:00 in Vietnam."""
FIRST, SECOND = "http://phat.vov.vn/vov1.mp3", "https://du-phong.vn/vov1.m3u8"


def source(s: Session, commune: Commune, *written: str, name: str = "VOV1") -> RelaySource:
    return sources.add(s, name=name, written=written or (FIRST, SECOND), by=commune.administrator, now_at=NOW)


def slot(s: Session, **more: object) -> Slot:
    given = {"name": "Chiều", "rule": {"weekdays": list(range(7)), "times": ["17:00"]}, "zones": ["con-minh"], **more}
    return slots.add_slot(s, by=None, now_at=NOW, **given)  # type: ignore[arg-type]


def chosen(s: Session, commune: Commune, of: Slot, *source_ids: str, **more: object) -> SlotRelay:
    choice = RelayChoice(source_ids=source_ids, **{"minutes": 30, **more})  # type: ignore[arg-type]
    return choosing.choose(s, slot=of, choice=choice, times_a_month=30, by=commune.officer, now_at=NOW)


def approved(s: Session, commune: Commune, of: Slot) -> SlotRelay:
    relay = slot_relays.of(s, of)
    return choosing.approve(s, slot=of, seen=slot_relays.seal(s, relay), by=commune.approver, now_at=NOW)


def relayed(s: Session, commune: Commune, **more: object) -> Slot:
    """A slot that relays and was released."""
    made = slot(s)
    chosen(s, commune, made, source(s, commune).id, **more)
    approved(s, commune, made)
    return made


def date_of(s: Session, of: Slot) -> Occurrence:
    found = Occurrence(slot_id=of.id, start_at=START)
    s.add(found)
    s.flush()
    s.refresh(found)
    return found
