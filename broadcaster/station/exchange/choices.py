"""What the commune decides about an offer: to take it, as a draft that goes the way of all drafts, or not."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, select
from sqlalchemy.orm import Session, defer

from broadcaster.errors import Invalid, NotFound
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.announcements import announcements
from broadcaster.station.audit import entries as audit
from broadcaster.station.exchange import reporting
from broadcaster.station.exchange.steps import OfferStep, require_offer_step
from broadcaster.station.exchange.wording import fields_of_offer
from broadcaster.station.rows import changes
from broadcaster.station.schema import Announcement, Person, ReceivedOffer
from broadcaster.station.vocabulary.names import tidy
from broadcaster.station.vocabulary.states import OfferState


def take(s: Session, *, offer: ReceivedOffer, by: Person, now_at: datetime) -> Announcement:
    """A draft with the offer's words, class and origin. Raises Conflict, Invalid or NotAllowed."""
    current = _locked(s, offer)
    require_offer_step(s, OfferStep.TAKE, current, by)
    made = announcements.create(s, fields_of_offer(s, current), by=by, now_at=now_at)
    current.announcement_id = made.id
    _settle(s, current, OfferState.TAKEN, by=by, now_at=now_at)
    return made


def decline(s: Session, *, offer: ReceivedOffer, words: str, by: Person, now_at: datetime) -> None:
    """Not here, and why: the level above reads it. Raises Conflict, Invalid or NotAllowed."""
    current = _locked(s, offer)
    require_offer_step(s, OfferStep.DECLINE, current, by)
    reason = tidy(words)[:400]
    if not reason:
        raise Invalid("exchange.no_words", field="words")
    current.words = reason
    _settle(s, current, OfferState.DECLINED, by=by, now_at=now_at)


def get(s: Session, offer_id: str) -> ReceivedOffer:
    """Raises NotFound."""
    offer = s.get(ReceivedOffer, offer_id)
    if offer is None:
        raise NotFound("exchange.offer_not_found")
    return offer


def waiting(s: Session) -> list[ReceivedOffer]:
    """What the commune has to decide about: emergencies and priorities first, then the oldest first."""
    chosen = select(ReceivedOffer).where(ReceivedOffer.state == OfferState.WAITING)
    ranks = {BroadcastClass.EMERGENCY: 0, BroadcastClass.PRIORITY: 1}
    rank = case(*[(ReceivedOffer.broadcast_class == each, number) for each, number in ranks.items()], else_=2)
    return list(s.scalars(chosen.order_by(rank, ReceivedOffer.received_at, ReceivedOffer.id)))


def settled(s: Session, *, most: int = 30) -> Sequence[ReceivedOffer]:
    """What was decided or is over, the newest first; without what only takes another back."""
    chosen = select(ReceivedOffer).options(defer(ReceivedOffer.token), defer(ReceivedOffer.text))
    chosen = chosen.where(
        ReceivedOffer.state != OfferState.WAITING,
        (ReceivedOffer.text != "") | ReceivedOffer.recording_sha256.is_not(None),
    )
    return list(s.scalars(chosen.order_by(ReceivedOffer.received_at.desc(), ReceivedOffer.id).limit(most)))


def _locked(s: Session, offer: ReceivedOffer) -> ReceivedOffer:
    s.refresh(offer, with_for_update={"of": ReceivedOffer})
    return offer


def _settle(s: Session, offer: ReceivedOffer, state: OfferState, *, by: Person, now_at: datetime) -> None:
    offer.state, offer.settled_by_id, offer.settled_at = state, by.id, now_at
    fact = reporting.Fact(offer.item, str(state), str(state), now_at, {"words": offer.words} if offer.words else {})
    reporting.note(s, offer.upper, fact)
    details = {"title": offer.title, "class": str(offer.broadcast_class), "words": offer.words}
    audit.record(s, by=by, action=f"offer.{state}", subject=f"offer:{offer.id}", now_at=now_at, details=details)
    changes.bump(s, "announcements")
