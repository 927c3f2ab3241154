"""The upper side of the exchange: communes, what is composed for them, and what they reported."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.schema.columns.base import Base, new_id, word
from broadcaster.station.schema.people import Person


class ProvinceCommune(Base):
    """A commune below, known by its station's id.

    key: its station's public key, stated when it joined; 64 hex digits.
    code_hash, code_until_at: of its code while nobody used it; token_hash: of what it shows since.
    head, head_mark: number and mark of the newest offer made for it.
    seen_at: when it last asked; nodes, nodes_at: how its nodes were when it last said so.
    reports_head: the highest number up to which all its reports are stored.
    went_back_at: when it was seen to know offers that this database does not: an old copy was restored here.
    """

    __tablename__ = "province_communes"

    id: Mapped[str] = mapped_column(String(48), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    key: Mapped[str] = mapped_column(String(64), default="")
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_until_at: Mapped[datetime | None] = mapped_column()
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    added_at: Mapped[datetime] = mapped_column()
    joined_at: Mapped[datetime | None] = mapped_column()
    closed_at: Mapped[datetime | None] = mapped_column()
    head: Mapped[int] = mapped_column(default=0)
    head_mark: Mapped[str] = mapped_column(String(64), default="")
    seen_at: Mapped[datetime | None] = mapped_column()
    nodes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    nodes_at: Mapped[datetime | None] = mapped_column()
    reports_head: Mapped[int] = mapped_column(default=0)
    went_back_at: Mapped[datetime | None] = mapped_column()


class ProvinceItem(Base):
    """One announcement composed for communes, released by a second person.

    given_id: by which the program that composed it knows it, such as another platform's; the same once.
    communes: ids of those it is for.
    withdraws_id: the item this one takes back; it says nothing itself then.
    withdrawn_at: when it was taken back.
    """

    __tablename__ = "province_items"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    given_id: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)
    broadcast_class: Mapped[BroadcastClass] = mapped_column(word(BroadcastClass))
    drill: Mapped[bool] = mapped_column(default=False)
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")
    document_number: Mapped[str] = mapped_column(String(80), default="")
    recording_sha256: Mapped[str | None] = mapped_column(String(64))
    sound_bytes: Mapped[int] = mapped_column(default=0)
    sound_name: Mapped[str] = mapped_column(String(120), default="")
    wished_at: Mapped[datetime | None] = mapped_column()
    valid_until_at: Mapped[datetime | None] = mapped_column()
    communes: Mapped[list[str]] = mapped_column(default=list)
    composed_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    composed_at: Mapped[datetime] = mapped_column(index=True)
    released_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    released_at: Mapped[datetime | None] = mapped_column()
    dropped_at: Mapped[datetime | None] = mapped_column()
    withdraws_id: Mapped[str | None] = mapped_column(ForeignKey("province_items.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column()

    composed_by: Mapped[Person] = relationship(foreign_keys=[composed_by_id], lazy="joined")
    released_by: Mapped[Person | None] = relationship(foreign_keys=[released_by_id], lazy="joined")


class ProvinceOffer(Base):
    """One item on its way to one commune.

    number, previous, token: as signed.
    state: the last thing the commune said of the whole; ``sent`` before it said anything.
    words: why it was declined or refused.
    planned_at, planned_nodes: of its newest plan.
    nodes_played, nodes_failed, seconds: of what was broadcast.
    """

    __tablename__ = "province_offers"
    __table_args__ = (UniqueConstraint("commune_id", "number"),)

    item_id: Mapped[str] = mapped_column(ForeignKey("province_items.id"), primary_key=True)
    commune_id: Mapped[str] = mapped_column(ForeignKey("province_communes.id"), primary_key=True)
    number: Mapped[int] = mapped_column()
    previous: Mapped[str] = mapped_column(String(64), default="")
    token: Mapped[str] = mapped_column(Text)
    issued_at: Mapped[datetime] = mapped_column()
    state: Mapped[str] = mapped_column(String(32), default="sent")
    state_at: Mapped[datetime | None] = mapped_column()
    received_at: Mapped[datetime | None] = mapped_column()
    words: Mapped[str] = mapped_column(String(400), default="")
    planned_at: Mapped[datetime | None] = mapped_column()
    planned_nodes: Mapped[int] = mapped_column(default=0)
    nodes_played: Mapped[int] = mapped_column(default=0)
    nodes_failed: Mapped[int] = mapped_column(default=0)
    seconds: Mapped[int] = mapped_column(default=0)


class ProvinceReport(Base):
    """One fact as a commune stated it. No foreign key to items: a fact about one that was lost is still a fact."""

    __tablename__ = "province_reports"
    __table_args__ = (Index("ix_province_reports_item", "item", "commune_id"),)

    commune_id: Mapped[str] = mapped_column(ForeignKey("province_communes.id"), primary_key=True)
    report: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column()
    item: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column()
    stored_at: Mapped[datetime] = mapped_column()
    body: Mapped[dict[str, Any]] = mapped_column()


class ProvincePlay(Base):
    """What became of one item on one node of a commune; of several states of a delivery the one reported last."""

    __tablename__ = "province_plays"
    __table_args__ = (Index("ix_province_plays_at", "at", "commune_id"),)

    commune_id: Mapped[str] = mapped_column(ForeignKey("province_communes.id"), primary_key=True)
    broadcast: Mapped[str] = mapped_column(String(64), primary_key=True)
    node: Mapped[str] = mapped_column(String(48), primary_key=True)
    item: Mapped[str] = mapped_column(String(64), index=True)
    node_name: Mapped[str] = mapped_column(String(400), default="")
    number: Mapped[int] = mapped_column()
    at: Mapped[datetime] = mapped_column()
    state: Mapped[str] = mapped_column(String(32))
    urgent: Mapped[bool] = mapped_column(default=False)
    seconds: Mapped[int] = mapped_column(default=0)
    requested_seconds: Mapped[int] = mapped_column(default=0)
    words: Mapped[str] = mapped_column(String(400), default="")
