"""One offer comes in: checked, stored once, and made ready for people, or for what two people allowed beforehand."""

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Invalid
from broadcaster.protocol.errors import ProtocolError
from broadcaster.protocol.exchange.messages import OFFER_TYPE, UpperOffer, mark_of
from broadcaster.protocol.signing import open_message
from broadcaster.protocol.values import BroadcastClass
from broadcaster.refusals.reasons import Reason
from broadcaster.refusals.sentences import sentence
from broadcaster.station.alerts import proposals
from broadcaster.station.announcements import announcements
from broadcaster.station.exchange import reporting, upper_levels
from broadcaster.station.exchange.wording import fields_of_offer
from broadcaster.station.rows import changes
from broadcaster.station.schema import Announcement, ReceivedAlert, ReceivedOffer, UpperLevel
from broadcaster.station.vocabulary.states import AlertOutcome, AnnouncementState, OfferState

_UNSETTLED = (AnnouncementState.DRAFT, AnnouncementState.PENDING_APPROVAL, AnnouncementState.RETURNED)


def take(s: Session, *, level: UpperLevel, station: str, token: str, now_at: datetime) -> ReceivedOffer | None:
    """The offer in the token, in its place in the row; None for one that is here already. Nothing is taken in twice.

    Raises Invalid for what this level did not sign for this station, or what is older than what is here.
    """
    upper_levels.locked(s, level)
    offer = opened(level, station, token)
    if (known := _known(s, level, offer.item)) is not None:
        _advance(level, offer, token, now_at)
        reporting.note(s, level, reporting.Fact(known.item, "received", "received", known.received_at))
        return None
    if offer.number <= level.last_number:
        raise Invalid("exchange.out_of_order", number=offer.number)
    _advance(level, offer, token, now_at)
    row = _row(level, offer, token, now_at)
    s.add(row)
    s.flush()
    s.refresh(row)
    reporting.note(s, level, reporting.Fact(row.item, "received", "received", now_at))
    _follow(s, level, row, offer, now_at=now_at)
    changes.bump(s, "announcements")
    return row


def opened(level: UpperLevel, station: str, token: str) -> UpperOffer:
    """Raises Invalid."""
    try:
        offer = open_message(
            token.encode("ascii", "replace"), UpperOffer, key=bytes.fromhex(level.key), kind=OFFER_TYPE
        )
    except ProtocolError as error:
        raise Invalid("exchange.not_signed", cause=error) from None
    if (offer.upper, offer.commune) != (level.upper, station):
        raise Invalid("exchange.for_another", commune=offer.commune)
    return offer


def sound_arrived(s: Session, *, row: ReceivedOffer, now_at: datetime) -> None:
    """The whole file is here; an emergency that has no words waited for it."""
    row.sound_at = now_at
    if row.state is OfferState.WAITING and row.broadcast_class is BroadcastClass.EMERGENCY and row.alert_id is None:
        prepare(s, row, now_at=now_at)
    changes.bump(s, "announcements")


def prepare(s: Session, row: ReceivedOffer, *, now_at: datetime) -> None:
    """An emergency becomes what a warning of a trusted source is: an order that waits for people, unless two people
    allowed that this level's emergencies sound by themselves."""
    level = row.upper
    assert level.source is not None  # it has joined
    alert = ReceivedAlert(
        source_id=level.source.id,
        received_at=now_at,
        digest=hashlib.sha256(row.token.encode()).hexdigest(),
        document=row.token,
        identifier=row.item,
        sender=level.upper,
        sent_at=row.issued_at,
        message_type="Alert",
        drill=row.drill,
        title=row.title[:200],
        outcome=AlertOutcome.REFUSED,
        zones=[],
        expires_at=row.valid_until_at,
    )
    s.add(alert)
    s.flush()
    s.refresh(alert)
    proposals.prepare_written(s, alert, fields_of_offer(s, row), now_at=now_at)
    row.alert_id, row.announcement_id = alert.id, alert.announcement_id
    if alert.announcement_id is None:
        _refuse(s, row, alert.reason, now_at=now_at)
        return
    row.state = OfferState.PREPARED
    reporting.note(s, level, reporting.Fact(row.item, "prepared", "prepared", now_at))


def expire(s: Session, *, now_at: datetime) -> None:
    """What is over and nobody decided about is out of the way."""
    over = (ReceivedOffer.state == OfferState.WAITING, ReceivedOffer.valid_until_at <= now_at)
    for row in s.scalars(select(ReceivedOffer).where(*over).order_by(ReceivedOffer.number)):
        row.state = OfferState.EXPIRED
        reporting.note(s, row.upper, reporting.Fact(row.item, "expired", "expired", now_at))
    lapsed = select(ReceivedOffer).join(ReceivedAlert, ReceivedAlert.id == ReceivedOffer.alert_id)
    lapsed = lapsed.where(ReceivedOffer.state == OfferState.PREPARED, ReceivedAlert.outcome == AlertOutcome.EXPIRED)
    for row in s.scalars(lapsed):
        row.state = OfferState.EXPIRED
        reporting.note(s, row.upper, reporting.Fact(row.item, "expired", "expired", now_at))


def _known(s: Session, level: UpperLevel, item: str) -> ReceivedOffer | None:
    chosen = select(ReceivedOffer).where(ReceivedOffer.upper_id == level.id, ReceivedOffer.item == item)
    return s.scalars(chosen).one_or_none()


def _advance(level: UpperLevel, offer: UpperOffer, token: str, now_at: datetime) -> None:
    """Remember where the row goes on; a break in it is noted, and nothing of what comes is lost for it."""
    if offer.number <= level.last_number:
        return
    if offer.previous != level.last_mark:
        level.went_back_at = now_at
    level.last_number, level.last_mark = offer.number, mark_of(token.encode())


def _row(level: UpperLevel, offer: UpperOffer, token: str, now_at: datetime) -> ReceivedOffer:
    return ReceivedOffer(
        upper_id=level.id,
        item=offer.item,
        number=offer.number,
        token=token,
        received_at=now_at,
        issued_at=offer.issued_at,
        broadcast_class=offer.broadcast_class,
        drill=offer.drill,
        title=offer.title,
        text=offer.text,
        document_number=offer.document_number,
        recording_sha256=offer.sound.sha256 if offer.sound else None,
        sound_bytes=offer.sound.size_bytes if offer.sound else 0,
        sound_name=offer.sound.name if offer.sound else "",
        wished_at=offer.wished_at,
        valid_until_at=offer.valid_until_at,
        state=OfferState.WAITING,
    )


def _follow(s: Session, level: UpperLevel, row: ReceivedOffer, offer: UpperOffer, *, now_at: datetime) -> None:
    if offer.withdraws:
        row.state = OfferState.WITHDRAWN  # it says nothing itself
        if (earlier := _known(s, level, offer.withdraws)) is not None:
            _withdraw(s, level, earlier, now_at=now_at)
    elif row.valid_until_at is not None and row.valid_until_at <= now_at:
        row.state = OfferState.EXPIRED
        reporting.note(s, level, reporting.Fact(row.item, "expired", "expired", now_at))
    elif row.broadcast_class is BroadcastClass.EMERGENCY and row.text.strip():
        prepare(s, row, now_at=now_at)


def _withdraw(s: Session, level: UpperLevel, row: ReceivedOffer, *, now_at: datetime) -> None:
    """What was not broadcast yet is put away; what the commune approved is the commune's to stop."""
    alert = s.get(ReceivedAlert, row.alert_id) if row.alert_id else None
    if alert is not None:
        proposals.withdraw_replaced(s, [alert], now_at=now_at)
    announcement = s.get(Announcement, row.announcement_id) if row.announcement_id else None
    if announcement is not None and announcement.state in _UNSETTLED and level.source is not None:
        announcements.withdraw(s, announcement=announcement, by=level.source.account, now_at=now_at)
    row.state = OfferState.WITHDRAWN
    reporting.note(s, level, reporting.Fact(row.item, "withdrawn", "withdrawn", now_at))


def _refuse(s: Session, row: ReceivedOffer, reason: Reason | None, *, now_at: datetime) -> None:
    row.state, row.words = OfferState.REFUSED, sentence(reason)[:400] if reason else ""
    fact = reporting.Fact(row.item, "refused", "refused", now_at, {"words": row.words})
    reporting.note(s, row.upper, fact)
