"""Newer programs for the nodes, and how far each node is with them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broadcaster.protocol.release import ReleaseWave
from broadcaster.refusals.reasons import Reason
from broadcaster.station.schema.columns.base import Base, new_id, reason_or_none, word
from broadcaster.station.schema.nodes.nodes import Node
from broadcaster.station.schema.people import Person
from broadcaster.station.vocabulary.states import ReleaseStage


class NodeRelease(Base):
    """One version of the node's program.

    program: the version; no other release has it.
    wheels: its files: name, sha256 and size_bytes of each.
    uploaded_by, started_by: two different people.
    canaries: ids of the nodes that get it first.
    hours: how long those of a wave must have run it before the next wave.
    quiet_only: fetched and started in quiet hours alone.
    wave_at: since when the stage lasts.
    stop_reason: why it was stopped.
    """

    __tablename__ = "node_releases"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    program: Mapped[str] = mapped_column(String(40), unique=True)
    wheels: Mapped[list[dict[str, Any]]] = mapped_column()
    uploaded_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    uploaded_at: Mapped[datetime] = mapped_column()
    started_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    started_at: Mapped[datetime | None] = mapped_column()
    canaries: Mapped[list[str]] = mapped_column(default=list)
    hours: Mapped[int] = mapped_column(default=24)
    quiet_only: Mapped[bool] = mapped_column(default=False)
    stage: Mapped[ReleaseStage] = mapped_column(word(ReleaseStage), default=ReleaseStage.UPLOADED)
    paused: Mapped[bool] = mapped_column(default=False)
    wave_at: Mapped[datetime | None] = mapped_column()
    stop_reason: Mapped[Reason | None] = reason_or_none()

    uploaded_by: Mapped[Person] = relationship(lazy="joined", foreign_keys=[uploaded_by_id])
    started_by: Mapped[Person | None] = relationship(lazy="joined", foreign_keys=[started_by_id])


class ReleaseMember(Base):
    """One node that gets a release.

    wave: in which.
    given_at: since when it is offered.
    confirmed_at: since when the node says that it runs it.
    failure: code of what it says went wrong; empty while nothing did.
    """

    __tablename__ = "release_members"

    release_id: Mapped[str] = mapped_column(ForeignKey("node_releases.id"), primary_key=True)
    node_id: Mapped[str] = mapped_column(ForeignKey("nodes.id"), primary_key=True)
    wave: Mapped[ReleaseWave] = mapped_column(word(ReleaseWave))
    given_at: Mapped[datetime] = mapped_column()
    confirmed_at: Mapped[datetime | None] = mapped_column()
    failure: Mapped[str] = mapped_column(String(48), default="")

    node: Mapped[Node] = relationship(lazy="joined")
