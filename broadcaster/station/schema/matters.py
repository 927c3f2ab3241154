"""What somebody has to deal with; it stays until somebody says that it is dealt with."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broadcaster.station.schema.columns.base import Base, new_id
from broadcaster.station.schema.people import Person


class Matter(Base):
    """One thing that went wrong.

    kind, subject: what, such as "pole_silent", and on what, such as ``node:lung-pang``.
    details: what its sentence needs.
    times: how often it began anew before anybody dealt with it.
    over_at: since when it is no longer so by itself; None while it lasts.
    note: what whoever dealt with it wrote.
    open_key: kind and subject until it is both over and dealt with, so that there is never a second one; then None.
    """

    __tablename__ = "matters"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(120))
    details: Mapped[dict[str, Any]] = mapped_column()
    began_at: Mapped[datetime] = mapped_column(index=True)
    times: Mapped[int] = mapped_column(default=1)
    over_at: Mapped[datetime | None] = mapped_column()
    dealt_at: Mapped[datetime | None] = mapped_column(index=True)
    dealt_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    open_key: Mapped[str | None] = mapped_column(String(160), unique=True)

    dealt_by: Mapped[Person | None] = relationship(lazy="joined")
