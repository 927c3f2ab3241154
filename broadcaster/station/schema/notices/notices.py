"""What people should hear of who have no page open, where they hear it, and each single message."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broadcaster.refusals.reasons import Reason
from broadcaster.station.schema.columns.base import Base, ReasonText, new_id, reason_or_none, word
from broadcaster.station.schema.people import Person
from broadcaster.station.vocabulary.notices import ChannelKind, NoticeKind, SendingState


class Notice(Base):
    """One event, written in its own transaction; its messages are made of it later.

    subject: what its link opens, such as ``announcement:3f…``.
    seal: content hash of what waits; another one means that this no longer does; of residents' messages
        the unit.
    title: code and facts of the one sentence a message carries.
    audience: whom it concerns, as ``notices.audiences`` packs it.
    urgent: goes before what is not.
    shared_at: when its messages were made; None while they are not.
    repeat_at: when it is said again if it still waits; None for never.
    """

    __tablename__ = "notices"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    kind: Mapped[NoticeKind] = mapped_column(word(NoticeKind))
    subject: Mapped[str] = mapped_column(String(120))
    seal: Mapped[str] = mapped_column(String(64), default="")
    title: Mapped[Reason] = mapped_column(ReasonText())
    audience: Mapped[dict[str, Any]] = mapped_column()
    urgent: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(index=True)
    shared_at: Mapped[datetime | None] = mapped_column(index=True)
    repeat_at: Mapped[datetime | None] = mapped_column(index=True)


class NoticeChannel(Base):
    """Where one person wants to hear.

    label: what its owner knows it by; tells nobody else how to reach it.
    target_sealed: address, and secrets of its own, sealed with a key that is not in the database.
    base_url: the console as its owner's browser reached it when the channel was added.
    language: of its messages.
    code_sealed, code_until_at, code_tries: of the pairing, while it is not finished.
    paired_at: nothing but the code is sent before.
    failures: attempts in a row that did not succeed.
    rests_until_at: nothing is tried before this.
    trouble: why the last attempt did not succeed.
    """

    __tablename__ = "notice_channels"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[ChannelKind] = mapped_column(word(ChannelKind))
    label: Mapped[str] = mapped_column(String(120))
    target_sealed: Mapped[str] = mapped_column(Text)
    base_url: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime] = mapped_column()
    code_sealed: Mapped[str | None] = mapped_column(Text)
    code_until_at: Mapped[datetime | None] = mapped_column()
    code_tries: Mapped[int] = mapped_column(default=0)
    paired_at: Mapped[datetime | None] = mapped_column()
    removed_at: Mapped[datetime | None] = mapped_column()
    failures: Mapped[int] = mapped_column(default=0)
    rests_until_at: Mapped[datetime | None] = mapped_column()
    trouble: Mapped[Reason | None] = reason_or_none()

    person: Mapped[Person] = relationship(lazy="joined")


class NoticeSending(Base):
    """One message to one channel.

    round: 0, or 1 when it is said again.
    due_at: not tried before.
    claim, claimed_until_at: of whoever is at it; after that moment another may take it.
    """

    __tablename__ = "notice_sendings"
    __table_args__ = (UniqueConstraint("notice_id", "channel_id", "round"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    notice_id: Mapped[str] = mapped_column(ForeignKey("notices.id"), index=True)
    channel_id: Mapped[str] = mapped_column(ForeignKey("notice_channels.id"), index=True)
    round: Mapped[int] = mapped_column(default=0)
    state: Mapped[SendingState] = mapped_column(word(SendingState), index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(index=True)
    due_at: Mapped[datetime] = mapped_column()
    claim: Mapped[str | None] = mapped_column(String(32))
    claimed_until_at: Mapped[datetime | None] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    reason: Mapped[Reason | None] = reason_or_none()

    notice: Mapped[Notice] = relationship(lazy="joined")
    channel: Mapped[NoticeChannel] = relationship(lazy="joined")
