"""Orders to sound an emergency: asked for, confirmed or refused, and looked at again afterwards."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broadcaster.station.schema.announcements import Announcement
from broadcaster.station.schema.columns.base import Base, new_id, word
from broadcaster.station.schema.people import Person
from broadcaster.station.vocabulary.states import EmergencyMode


class EmergencyOrder(Base):
    """One order.

    content_hash: of what was ordered; nothing else can sound by this order.
    drill: an exercise; fixed with the order.
    zones: ids of the zones it shall sound in, fewer than the announcement's own or all of them.
    mode: whether a second person confirms it, or it was declared by one.
    reason: why; needed when one person declares.
    expires_at: a confirmation that comes later counts for nothing.
    follows_id: the broadcast it corrects or ends.
    broadcast_id: what came of it.
    every_minutes: from one repetition to the next; None when it sounds once.
    for_minutes: how long it is repeated if no all-clear comes before.
    interrupts: a drill that cuts what sounds; else it waits for it. An emergency always cuts.
    review: what another person found afterwards, when it was declared by one.
    requested_key: the caller's own id of the order; the same key never makes a second one.
    """

    __tablename__ = "emergency_orders"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    announcement_id: Mapped[str] = mapped_column(ForeignKey("announcements.id"), index=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    drill: Mapped[bool] = mapped_column()
    zones: Mapped[list[str]] = mapped_column()
    mode: Mapped[EmergencyMode] = mapped_column(word(EmergencyMode))
    reason: Mapped[str] = mapped_column(Text, default="")
    asked_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime] = mapped_column()
    follows_id: Mapped[str | None] = mapped_column(ForeignKey("broadcasts.id"))
    confirmed_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column()
    refused_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    refused_at: Mapped[datetime | None] = mapped_column()
    broadcast_id: Mapped[str | None] = mapped_column(ForeignKey("broadcasts.id"))
    every_minutes: Mapped[int | None] = mapped_column()
    for_minutes: Mapped[int | None] = mapped_column()
    interrupts: Mapped[bool] = mapped_column(default=False)
    review: Mapped[str | None] = mapped_column(Text)
    reviewed_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column()
    requested_key: Mapped[str | None] = mapped_column(String(120), unique=True)

    announcement: Mapped[Announcement] = relationship(lazy="joined")
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id], lazy="joined")
    confirmed_by: Mapped[Person | None] = relationship(foreign_keys=[confirmed_by_id], lazy="joined")
    refused_by: Mapped[Person | None] = relationship(foreign_keys=[refused_by_id], lazy="joined")
    reviewed_by: Mapped[Person | None] = relationship(foreign_keys=[reviewed_by_id], lazy="joined")
