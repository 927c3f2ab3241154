"""Streams that may be relayed, slots that relay them, and what was taken for one date."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broadcaster.refusals.reasons import Reason
from broadcaster.station.schema.columns.base import Base, new_id, reason_or_none, word
from broadcaster.station.schema.people import Person
from broadcaster.station.schema.slots import Slot
from broadcaster.station.vocabulary.states import RelayEnding, RelayWay, TakeState


class RelaySource(Base):
    """A stream of another station.

    addresses: in order; the next one is asked when one fails.
    authors: ids of the administrators who wrote the addresses as they are.
    probed_at, trouble: when all of them were last tried, and why the first one gave no sound.
    """

    __tablename__ = "relay_sources"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(120))
    addresses: Mapped[list[str]] = mapped_column()
    authors: Mapped[list[str]] = mapped_column()
    added_at: Mapped[datetime] = mapped_column()
    removed_at: Mapped[datetime | None] = mapped_column()
    probed_at: Mapped[datetime | None] = mapped_column()
    trouble: Mapped[Reason | None] = reason_or_none()


class SlotRelay(Base):
    """What a slot relays before its announcements.

    source_ids: in order.
    way: taken from the streams first and then aired from the nodes' own disks, or aired while it comes.
    minutes: how long.
    lead_minutes: how long before the slot begins the taking begins; 0 for what is aired while it comes.
    ending: how the last seconds sound.
    volume_db: against the loudness of announcements.
    approved_seal: what the approval was given to; it holds while the seal of what is chosen is the same.
    """

    __tablename__ = "slot_relays"

    slot_id: Mapped[str] = mapped_column(ForeignKey("slots.id"), primary_key=True)
    source_ids: Mapped[list[str]] = mapped_column()
    way: Mapped[RelayWay] = mapped_column(word(RelayWay), default=RelayWay.RECORDED)
    minutes: Mapped[int] = mapped_column()
    lead_minutes: Mapped[int] = mapped_column()
    ending: Mapped[RelayEnding] = mapped_column(word(RelayEnding), default=RelayEnding.FADE)
    volume_db: Mapped[int] = mapped_column(default=0)
    set_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    set_at: Mapped[datetime] = mapped_column()
    approved_seal: Mapped[str | None] = mapped_column(String(64))
    approved_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    approved_at: Mapped[datetime | None] = mapped_column()

    slot: Mapped[Slot] = relationship(lazy="joined")
    set_by: Mapped[Person] = relationship(lazy="joined", foreign_keys=[set_by_id])
    approved_by: Mapped[Person | None] = relationship(lazy="joined", foreign_keys=[approved_by_id])


class RelayTake(Base):
    """What is taken from the streams for one date of a slot, to be aired later or while it comes.

    begin_at, until_at: when; title: of the broadcast it becomes.
    seal: of what was approved.
    heard_ms: how much sound there is so far.
    switches: streams that were left: their address, the seconds of sound before, and why.
    error: why there is no clip.
    worker, alive_at: the process that takes it, and its last sign of life.
    """

    __tablename__ = "relay_takes"

    occurrence_id: Mapped[str] = mapped_column(ForeignKey("occurrences.id"), primary_key=True)
    begin_at: Mapped[datetime] = mapped_column()
    until_at: Mapped[datetime] = mapped_column()
    title: Mapped[str] = mapped_column(String(200))
    seal: Mapped[str] = mapped_column(String(64))
    state: Mapped[TakeState] = mapped_column(word(TakeState), default=TakeState.TAKING)
    heard_ms: Mapped[int] = mapped_column(default=0)
    switches: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    clip_sha256: Mapped[str | None] = mapped_column(ForeignKey("clips.sha256"))
    error: Mapped[Reason | None] = reason_or_none()
    worker: Mapped[str | None] = mapped_column(String(120))
    alive_at: Mapped[datetime | None] = mapped_column()
