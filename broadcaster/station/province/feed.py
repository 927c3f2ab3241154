"""Each commune's row of offers: numbered from 1, every one naming the mark of the one before it.

By number and mark of the last offer a commune has, both sides see when this database was restored from an older copy:
what the commune has not reported yet then goes out again under numbers above whatever it has seen.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.protocol.exchange.messages import OFFER_TYPE, Mark, OfferSound, UpperOffer, mark_of
from broadcaster.protocol.signing import sign
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.rows import changes
from broadcaster.station.schema import ProvinceCommune, ProvinceItem, ProvinceOffer

AT_ONCE = 20
"""Offers in one answer."""


@dataclass(frozen=True, slots=True)
class FeedPage:
    """tokens: the next offers in order; head: the highest number there is; in_step: whether the commune's last offer is
    the one this database means, too."""

    tokens: list[str]
    head: int
    in_step: bool


def issue(
    s: Session, identity: StationIdentity, *, item: ProvinceItem, commune: ProvinceCommune, now_at: datetime
) -> ProvinceOffer | None:
    """The item at the end of the commune's row; None for a commune that was closed."""
    _lock(s, commune)
    if commune.closed_at is not None:
        return None
    offer = ProvinceOffer(item_id=item.id, commune_id=commune.id, issued_at=now_at)
    _put_last(identity, commune, offer, item)
    s.add(offer)
    changes.bump(s, "announcements")
    return offer


def page(s: Session, commune: ProvinceCommune, *, after: int, mark: Mark) -> FeedPage:
    """What comes after the last offer that the commune has."""
    chosen = select(ProvinceOffer).where(ProvinceOffer.commune_id == commune.id, ProvinceOffer.number > after)
    found = list(s.scalars(chosen.order_by(ProvinceOffer.number).limit(AT_ONCE)))
    in_step = found[0].previous == mark if found else (commune.head, commune.head_mark) == (after, mark)
    return FeedPage([each.token for each in found] if in_step else [], commune.head, in_step)


def mend(
    s: Session, identity: StationIdentity, *, commune: ProvinceCommune, after: int, mark: Mark, now_at: datetime
) -> None:
    """Go on behind what the commune has: what it did not report gets numbers above all that were ever used."""
    _lock(s, commune)
    if page(s, commune, after=after, mark=mark).in_step:
        return  # somebody else was quicker
    chosen = select(ProvinceOffer).where(
        ProvinceOffer.commune_id == commune.id, ProvinceOffer.received_at.is_(None) | (ProvinceOffer.number > after)
    )
    waiting = list(s.scalars(chosen.order_by(ProvinceOffer.number)))
    commune.head, commune.head_mark = max(commune.head, after), mark
    for offer in waiting:
        _put_last(identity, commune, offer, s.get_one(ProvinceItem, offer.item_id))
    commune.head = max(commune.head, after)
    commune.went_back_at = now_at
    changes.bump(s, "announcements")


def _put_last(identity: StationIdentity, commune: ProvinceCommune, offer: ProvinceOffer, item: ProvinceItem) -> None:
    offer.number, offer.previous = commune.head + 1, commune.head_mark
    token = sign(_message(identity, commune, offer, item), identity.seed, OFFER_TYPE)
    offer.token = token.decode()
    commune.head, commune.head_mark = offer.number, mark_of(token)


def _message(
    identity: StationIdentity, commune: ProvinceCommune, offer: ProvinceOffer, item: ProvinceItem
) -> UpperOffer:
    sound = (
        OfferSound(sha256=item.recording_sha256, size_bytes=item.sound_bytes, name=item.sound_name)
        if item.recording_sha256
        else None
    )
    return UpperOffer(
        upper=identity.station,
        commune=commune.id,
        number=offer.number,
        previous=offer.previous,
        item=item.id,
        issued_at=offer.issued_at,
        broadcast_class=item.broadcast_class,
        drill=item.drill,
        title=item.title,
        text=item.text,
        document_number=item.document_number,
        sound=sound,
        wished_at=item.wished_at,
        valid_until_at=item.valid_until_at,
        withdraws=item.withdraws_id or "",
    )


def _lock(s: Session, commune: ProvinceCommune) -> None:
    """Nobody else numbers this commune's offers meanwhile."""
    s.refresh(commune, with_for_update=True)
