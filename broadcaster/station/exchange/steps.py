"""What a person may do with an offer of a level above, and with the level: the act asks it, page and API show it."""

from enum import StrEnum

from sqlalchemy.orm import Session

from broadcaster.errors import Conflict
from broadcaster.station.people.permitted import permitted
from broadcaster.station.people.roles import Permission, require
from broadcaster.station.schema import Person, ReceivedOffer, UpperLevel
from broadcaster.station.vocabulary.states import OfferState


class OfferStep(StrEnum):
    """TAKE: make a draft of the commune out of it; DECLINE: tell the level above that it is not broadcast here."""

    TAKE = "take"
    DECLINE = "decline"


class UpperLevelStep(StrEnum):
    """SEEN: it went back to an older copy, and that was read; CLOSE: take in nothing more of it."""

    SEEN = "seen"
    CLOSE = "close"


_ASKED = {UpperLevelStep.SEEN: Permission.EMERGENCY, UpperLevelStep.CLOSE: Permission.MANAGE_PEOPLE}


def offer_steps(s: Session, offer: ReceivedOffer, person: Person) -> frozenset[OfferStep]:
    """All that this person may do with the offer now."""
    return permitted(OfferStep, lambda step: require_offer_step(s, step, offer, person))


def require_offer_step(s: Session, step: OfferStep, offer: ReceivedOffer, person: Person) -> None:
    """Raises NotAllowed, or Conflict with what stands in the way."""
    require(s, person, Permission.WRITE, None)
    if offer.state is not OfferState.WAITING:
        raise Conflict("exchange.offer_settled")
    if step is OfferStep.TAKE and offer.recording_sha256 is not None and offer.sound_at is None:
        raise Conflict("exchange.sound_on_its_way")


def level_steps(s: Session, level: UpperLevel, person: Person) -> frozenset[UpperLevelStep]:
    """All that this person may do with the level now."""
    return permitted(UpperLevelStep, lambda step: require_level_step(s, step, level, person))


def require_level_step(s: Session, step: UpperLevelStep, level: UpperLevel, person: Person) -> None:
    """Raises NotAllowed, or Conflict with what stands in the way."""
    require(s, person, _ASKED[step], None)
    if level.closed_at is not None:
        raise Conflict("exchange.closed")
    if step is UpperLevelStep.SEEN and level.went_back_at is None:
        raise Conflict("exchange.return_seen")
