"""The commune's side of the exchange: who the levels above are, what they offered, what is reported to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broadcaster.protocol.values import BroadcastClass
from broadcaster.refusals.reasons import Reason
from broadcaster.station.schema.alerts import AlertSource
from broadcaster.station.schema.columns.base import Base, new_id, reason_or_none, word
from broadcaster.station.schema.people import Person
from broadcaster.station.vocabulary.states import OfferState


class UpperLevel(Base):
    """One level above, found by a code that somebody brought.

    upper, name, key, authority_pem: as in ``protocol.exchange.messages.UpperIdentity``; empty until its code was used.
    url: where its exchange is.
    code_sealed: the code while it is not used; token_sealed: what this commune shows there. Both are sealed with a key
        that is not in the database.
    source_id: in whose name drafts are written, and what two people allowed of it; as of a source of warnings.
    last_number, last_mark: of the newest offer that was taken in.
    asked_at: when it last answered; trouble: why it did not since.
    went_back_at: when it was seen to know less than before, as after an old backup; None when that was dealt with.
    """

    __tablename__ = "upper_levels"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    upper: Mapped[str] = mapped_column(String(48), default="")
    name: Mapped[str] = mapped_column(String(400), default="")
    key: Mapped[str] = mapped_column(String(64), default="")
    authority_pem: Mapped[str] = mapped_column(Text, default="")
    url: Mapped[str] = mapped_column(String(400))
    code_sealed: Mapped[str] = mapped_column(Text, default="")
    token_sealed: Mapped[str] = mapped_column(Text, default="")
    source_id: Mapped[str | None] = mapped_column(ForeignKey("alert_sources.id"))
    added_at: Mapped[datetime] = mapped_column()
    added_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    joined_at: Mapped[datetime | None] = mapped_column()
    closed_at: Mapped[datetime | None] = mapped_column()
    last_number: Mapped[int] = mapped_column(default=0)
    last_mark: Mapped[str] = mapped_column(String(64), default="")
    asked_at: Mapped[datetime | None] = mapped_column()
    trouble: Mapped[Reason | None] = reason_or_none()
    went_back_at: Mapped[datetime | None] = mapped_column()

    source: Mapped[AlertSource | None] = relationship(lazy="joined")


class ReceivedOffer(Base):
    """One announcement of a level above, and what this commune did with it.

    item, number, token: as signed.
    recording_sha256, sound_bytes, sound_name: of the sound that comes with it; None without one.
    sound_at: when the whole file was here.
    words: why it was declined or refused.
    settled_at, settled_by_id: when somebody took or declined it, and who.
    announcement_id: what was made of it; alert_id: of an emergency, the warning that was prepared.
    """

    __tablename__ = "received_offers"
    __table_args__ = (UniqueConstraint("upper_id", "item"), Index("ix_received_offers_state", "state"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    upper_id: Mapped[str] = mapped_column(ForeignKey("upper_levels.id"))
    item: Mapped[str] = mapped_column(String(64))
    number: Mapped[int] = mapped_column()
    token: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(index=True)
    issued_at: Mapped[datetime] = mapped_column()
    broadcast_class: Mapped[BroadcastClass] = mapped_column(word(BroadcastClass))
    drill: Mapped[bool] = mapped_column(default=False)
    title: Mapped[str] = mapped_column(String(400))
    text: Mapped[str] = mapped_column(Text)
    document_number: Mapped[str] = mapped_column(String(400), default="")
    recording_sha256: Mapped[str | None] = mapped_column(String(64))
    sound_bytes: Mapped[int] = mapped_column(default=0)
    sound_name: Mapped[str] = mapped_column(String(400), default="")
    sound_at: Mapped[datetime | None] = mapped_column()
    wished_at: Mapped[datetime | None] = mapped_column()
    valid_until_at: Mapped[datetime | None] = mapped_column()
    state: Mapped[OfferState] = mapped_column(word(OfferState))
    words: Mapped[str] = mapped_column(String(400), default="")
    settled_at: Mapped[datetime | None] = mapped_column()
    settled_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    announcement_id: Mapped[str | None] = mapped_column(ForeignKey("announcements.id"), index=True)
    alert_id: Mapped[str | None] = mapped_column(ForeignKey("received_alerts.id"))

    upper: Mapped[UpperLevel] = relationship(lazy="joined")
    settled_by: Mapped[Person | None] = relationship(lazy="joined")


class ExchangeReport(Base):
    """One fact for a level above: written once, sent until it is acknowledged.

    number: its place in what is reported to this level.
    fact: what makes it the same fact; body: the rest of ``protocol.exchange.messages.Report``.
    acknowledged_at: when the level above had it; None again when that one forgot it.
    """

    __tablename__ = "exchange_reports"
    __table_args__ = (
        UniqueConstraint("upper_id", "fact"),
        UniqueConstraint("upper_id", "number"),
        Index("ix_exchange_reports_waiting", "upper_id", "acknowledged_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    upper_id: Mapped[str] = mapped_column(ForeignKey("upper_levels.id"))
    number: Mapped[int] = mapped_column()
    fact: Mapped[str] = mapped_column(String(240))
    item: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column()
    body: Mapped[dict[str, Any]] = mapped_column()
    acknowledged_at: Mapped[datetime | None] = mapped_column()
