"""Where one delivery stands, and how a fact its node states moves it. Pure."""

from dataclasses import dataclass
from datetime import datetime

from broadcaster.protocol.receipts import Receipt
from broadcaster.protocol.values import DeliveryState
from broadcaster.refusals.reasons import Reason
from broadcaster.station.broadcasts.outcomes import HEARD, OVER
from broadcaster.station.nodes.reasons import of_receipt
from broadcaster.station.vocabulary.lifecycles import DELIVERY, can_move

DECIDED = (Reason("delivery.node_left_zone"), Reason("delivery.sounds_anew"))
"""Why the station itself took a delivery off; the node only confirms that."""
_STARTED = (DeliveryState.PLAYING,)


@dataclass(slots=True)
class DeliveryFacts:
    """Each field as in ``schema.Delivery``."""

    state: DeliveryState
    sequence: int
    started_at: datetime | None
    ended_at: datetime | None
    played_ms: int
    lost_ms: int
    reason: Reason | None
    heard: bool | None
    shown: bool = False

    def take(self, receipt: Receipt) -> bool:
        """Follow this fact; False when it changes nothing. Again, or in the wrong order, it ends the same."""
        later = receipt.sequence > self.sequence
        begun = receipt.state in _STARTED and (self.started_at is None or later)
        if begun:
            self.started_at = receipt.at
        seen = receipt.shown and not self.shown
        self.shown = self.shown or receipt.shown
        if not self._outranked_by(receipt):
            return begun or seen
        self._advance(receipt)
        return True

    def _outranked_by(self, receipt: Receipt) -> bool:
        """Whether the delivery follows this fact rather than the one it stands at.

        The end of a story outranks whatever came before it, and an end that was heard one that was not, whatever their
        numbers: a node that lost its memory may number anew from too low, and may state again how a story ended without
        knowing that some of it had sounded. Otherwise the higher number tells what happened later.
        """
        stated = self.state if self.ended_at else None  # an end without its instant is what the station assumed
        return (_weight(receipt.state), receipt.sequence) > (_weight(stated), self.sequence)

    def _advance(self, receipt: Receipt) -> None:
        self.sequence = receipt.sequence
        if self.state is not receipt.state and not can_move(DELIVERY, self.state, receipt.state):
            return
        if not (receipt.state is self.state is DeliveryState.CANCELLED and self.reason in DECIDED):
            self.reason = of_receipt(receipt)
        self.state = receipt.state
        self.played_ms = max(self.played_ms, receipt.played_ms)
        self.lost_ms = receipt.lost_ms
        self.heard = receipt.heard
        self.ended_at = receipt.at if receipt.state in OVER else None


def _weight(state: DeliveryState | None) -> int:
    if state not in OVER:
        return 0
    return 1 + (state in HEARD) + (state is DeliveryState.PLAYED)
