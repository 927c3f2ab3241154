"""What belongs to the station as a whole: settings, reading dictionary, stop-all, signs of life, change counters."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from broadcaster.station.schema.columns.base import Base, new_id
from broadcaster.station.schema.people import Person


class ChangeCounter(Base):
    """How often something of this name changed; watched instead of asking everything again.

    name: "agendas", "deliveries", "nodes", "announcements", "jobs", "slots" or "people".
    """

    __tablename__ = "changes"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    counter: Mapped[int] = mapped_column(BigInteger, default=0)


class DictionaryEntry(Base):
    """One line of a unit's reading dictionary: how something written is said.

    released: reading, match_case and whole_word as the station itself may say it; None before somebody released it.
    removed_at: taken out, while the station still says what was released.
    authors: who changed it since it was released.
    """

    __tablename__ = "dictionary_entries"
    __table_args__ = (UniqueConstraint("unit_id", "written"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))
    written: Mapped[str] = mapped_column(String(200))
    reading: Mapped[str] = mapped_column(String(400))
    match_case: Mapped[bool] = mapped_column(default=False)
    whole_word: Mapped[bool] = mapped_column(default=True)
    created_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column()
    released: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    removed_at: Mapped[datetime | None] = mapped_column()
    authors: Mapped[list[str]] = mapped_column(JSON, default=list)


class Setting(Base):
    """A choice of the commune made in the console."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)


class StopAll(Base):
    """An order of silence; in force until lifted_at. Two people lift it: one asks, another agrees."""

    __tablename__ = "stop_orders"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    ordered_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    ordered_at: Mapped[datetime] = mapped_column()
    reason: Mapped[str] = mapped_column(Text, default="")
    lift_asked_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    lift_asked_at: Mapped[datetime | None] = mapped_column()
    lifted_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    lifted_at: Mapped[datetime | None] = mapped_column()

    ordered_by: Mapped[Person] = relationship(foreign_keys=[ordered_by_id], lazy="joined")
    lift_asked_by: Mapped[Person | None] = relationship(foreign_keys=[lift_asked_by_id], lazy="joined")


class Heartbeat(Base):
    """The last sign of life of a part of the station: "station", "publisher" or "renderer"."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime] = mapped_column()
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
