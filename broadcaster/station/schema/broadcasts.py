"""Frozen broadcasts, their way to every node, and the facts the nodes stated."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broadcaster.payments.levy import Levy
from broadcaster.protocol.values import BroadcastClass, ClockState, DeliveryState
from broadcaster.refusals.reasons import Reason
from broadcaster.station.schema.columns.base import Base, new_id, reason_or_none, word
from broadcaster.station.schema.columns.levies import LevyValue
from broadcaster.station.schema.nodes.nodes import Node
from broadcaster.station.schema.people import Person
from broadcaster.station.vocabulary.states import BroadcastState, LiveKind, LiveState, Origin


class Broadcast(Base):
    """One broadcast: everything that will sound, copied, so that no later edit reaches it.

    announcement_id, occurrence_id: where it came from.
    position: place in its occurrence; unique there, never used twice.
    text: as written and approved; None for the station's own words.
    levy: money it asks residents for, as approved.
    live: ordered now.
    start_at, expires_at: first sample; instant by which the last must have sounded.
    duration_ms: all parts together.
    content_hash: what the approval was bound to.
    ordering: of two of one class due together the lower goes first.
    engine: the voice that spoke.
    requested_key: the caller's own id of the order; the same key never makes a second broadcast.
    origin, document_number: whose announcement it is, as in ``Announcement``.
    live_session_id: the live session it carries: its first part then is the chime, its second, once there is one, the
        recording of what was sent.
    board_text: what boards and screens show, as approved; empty takes the title.
    repeat_of_id: the broadcast this is a repetition of; its ``position`` is then the place in that row, from 1.
    """

    __tablename__ = "broadcasts"
    __table_args__ = (
        UniqueConstraint("occurrence_id", "position"),
        Index("ix_broadcasts_state_start_at", "state", "start_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    announcement_id: Mapped[str | None] = mapped_column(ForeignKey("announcements.id"), index=True)
    occurrence_id: Mapped[str | None] = mapped_column(ForeignKey("occurrences.id"))
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(String(200))
    script: Mapped[str] = mapped_column(Text)
    text: Mapped[str | None] = mapped_column(Text)
    levy: Mapped[Levy | None] = mapped_column(LevyValue)
    broadcast_class: Mapped[BroadcastClass] = mapped_column(word(BroadcastClass))
    drill: Mapped[bool] = mapped_column(default=False)
    live: Mapped[bool] = mapped_column(default=False)
    state: Mapped[BroadcastState] = mapped_column(word(BroadcastState), default=BroadcastState.SCHEDULED)
    start_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime] = mapped_column()
    duration_ms: Mapped[int] = mapped_column()
    content_hash: Mapped[str] = mapped_column(String(64))
    ordering: Mapped[int] = mapped_column(default=0)
    ordered_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column()
    cancelled_at: Mapped[datetime | None] = mapped_column()
    engine: Mapped[str] = mapped_column(String(80), default="")
    requested_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    origin: Mapped[Origin] = mapped_column(word(Origin), default=Origin.COMMUNE)
    document_number: Mapped[str | None] = mapped_column(String(80))
    board_text: Mapped[str] = mapped_column(String(120), default="")
    repeat_of_id: Mapped[str | None] = mapped_column(String(32), index=True)
    live_session_id: Mapped[str | None] = mapped_column(String(32))

    parts: Mapped[list["BroadcastPart"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="BroadcastPart.position"
    )
    deliveries: Mapped[list["Delivery"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="Delivery.node_id", back_populates="broadcast"
    )
    ordered_by: Mapped[Person | None] = relationship(lazy="joined")


class BroadcastPart(Base):
    """One clip of a broadcast, in one language; a node plays those of its own languages without a gap between."""

    __tablename__ = "broadcast_parts"

    broadcast_id: Mapped[str] = mapped_column(ForeignKey("broadcasts.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(ForeignKey("clips.sha256"), index=True)
    language: Mapped[str] = mapped_column(String(8), default="vi")


class Delivery(Base):
    """One broadcast's way to one node.

    languages: codes of what it plays, in order.
    sequence: number of the node's fact this state was taken from.
    ended_at: when its story ended, by the node's word; None while only the station assumes an end.
    played_ms: sound that left the device.
    lost_ms: of live sound, what did not come in time.
    reason: why it was not played whole.
    shown: whether its words stood on a screen at the node.
    heard: whether the node's microphone heard it; None when that is not known.
    """

    __tablename__ = "deliveries"

    broadcast_id: Mapped[str] = mapped_column(ForeignKey("broadcasts.id"), primary_key=True)
    node_id: Mapped[str] = mapped_column(ForeignKey("nodes.id"), primary_key=True, index=True)
    state: Mapped[DeliveryState] = mapped_column(word(DeliveryState), default=DeliveryState.PLANNED)
    languages: Mapped[list[str]] = mapped_column(default=lambda: ["vi"])
    sequence: Mapped[int] = mapped_column(BigInteger, default=-1)
    started_at: Mapped[datetime | None] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    played_ms: Mapped[int] = mapped_column(default=0)
    lost_ms: Mapped[int] = mapped_column(default=0)
    reason: Mapped[Reason | None] = reason_or_none()
    heard: Mapped[bool | None] = mapped_column()
    shown: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime] = mapped_column()

    broadcast: Mapped[Broadcast] = relationship(back_populates="deliveries")
    node: Mapped[Node] = relationship(lazy="joined")


class ReceiptRow(Base):
    """One fact a node stated, kept as stated. The table is append-only and has no foreign keys: a fact about a
    broadcast the station does not know is still a fact.

    receipt: its id, the node's choice.
    at: when it happened, by the node's clock.
    sequence: order of the node's facts.
    received_at: when the station stored it.
    """

    __tablename__ = "receipts"
    __table_args__ = (Index("ix_receipts_broadcast_id_node_id", "broadcast_id", "node_id"),)

    receipt: Mapped[str] = mapped_column(String(64), primary_key=True)
    node_id: Mapped[str] = mapped_column(String(48), primary_key=True)
    broadcast_id: Mapped[str] = mapped_column(String(64))
    state: Mapped[DeliveryState] = mapped_column(word(DeliveryState))
    at: Mapped[datetime] = mapped_column()
    sequence: Mapped[int] = mapped_column(BigInteger)
    played_ms: Mapped[int] = mapped_column()
    lost_ms: Mapped[int] = mapped_column(default=0)
    clock: Mapped[ClockState] = mapped_column(word(ClockState))
    reason: Mapped[Reason | None] = reason_or_none()
    heard: Mapped[bool | None] = mapped_column()
    shown: Mapped[bool] = mapped_column(default=False)
    received_at: Mapped[datetime] = mapped_column()


class LiveSessionRow(Base):
    """One live session: who speaks where, from the first press to the recording.

    id: its id on the wire, too.
    kind: a microphone or a relay.
    zones: ids of the zones it sounds in.
    longest_ms: it ends by itself after so much sound.
    delay_ms: from the station to the horn, the same at every node; 0 before the session is opened.
    gives_way: whatever else is due cuts it, and it goes on afterwards.
    fallback: clips that play while nothing comes.
    asked_by_id: whoever speaks; confirmed_by_id: the second person, where the commune wants one.
    waits_until_at: a second person's press that comes later counts for nothing.
    broadcast_id: what it is on the nodes; None while it waits.
    runner: the program that sends it.
    sounding_at: when its first sound came in; silent_at: since when none comes.
    ended_at, end_reason: when it was to end, and why.
    closed_at: when the recording was whole.
    sound_ms, gap_ms: from the first sound to the last; what of it the source left out.
    ends_ms: from the broadcast's start to the exact end.
    recording_sha256: the clip of what was sent.
    requested_key: the caller's own id; the same key never makes a second session.
    """

    __tablename__ = "live_sessions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    kind: Mapped[LiveKind] = mapped_column(word(LiveKind))
    state: Mapped[LiveState] = mapped_column(word(LiveState), index=True)
    title: Mapped[str] = mapped_column(String(200))
    zones: Mapped[list[str]] = mapped_column()
    broadcast_class: Mapped[BroadcastClass] = mapped_column(word(BroadcastClass))
    drill: Mapped[bool] = mapped_column(default=False)
    longest_ms: Mapped[int] = mapped_column()
    delay_ms: Mapped[int] = mapped_column(default=0)
    gives_way: Mapped[bool] = mapped_column(default=False)
    fallback: Mapped[list[str]] = mapped_column(default=list)
    asked_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime] = mapped_column(index=True)
    waits_until_at: Mapped[datetime | None] = mapped_column()
    confirmed_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column()
    broadcast_id: Mapped[str | None] = mapped_column(ForeignKey("broadcasts.id"), unique=True)
    runner: Mapped[str] = mapped_column(String(64), default="")
    sounding_at: Mapped[datetime | None] = mapped_column()
    silent_at: Mapped[datetime | None] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    end_reason: Mapped[str] = mapped_column(String(40), default="")
    closed_at: Mapped[datetime | None] = mapped_column()
    sound_ms: Mapped[int] = mapped_column(default=0)
    gap_ms: Mapped[int] = mapped_column(default=0)
    ends_ms: Mapped[int] = mapped_column(default=0)
    recording_sha256: Mapped[str | None] = mapped_column(String(64))
    requested_key: Mapped[str | None] = mapped_column(String(120), unique=True)

    asked_by: Mapped[Person | None] = relationship(foreign_keys=[asked_by_id], lazy="joined")
    confirmed_by: Mapped[Person | None] = relationship(foreign_keys=[confirmed_by_id], lazy="joined")
    broadcast: Mapped[Broadcast | None] = relationship(lazy="select")
