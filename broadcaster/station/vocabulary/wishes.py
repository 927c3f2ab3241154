"""When an announcement shall be broadcast, as its officer asks together with the approval."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any


class WishKind(StrEnum):
    """NOW: as soon as it is approved; AT: at one instant; SLOT: in a slot, over a range of days."""

    NOW = "now"
    AT = "at"
    SLOT = "slot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is sealed with the text and carried out by its approval.

    at: of the kind AT.
    slot_id: of the kind SLOT; ``times`` are its local times as the officer saw them, such as ``17:00``.
    first_on, last_on: local dates in the slot, both included; no last one is "until taken out".
    weekdays: only on these, 0 is Monday; none is every day the slot has.
    """

    kind: WishKind
    at: datetime | None = None
    slot_id: str | None = None
    times: tuple[str, ...] = ()
    first_on: date | None = None
    last_on: date | None = None
    weekdays: tuple[int, ...] = ()

    @property
    def once(self) -> bool:
        """Whether it is one single day of a slot."""
        return self.kind is WishKind.SLOT and self.first_on is not None and self.first_on == self.last_on


def plain(wish: Wish | None) -> dict[str, Any] | None:
    """The wish in values that JSON knows, without what is not said; None for none."""
    if wish is None:
        return None
    said = {
        "kind": str(wish.kind),
        "at": wish.at.astimezone(UTC).isoformat() if wish.at else None,
        "slot_id": wish.slot_id,
        "times": list(wish.times),
        "first_on": wish.first_on.isoformat() if wish.first_on else None,
        "last_on": wish.last_on.isoformat() if wish.last_on else None,
        "weekdays": list(wish.weekdays),
    }
    return {name: value for name, value in said.items() if value}


def read(said: Mapping[str, Any]) -> Wish:
    """The wish that ``plain`` wrote."""
    return Wish(
        kind=WishKind(said["kind"]),
        at=datetime.fromisoformat(said["at"]) if "at" in said else None,
        slot_id=said.get("slot_id"),
        times=tuple(said.get("times", ())),
        first_on=date.fromisoformat(said["first_on"]) if "first_on" in said else None,
        last_on=date.fromisoformat(said["last_on"]) if "last_on" in said else None,
        weekdays=tuple(said.get("weekdays", ())),
    )
