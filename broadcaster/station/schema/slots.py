"""Recurring places in the week, what was put into them, and their single dates."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broadcaster.refusals.reasons import Reason
from broadcaster.station.schema.announcements import Announcement
from broadcaster.station.schema.columns.base import Base, new_id, reason_or_none, word
from broadcaster.station.schema.people import Person
from broadcaster.station.schema.units import Zone
from broadcaster.station.vocabulary.states import OccurrenceState

slot_zones = Table(
    "slot_zones",
    Base.metadata,
    Column("slot_id", ForeignKey("slots.id"), primary_key=True),
    Column("zone_id", ForeignKey("zones.id"), primary_key=True),
)


class Slot(Base):
    """A recurring place in the week.

    rule: when it recurs; the scheduler's language ({"weekdays", "times", "first_on", "last_on", "except_on"}).
    timezone: IANA name in which the rule is meant.
    grace_minutes: how late it may still begin.
    cap_minutes: longest programme.
    assemble_minutes: how long before its time a programme is put together and sent; None is as the station does.
    paused_until_on: last day of a pause, local date.
    greeting, closing: the station says the date before the announcements, and thanks after them.
    opening_tune_id, ending_tune_id, bed_id, filler_id: music of the commune's own before the greeting, after the
        closing, under both, and between announcements.
    greet_when_empty: a date without announcements has the greeting alone; else it is skipped.
    """

    __tablename__ = "slots"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(120))
    rule: Mapped[dict[str, Any]] = mapped_column()
    timezone: Mapped[str] = mapped_column(String(64), default="Asia/Ho_Chi_Minh")
    grace_minutes: Mapped[int] = mapped_column(default=5)
    cap_minutes: Mapped[int] = mapped_column(default=45)
    assemble_minutes: Mapped[int | None] = mapped_column()
    paused_until_on: Mapped[date | None] = mapped_column()
    greeting: Mapped[bool] = mapped_column(default=False)
    closing: Mapped[bool] = mapped_column(default=False)
    greet_when_empty: Mapped[bool] = mapped_column(default=False)
    opening_tune_id: Mapped[str | None] = mapped_column(String(32))
    ending_tune_id: Mapped[str | None] = mapped_column(String(32))
    bed_id: Mapped[str | None] = mapped_column(String(32))
    filler_id: Mapped[str | None] = mapped_column(String(32))
    created_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column()
    removed_at: Mapped[datetime | None] = mapped_column()

    zones: Mapped[list[Zone]] = relationship(secondary=slot_zones, lazy="selectin", order_by=Zone.name)
    created_by: Mapped[Person | None] = relationship(lazy="joined")


class SlotItem(Base):
    """An announcement in a slot, over a range of days.

    first_on, last_on: local dates, both included; None is "until taken out".
    weekdays: only on these, 0 is Monday; none is every day the slot has.
    position: lower goes first.
    """

    __tablename__ = "slot_items"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    slot_id: Mapped[str] = mapped_column(ForeignKey("slots.id"), index=True)
    announcement_id: Mapped[str] = mapped_column(ForeignKey("announcements.id"), index=True)
    first_on: Mapped[date] = mapped_column()
    last_on: Mapped[date | None] = mapped_column()
    weekdays: Mapped[list[int]] = mapped_column(default=list)
    position: Mapped[int] = mapped_column()
    added_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    added_at: Mapped[datetime] = mapped_column()
    removed_at: Mapped[datetime | None] = mapped_column()

    slot: Mapped[Slot] = relationship(lazy="joined")
    announcement: Mapped[Announcement] = relationship(lazy="joined")


class Occurrence(Base):
    """One date of a slot.

    start_at: when its programme begins.
    claimed_by, claimed_at: the process that froze it last.
    reason: why it is empty, missed or cancelled.
    """

    __tablename__ = "occurrences"
    __table_args__ = (UniqueConstraint("slot_id", "start_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    slot_id: Mapped[str] = mapped_column(ForeignKey("slots.id"))
    start_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[OccurrenceState] = mapped_column(word(OccurrenceState), default=OccurrenceState.PLANNED)
    claimed_by: Mapped[str | None] = mapped_column(String(120))
    claimed_at: Mapped[datetime | None] = mapped_column()
    reason: Mapped[Reason | None] = reason_or_none()

    slot: Mapped[Slot] = relationship(lazy="joined")
