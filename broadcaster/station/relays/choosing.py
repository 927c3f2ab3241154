"""Choosing what a slot relays, by whoever schedules it among an administrator's sources; releasing it; ending it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid
from broadcaster.station.audit import entries as audit
from broadcaster.station.relays import sources
from broadcaster.station.relays.costs import month_megabytes
from broadcaster.station.relays.slot_relays import addresses, of, seal
from broadcaster.station.relays.steps import RelayStep, require_step
from broadcaster.station.rows import changes, settings
from broadcaster.station.schema import Person, Slot, SlotRelay
from broadcaster.station.vocabulary.states import RelayEnding, RelayWay

MOST_SOURCES = 4
LEAST_MINUTES, MOST_MINUTES = 1, 60
READY_MINUTES = 5
"""From the end of the taking to the slot: the clip has to reach every node."""
MOST_LEAD_MINUTES = 720
LEAST_DB, MOST_DB = -12, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayChoice:
    """Each field as in ``schema.SlotRelay``; lead_minutes of None: as short as it can be. Aired while it comes it has
    none."""

    source_ids: Sequence[str]
    minutes: int
    lead_minutes: int | None = None
    ending: str = RelayEnding.FADE.value
    volume_db: int = 0
    way: str = RelayWay.RECORDED.value

    @property
    def is_live(self) -> bool:
        return self.way == RelayWay.LIVE.value

    @property
    def lead(self) -> int:
        if self.is_live:
            return 0
        return self.lead_minutes if self.lead_minutes is not None else self.minutes + READY_MINUTES


def choose(
    s: Session, *, slot: Slot, choice: RelayChoice, times_a_month: int, by: Person, now_at: datetime
) -> SlotRelay:
    """From now on the slot relays this, once an approver releases it; what was released before ends.

    ``times_a_month``: how often the slot comes in thirty days; a live relay that costs a node more than the commune's
    data of a month is recorded, then aired, where that fits. Raises Invalid, Conflict or NotAllowed.
    """
    require_step(s, RelayStep.CHOOSE, slot, by)
    _check(s, slot, choice)
    choice = within_budget(s, choice, times_a_month=times_a_month)
    relay = s.get(SlotRelay, slot.id)
    before = seal(s, relay) if relay is not None else None
    if relay is None:
        relay = SlotRelay(slot_id=slot.id)
        s.add(relay)
    relay.source_ids, relay.minutes, relay.lead_minutes = list(choice.source_ids), choice.minutes, choice.lead
    relay.way = RelayWay(choice.way)
    relay.ending, relay.volume_db = RelayEnding(choice.ending), choice.volume_db
    relay.set_by_id, relay.set_at = by.id, now_at
    s.flush()
    s.refresh(relay)
    if seal(s, relay) != before:
        relay.approved_seal = relay.approved_by_id = relay.approved_at = None
    _note(s, relay, "slot.relay_chosen", by=by, now_at=now_at)
    return relay


def remove(s: Session, *, slot: Slot, by: Person, now_at: datetime) -> None:
    """The slot relays nothing any more. Raises NotFound or NotAllowed."""
    require_step(s, RelayStep.REMOVE, slot, by)
    relay = of(s, slot)
    _note(s, relay, "slot.relay_removed", by=by, now_at=now_at)
    s.delete(relay)
    s.flush()


def approve(s: Session, *, slot: Slot, seen: str, by: Person, now_at: datetime) -> SlotRelay:
    """It is relayed from now on. ``seen``: the seal of what this person was shown.

    Raises NotAllowed for whoever chose it or wrote one of its addresses, Conflict when it is another by now or was
    released before.
    """
    require_step(s, RelayStep.APPROVE, slot, by)
    relay = of(s, slot)
    if seen != seal(s, relay):
        raise Conflict("relay.changed_since_seen", field="seal")
    relay.approved_seal, relay.approved_by_id, relay.approved_at = seen, by.id, now_at
    _note(s, relay, "slot.relay_approved", by=by, now_at=now_at)
    return relay


def _check(s: Session, slot: Slot, choice: RelayChoice) -> None:
    chosen = list(choice.source_ids)
    if not 1 <= len(chosen) <= MOST_SOURCES or len(set(chosen)) != len(chosen):
        raise Invalid("relay.sources_not_chosen", field="sources", most=MOST_SOURCES)
    if len(sources.of(s, chosen)) != len(chosen):
        raise Invalid("relay.source_not_found", field="sources")
    longest = min(MOST_MINUTES, slot.cap_minutes)
    if not LEAST_MINUTES <= choice.minutes <= longest:
        raise Invalid("relay.minutes_out_of_range", field="minutes", least=LEAST_MINUTES, most=longest)
    if choice.way not in set(RelayWay):
        raise Invalid("relay.way_unknown", field="way")
    least_lead = choice.minutes + READY_MINUTES
    if not choice.is_live and not least_lead <= choice.lead <= MOST_LEAD_MINUTES:
        raise Invalid("relay.lead_out_of_range", field="lead_minutes", least=least_lead, most=MOST_LEAD_MINUTES)
    if choice.ending not in set(RelayEnding):
        raise Invalid("relay.ending_unknown", field="ending")
    if not LEAST_DB <= choice.volume_db <= MOST_DB:
        raise Invalid("value.number_out_of_range", field="volume_db", least=LEAST_DB, most=MOST_DB)


def within_budget(s: Session, choice: RelayChoice, *, times_a_month: int) -> RelayChoice:
    """The choice as it keeps within a node's data of a month: recorded, where it was to be live and only that fits.

    Raises Invalid when neither way fits.
    """
    budget = settings.read(s, "monthly_megabytes", 0)
    recorded = replace(choice, way=RelayWay.RECORDED.value, lead_minutes=None)
    if not budget or _cost(choice, times_a_month) <= budget:
        return choice
    if choice.is_live and _cost(recorded, times_a_month) <= budget:
        return recorded
    raise Invalid("relay.over_budget", field="minutes", cost=_cost(choice, times_a_month), budget=budget)


def _cost(choice: RelayChoice, times_a_month: int) -> int:
    return month_megabytes(minutes=choice.minutes, times=times_a_month, live=choice.is_live)


def _note(s: Session, relay: SlotRelay, action: str, *, by: Person, now_at: datetime) -> None:
    details = {
        "name": relay.slot.name,
        "sources": [each.name for each in sources.of(s, relay.source_ids)],
        "addresses": addresses(s, relay),
        "minutes": relay.minutes,
        "way": relay.way.value,
        "seal": seal(s, relay),
    }
    audit.record(s, by=by, action=action, subject=f"slot:{relay.slot_id}", now_at=now_at, details=details)
    changes.bump(s, "slots")
