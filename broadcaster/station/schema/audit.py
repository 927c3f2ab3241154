"""Who did what: append-only and chained; and the ends of the chain that nodes hold."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from broadcaster.station.schema.columns.base import Base


class AuditEntry(Base):
    """One act.

    number: place in the chain, from 1.
    person_name: as it was then; "hệ thống" when nobody acted.
    action: what, such as ``announcement.approved``.
    subject: on what, such as ``announcement:<id>``.
    previous_hash: hash of the entry before; 64 zeros for the first.
    address: from where it was asked: an IP address, or empty.
    hash: keyed hash over this entry and previous_hash; see ``station/audit/chain.py``.
    """

    __tablename__ = "audit_entries"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column()
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    person_name: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(80), index=True)
    subject: Mapped[str] = mapped_column(String(160), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    address: Mapped[str] = mapped_column(String(64), default="", server_default="")
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class HeldAuditHead(Base):
    """An end of the chain that came back from a node: whatever happens here, there was such a chain.

    entry, hash: of the last entry then.
    signature: the station's, over both.
    node_id: who said it first.
    received_at: when.
    """

    __tablename__ = "held_audit_heads"

    entry: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    signature: Mapped[str] = mapped_column(String(100))
    node_id: Mapped[str] = mapped_column(String(48))
    received_at: Mapped[datetime] = mapped_column()
