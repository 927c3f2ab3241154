"""Warnings of others: where they come from, what was allowed beforehand, and what came in."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broadcaster.refusals.reasons import Reason
from broadcaster.station.schema.columns.base import Base, new_id, reason_or_none, word
from broadcaster.station.schema.people import Person
from broadcaster.station.vocabulary.states import AlertOutcome

CAP = "cap"
"""Kind of a source that sends messages."""


class AlertSource(Base):
    """Somebody whose CAP messages the commune takes in.

    url: of a feed that is asked every minute; empty when messages are pushed or carried in by hand.
    certificate: PEM; whoever must have signed each message. Never changed: another certificate is another source.
    token_hash: sha256 of what a pusher shows, hex.
    account_id: in whose name its drafts are written; nobody can sign in with it.
    kind: ``cap`` for a source of messages; else what of our own makes such prepared orders, see ``alerts.prepared``.
    etag, modified: what the feed's server said last, to be shown to it again.
    trouble: why it could not be asked or read last time, None when it could.
    exchange: it is a level above, which speaks through the exchange and sends no CAP.
    """

    __tablename__ = "alert_sources"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(120))
    url: Mapped[str] = mapped_column(String(400), default="")
    certificate: Mapped[str] = mapped_column(Text)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(String(16), default="cap")
    created_at: Mapped[datetime] = mapped_column()
    created_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    closed_at: Mapped[datetime | None] = mapped_column()
    etag: Mapped[str] = mapped_column(String(200), default="")
    modified: Mapped[str] = mapped_column(String(80), default="")
    asked_at: Mapped[datetime | None] = mapped_column()
    trouble: Mapped[Reason | None] = reason_or_none()
    exchange: Mapped[bool] = mapped_column(default=False)

    account: Mapped[Person] = relationship(foreign_keys=[account_id], lazy="joined")


class AlertAllowance(Base):
    """Two people allow that emergencies of exactly this source sound without anybody at the console.

    drill: whether exercises or real warnings are meant; one does not hold for the other.
    confirmed_at: nothing is allowed before.
    ended_at: nothing is allowed after.
    """

    __tablename__ = "alert_allowances"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    source_id: Mapped[str] = mapped_column(ForeignKey("alert_sources.id"), index=True)
    drill: Mapped[bool] = mapped_column()
    asked_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime] = mapped_column()
    confirmed_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column()
    ended_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None] = mapped_column()

    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id], lazy="joined")
    confirmed_by: Mapped[Person | None] = relationship(foreign_keys=[confirmed_by_id], lazy="joined")


class ReceivedAlert(Base):
    """One message and what became of it.

    digest: sha256 of the document, hex.
    identifier, sender, sent_at: of the message; empty and None where it could not be read.
    reason: why it is refused or not followed; None otherwise.
    zones: ids of the zones it means here.
    announcement_id: what was prepared of it.
    follows_id: the broadcast that the prepared order corrects or ends.
    expires_at: by the message itself.
    """

    __tablename__ = "received_alerts"
    __table_args__ = (Index("ix_received_alerts_message", "source_id", "sender", "identifier"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    source_id: Mapped[str] = mapped_column(ForeignKey("alert_sources.id"))
    received_at: Mapped[datetime] = mapped_column(index=True)
    digest: Mapped[str] = mapped_column(String(64))
    document: Mapped[str] = mapped_column(Text)
    identifier: Mapped[str] = mapped_column(String(400), default="")
    sender: Mapped[str] = mapped_column(String(400), default="")
    sent_at: Mapped[datetime | None] = mapped_column()
    message_type: Mapped[str] = mapped_column(String(16), default="")
    drill: Mapped[bool] = mapped_column(default=False)
    title: Mapped[str] = mapped_column(String(200), default="")
    outcome: Mapped[AlertOutcome] = mapped_column(word(AlertOutcome))
    reason: Mapped[Reason | None] = reason_or_none()
    zones: Mapped[list[str]] = mapped_column(default=list)
    expires_at: Mapped[datetime | None] = mapped_column()
    announcement_id: Mapped[str | None] = mapped_column(ForeignKey("announcements.id"))
    follows_id: Mapped[str | None] = mapped_column(ForeignKey("broadcasts.id"))

    source: Mapped[AlertSource] = relationship(lazy="joined")
