"""What helps with writing: patterns of the commune's own, and texts not yet saved."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.schema.columns.base import Base, new_id, word


class PatternRow(Base):
    """A pattern somebody in the commune wrote: title and text, with blanks in square brackets."""

    __tablename__ = "patterns"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    title: Mapped[str] = mapped_column(String(200))
    broadcast_class: Mapped[BroadcastClass] = mapped_column(word(BroadcastClass))
    text: Mapped[str] = mapped_column(Text)
    created_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column()
    removed_at: Mapped[datetime | None] = mapped_column()


class UnsavedDraft(Base):
    """A form somebody is still filling in, kept as it stands: nobody else sees it.

    key: the announcement it changes, or what its page drew for a new one.
    content: the fields of the form.
    """

    __tablename__ = "kept_drafts"
    __table_args__ = (Index("ix_kept_drafts_person_id_updated_at", "person_id", "updated_at"),)

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column()
    updated_at: Mapped[datetime] = mapped_column()
