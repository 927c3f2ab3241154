"""Who did what: append-only and chained."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from broadcaster.station.schema.columns.base import Base


class AuditEntry(Base):
    """One act.

    number: place in the chain, from 1.
    person_name: as it was then; "hệ thống" when nobody acted.
    action: what, such as ``announcement.approved``.
    subject: on what, such as ``announcement:<id>``.
    previous_hash: hash of the entry before; 64 zeros for the first.
    hash: sha256 over this entry and previous_hash.
    """

    __tablename__ = "audit_entries"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column()
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    person_name: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(80), index=True)
    subject: Mapped[str] = mapped_column(String(160), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
