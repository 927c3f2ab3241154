"""Gauges of water and rain, what they said, and what people want to happen by it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broadcaster.station.schema.announcements import Announcement
from broadcaster.station.schema.columns.base import Base, new_id, word
from broadcaster.station.schema.people import Person
from broadcaster.station.schema.units import Unit
from broadcaster.station.vocabulary.gauges import GaugeAction, GaugeMeasure


class Gauge(Base):
    """Something that measures, in one place.

    id: its account at the broker, and what its messages say; has one ``_``.
    physical_unit: of its values, as people write it.
    lowest, highest: values beyond these are faults.
    node_id: the node that reads it on its own pins; None when it sends by itself.
    token_hash: sha256 of what it shows, hex; password_hash, password_sha256: of the same, as brokers keep it.
    silent_minutes: so long without a reading is a matter.
    last_at, last_value: of its newest reading; heard_at: when one came last.
    """

    __tablename__ = "gauges"

    id: Mapped[str] = mapped_column(String(48), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))
    measure: Mapped[GaugeMeasure] = mapped_column(word(GaugeMeasure))
    physical_unit: Mapped[str] = mapped_column(String(16))
    lowest: Mapped[float] = mapped_column()
    highest: Mapped[float] = mapped_column()
    node_id: Mapped[str | None] = mapped_column(ForeignKey("nodes.id"))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_sha256: Mapped[str | None] = mapped_column(String(80))
    silent_minutes: Mapped[int] = mapped_column(default=60)
    created_at: Mapped[datetime] = mapped_column()
    created_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    closed_at: Mapped[datetime | None] = mapped_column()
    last_at: Mapped[datetime | None] = mapped_column()
    last_value: Mapped[float | None] = mapped_column()
    heard_at: Mapped[datetime | None] = mapped_column()

    unit: Mapped[Unit] = relationship(lazy="joined")

    @property
    def sender(self) -> str:
        """Who brings its readings to the broker: itself, or the node that reads it."""
        return self.node_id or self.id


class GaugeReading(Base):
    """One measurement.

    received_at: when the station had it.
    by_http: it did not come over the broker, so nodes have not heard it.
    """

    __tablename__ = "gauge_readings"
    __table_args__ = (Index("ix_gauge_readings_received_at", "received_at"),)

    gauge_id: Mapped[str] = mapped_column(ForeignKey("gauges.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    value: Mapped[float] = mapped_column()
    received_at: Mapped[datetime] = mapped_column()
    by_http: Mapped[bool] = mapped_column(default=False)


class GaugeRuleRow(Base):
    """When a gauge is over its limit, and what happens then.

    level, ends, falling, in_row, lasting_seconds, rest_seconds: as in ``protocol.gauges.rules.GaugeRule``; ``level``
    is its ``limit``.
    partner_id, partner_level: a second gauge that must agree.
    announcement_id: the words, for all but *notify*; drill_id: the same words said to be an exercise, for *speak*.
    authors: who wrote it, so that none of them allows it.
    state: ``RuleState`` in plain values; crossed_at: a crossing that is not over.
    alert_id: what was prepared of the crossing.
    tested_at: when the exercise was ordered last.
    """

    __tablename__ = "gauge_rules"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    gauge_id: Mapped[str] = mapped_column(ForeignKey("gauges.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    does: Mapped[GaugeAction] = mapped_column(word(GaugeAction))
    level: Mapped[float] = mapped_column()
    ends: Mapped[float] = mapped_column()
    falling: Mapped[bool] = mapped_column(default=False)
    in_row: Mapped[int] = mapped_column(default=1)
    lasting_seconds: Mapped[int] = mapped_column(default=0)
    rest_seconds: Mapped[int] = mapped_column(default=3600)
    partner_id: Mapped[str | None] = mapped_column(ForeignKey("gauges.id"))
    partner_level: Mapped[float | None] = mapped_column()
    announcement_id: Mapped[str | None] = mapped_column(ForeignKey("announcements.id"))
    drill_id: Mapped[str | None] = mapped_column(ForeignKey("announcements.id"))
    authors: Mapped[list[str]] = mapped_column(default=list)
    created_at: Mapped[datetime] = mapped_column()
    closed_at: Mapped[datetime | None] = mapped_column()
    state: Mapped[dict[str, Any]] = mapped_column(default=dict)
    crossed_at: Mapped[datetime | None] = mapped_column()
    alert_id: Mapped[str | None] = mapped_column(ForeignKey("received_alerts.id"))
    tested_at: Mapped[datetime | None] = mapped_column()

    gauge: Mapped[Gauge] = relationship(foreign_keys=[gauge_id], lazy="joined")
    partner: Mapped[Gauge | None] = relationship(foreign_keys=[partner_id], lazy="joined")
    announcement: Mapped[Announcement | None] = relationship(foreign_keys=[announcement_id])
    drill: Mapped[Announcement | None] = relationship(foreign_keys=[drill_id])


class GaugeAllowance(Base):
    """Two people allow exactly one rule to speak exactly one clip without anybody.

    id: 14 hex digits, as it stands in the ids of the broadcasts that begin by it.
    seal: hash of the rule and of both texts as they were heard.
    spoken: all a broadcast that begins at a node is made of, in plain values; nothing that changes later reaches it.
    confirmed_at: nothing is allowed before; expires_at, ended_at: nothing is allowed after.
    """

    __tablename__ = "gauge_allowances"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    rule_id: Mapped[str] = mapped_column(ForeignKey("gauge_rules.id"), index=True)
    seal: Mapped[str] = mapped_column(String(64))
    clip_sha256: Mapped[str] = mapped_column(ForeignKey("clips.sha256"))
    spoken: Mapped[dict[str, Any]] = mapped_column(default=dict)
    asked_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime] = mapped_column()
    confirmed_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()
    ended_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None] = mapped_column()

    rule: Mapped[GaugeRuleRow] = relationship(lazy="joined")
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id], lazy="joined")
    confirmed_by: Mapped[Person | None] = relationship(foreign_keys=[confirmed_by_id], lazy="joined")
