"""One announcement said in other languages."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broadcaster.station.schema.columns.base import Base
from broadcaster.station.schema.people import Person


class Version(Base):
    """What is played instead of the Vietnamese, or after or before it, where people hear this language.

    language: code, never Vietnamese.
    text: the words in that language, where somebody wrote them down; empty otherwise.
    recording_sha256, recording_name: the sound somebody recorded, and what the file was called.
    said_of: hash of the Vietnamese text it says; another text makes it out of date.
    clip_sha256: the finished clip.
    made_at: when it was recorded, or last confirmed to be right.
    """

    __tablename__ = "announcement_versions"

    announcement_id: Mapped[str] = mapped_column(ForeignKey("announcements.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    text: Mapped[str] = mapped_column(Text, default="")
    recording_sha256: Mapped[str] = mapped_column(String(64))
    recording_name: Mapped[str] = mapped_column(String(120))
    said_of: Mapped[str] = mapped_column(String(64))
    clip_sha256: Mapped[str | None] = mapped_column(ForeignKey("clips.sha256"))
    made_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column()

    made_by: Mapped[Person] = relationship(lazy="joined")
