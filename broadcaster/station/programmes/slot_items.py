"""The order of what is in a slot: a higher class always goes first; within one class the officer decides."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from broadcaster.errors import Invalid
from broadcaster.station.audit import entries as audit
from broadcaster.station.programmes import slots
from broadcaster.station.programmes.steps import SlotStep, require_step
from broadcaster.station.rows import changes
from broadcaster.station.schema import Person, Slot


def reorder(s: Session, *, slot: Slot, item_ids: Sequence[str], by: Person, now_at: datetime) -> None:
    """Put everything in the slot into this order. Raises Invalid unless each item is named exactly once."""
    require_step(s, SlotStep.FILL, slot, by)
    there = {item.id: item for item in slots.items(s, slot)}
    if sorted(item_ids) != sorted(there):
        raise Invalid("slot.order_incomplete", field="items")
    for position, item_id in enumerate(item_ids, start=1):
        there[item_id].position = position
    details = {"name": slot.name, "items": list(item_ids)}
    audit.record(s, by=by, action="slot.reordered", subject=f"slot:{slot.id}", now_at=now_at, details=details)
    changes.bump(s, "slots")
