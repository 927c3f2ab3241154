"""What officers write, and what was decided about it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broadcaster.payments.levy import Levy
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.schema.columns.base import Base, new_id, word
from broadcaster.station.schema.columns.levies import LevyValue
from broadcaster.station.schema.columns.wishes import WishValue
from broadcaster.station.schema.people import Person
from broadcaster.station.schema.units import Zone
from broadcaster.station.schema.versions import Version
from broadcaster.station.vocabulary.states import AnnouncementState, DecisionAction, Origin
from broadcaster.station.vocabulary.wishes import Wish

announcement_zones = Table(
    "announcement_zones",
    Base.metadata,
    Column("announcement_id", ForeignKey("announcements.id"), primary_key=True),
    Column("zone_id", ForeignKey("zones.id"), primary_key=True),
)


class Announcement(Base):
    """An announcement on its way from an officer to the air.

    text: as typed.
    voice: name of an engine, or "auto" for the chain's own choice.
    rate_percent: speed of speech, 100 is the voice's own.
    repeats: how many times the whole is said.
    repeat_key_facts: numbers and dates are said a second time.
    valid_until_at: after this it is no longer broadcast.
    revision: rises with every edit, from 1.
    authors: ids of everybody who wrote any part since the last approval; none of them may approve.
    script: the words that will be said.
    doubts: places in the text whose reading the officer should check, as ``text.Doubt`` in plain values.
    clip_sha256: the finished clip of this revision.
    content_hash: what an approval is bound to; None until there is a clip.
    comment: the approver's last word.
    drill: an exercise; decided when it is written, for good.
    recording_sha256: uploaded sound that is played instead of a voice; None when a voice reads the text.
    recording_name: what the uploaded file was called.
    levy: money it asks residents for; None for most.
    phrase: the kind of emergency this is the ready text for, such as ``storm``; None for everything else.
    origin: whose announcement it is; ``created_by`` received it when it is not the commune's own.
    document_number: of the paper it came with, such as 174/CĐ-TTg.
    board_text: what boards and screens show, in few words; empty takes the title.
    sent_class: the class its sender gave it; None for the commune's own.
    class_reason: why the commune reads it in a lower class than its sender's.
    wish: when it shall be broadcast, asked for with the approval and sealed by it; None when nobody said.
    """

    __tablename__ = "announcements"
    __table_args__ = (Index("ix_announcements_state_updated_at", "state", "updated_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    broadcast_class: Mapped[BroadcastClass] = mapped_column(word(BroadcastClass))
    state: Mapped[AnnouncementState] = mapped_column(word(AnnouncementState), default=AnnouncementState.DRAFT)
    voice: Mapped[str] = mapped_column(String(80), default="auto")
    rate_percent: Mapped[int] = mapped_column(default=100)
    repeats: Mapped[int] = mapped_column(default=1)
    repeat_key_facts: Mapped[bool] = mapped_column(default=False)
    valid_until_at: Mapped[datetime | None] = mapped_column()
    created_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column()
    updated_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    updated_at: Mapped[datetime] = mapped_column()
    revision: Mapped[int] = mapped_column(default=1)
    authors: Mapped[list[str]] = mapped_column(default=list)
    script: Mapped[str | None] = mapped_column(Text)
    doubts: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    clip_sha256: Mapped[str | None] = mapped_column(ForeignKey("clips.sha256"))
    content_hash: Mapped[str | None] = mapped_column(String(64))
    comment: Mapped[str | None] = mapped_column(Text)
    drill: Mapped[bool] = mapped_column(default=False)
    recording_sha256: Mapped[str | None] = mapped_column(String(64))
    recording_name: Mapped[str | None] = mapped_column(String(120))
    levy: Mapped[Levy | None] = mapped_column(LevyValue)
    phrase: Mapped[str | None] = mapped_column(String(32), index=True)
    origin: Mapped[Origin] = mapped_column(word(Origin), default=Origin.COMMUNE)
    document_number: Mapped[str | None] = mapped_column(String(80))
    board_text: Mapped[str] = mapped_column(String(120), default="")
    sent_class: Mapped[BroadcastClass | None] = mapped_column(word(BroadcastClass))
    class_reason: Mapped[str | None] = mapped_column(Text)
    wish: Mapped[Wish | None] = mapped_column(WishValue)

    zones: Mapped[list[Zone]] = relationship(secondary=announcement_zones, lazy="selectin", order_by=Zone.name)
    versions: Mapped[list[Version]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by=Version.language
    )
    created_by: Mapped[Person] = relationship(foreign_keys=[created_by_id], lazy="joined")
    updated_by: Mapped[Person] = relationship(foreign_keys=[updated_by_id], lazy="joined")


class Decision(Base):
    """One step of an announcement's approval. The table is append-only.

    number: place in the announcement's history, from 1; a clock may step back, this does not.
    content_hash: what the decision was about; empty when there was no clip yet.
    content: the same in plain values, to be compared with what is there later; None for old decisions.
    """

    __tablename__ = "decisions"
    __table_args__ = (UniqueConstraint("announcement_id", "number"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    announcement_id: Mapped[str] = mapped_column(ForeignKey("announcements.id"))
    number: Mapped[int] = mapped_column()
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    content: Mapped[dict[str, Any] | None] = mapped_column()
    action: Mapped[DecisionAction] = mapped_column(word(DecisionAction))
    by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column()
    comment: Mapped[str] = mapped_column(Text, default="")

    by: Mapped[Person] = relationship(lazy="joined")
