"""What the slots relay, and the seal of what an approval is given to; ``choosing`` changes it.

Nobody has heard tomorrow's news of another station. What stands for its approval is the choice of the source, by an
administrator, and the approver's word on this slot: which addresses, when, how long, where (decision 0027).
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import NotFound
from broadcaster.station.relays import sources
from broadcaster.station.relays.costs import month_megabytes
from broadcaster.station.schema import Slot, SlotRelay
from broadcaster.station.vocabulary.states import RelayEnding, RelayWay


@dataclass(frozen=True, slots=True)
class SlotRelayed:
    """names: of the sources, in order; live: aired while it comes."""

    names: str
    live: bool


def of(s: Session, slot: Slot) -> SlotRelay:
    """Raises NotFound when the slot relays nothing."""
    relay = find(s, slot.id)
    if relay is None:
        raise NotFound("relay.none_in_slot")
    return relay


def find(s: Session, slot_id: str) -> SlotRelay | None:
    return s.get(SlotRelay, slot_id)


def is_approved(s: Session, relay: SlotRelay) -> bool:
    return relay.approved_seal is not None and relay.approved_seal == seal(s, relay)


def waiting_for_approval(s: Session) -> list[SlotRelay]:
    """Those of slots that stand, that nobody released as they are."""
    chosen = select(SlotRelay).join(Slot, Slot.id == SlotRelay.slot_id).where(Slot.removed_at.is_(None))
    found = s.scalars(chosen.order_by(SlotRelay.set_at, SlotRelay.slot_id)).unique()
    return [each for each in found if not is_approved(s, each)]


def authors(s: Session, relay: SlotRelay) -> frozenset[str]:
    """Everybody who chose any part of what will be heard."""
    wrote = {author for source in sources.of(s, relay.source_ids) for author in source.authors}
    return frozenset({relay.set_by_id, *wrote})


def cost(relay: SlotRelay, *, times_a_month: int) -> int:
    """Megabytes a node's link carries for it in thirty days."""
    return month_megabytes(minutes=relay.minutes, times=times_a_month, live=relay.way is RelayWay.LIVE)


def addresses(s: Session, relay: SlotRelay) -> list[str]:
    """All of them, in the order in which they are asked."""
    found = (address for source in sources.of(s, relay.source_ids) for address in source.addresses)
    return list(dict.fromkeys(found))


def names(s: Session, relay: SlotRelay) -> str:
    """Of its sources, in order."""
    return ", ".join(each.name for each in sources.of(s, relay.source_ids))


def title(s: Session, relay: SlotRelay) -> str:
    """What the broadcast is called."""
    live = "trực tiếp " if relay.way is RelayWay.LIVE else ""
    return f"Tiếp sóng {live}{names(s, relay)}"[:200]


def relayed(s: Session, slot_ids: Sequence[str]) -> dict[str, SlotRelayed]:
    """What each of these slots relays, by the slot's id, released or not."""
    chosen = select(SlotRelay).where(SlotRelay.slot_id.in_(slot_ids)).order_by(SlotRelay.slot_id)
    found = s.scalars(chosen).unique()
    return {each.slot_id: SlotRelayed(names(s, each), each.way is RelayWay.LIVE) for each in found}


_FEWER = frozenset({"except_on"})
"""Parts of a rule that only leave dates out."""


def seal(s: Session, relay: SlotRelay) -> str:
    """Of everything an approval is given to: sources, addresses, when, how long, how loud, where, which way."""
    slot = relay.slot
    facts: dict[str, object] = {
        "sources": [[each.id, each.name, list(each.addresses)] for each in sources.of(s, relay.source_ids)],
        "minutes": relay.minutes,
        "lead": relay.lead_minutes,
        "ending": RelayEnding(relay.ending).value,
        "volume": relay.volume_db,
        "zones": sorted(zone.id for zone in slot.zones),
        "when": {name: value for name, value in slot.rule.items() if name not in _FEWER},
    }
    if relay.way is RelayWay.LIVE:  # said of these alone: what was released before there were any stays released
        facts["way"] = relay.way.value
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
