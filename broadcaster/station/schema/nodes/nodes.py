"""The nodes: what the commune decided about each, what each says of itself, and the agenda it was last given."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broadcaster.protocol.values import ClockState
from broadcaster.station.schema.columns.base import Base, word
from broadcaster.station.schema.units import Unit


class Node(Base):
    """One node.

    id: slug; also its name in topics and at the broker.
    username, password_hash: its credential at the broker; the hash is a whole Mosquitto ``$7$`` line's second field.
    password_sha256: the same as RabbitMQ keeps it; None before its next password.
    weak_link: the line to it is known to be poor.
    receipt_key: Ed25519 public key of the receipts it carries by hand, 64 hex digits; None before its next password.
    volume_percent: highest volume allowed.
    volume_profile: highest volume in each hour of the local day, 24 values; empty when all hours are alike.
    stagger_ms: starts this much later than the planned instant, against echo.
    latitude, longitude: degrees, WGS 84.
    place: where it stands, for the technician.
    aliases: older names.
    quiet_hours: of this node, besides the commune's: pairs of minutes after local midnight.
    keeper_name, keeper_phone: who lives near it and can look.
    """

    __tablename__ = "nodes"

    id: Mapped[str] = mapped_column(String(48), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"), index=True)
    created_at: Mapped[datetime] = mapped_column()
    revoked_at: Mapped[datetime | None] = mapped_column()
    username: Mapped[str] = mapped_column(String(64), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    password_sha256: Mapped[str | None] = mapped_column(String(64))
    weak_link: Mapped[bool] = mapped_column(default=False)
    receipt_key: Mapped[str | None] = mapped_column(String(64))
    volume_percent: Mapped[int] = mapped_column(default=100)
    volume_profile: Mapped[list[int]] = mapped_column(default=list)
    stagger_ms: Mapped[int] = mapped_column(default=0)
    latitude: Mapped[float | None] = mapped_column()
    longitude: Mapped[float | None] = mapped_column()
    place: Mapped[str] = mapped_column(String(200), default="")
    aliases: Mapped[list[str]] = mapped_column(default=list)
    quiet_hours: Mapped[list[Any]] = mapped_column(JSON, default=list)
    keeper_name: Mapped[str] = mapped_column(String(120), default="")
    keeper_phone: Mapped[str] = mapped_column(String(40), default="")

    unit: Mapped[Unit] = relationship(lazy="joined")


class NodeState(Base):
    """What a node last said of itself.

    connection: number of the connection it spoke in.
    online: False after its last will or goodbye.
    seen_at: when the station last heard the node itself.
    agenda_number, agenda_term, agenda_issuer: the agenda the node says it obeys.
    highest_number: above that one when the node lost the agenda itself; else 0.
    refused: as in ``protocol.status.RefusedAgenda``; empty without one.
    clock_offset_ms: how far its clock is ahead of the station's, with what the message took on its way; negative is
        behind. None before it was ever heard.
    clips_missing: clips of it not yet on the node's disk.
    health: as in ``protocol.status.NodeHealth``.
    screen: whether it has one.
    release: as in ``protocol.release.ReleaseReport``; empty for a node that cannot be updated over the air.
    pre_roll_ms: how long its amplifier takes to wake; None while it has not said so.
    answers_ms: how long it took, the last times, from the signing of an agenda to the node's word that it obeys it.
    trouble: sentences for the technician.
    live: as in ``protocol.live.source.LiveHearing``: the session it hears, or the last one it heard.
    """

    __tablename__ = "node_states"

    node_id: Mapped[str] = mapped_column(ForeignKey("nodes.id"), primary_key=True)
    connection: Mapped[int] = mapped_column(BigInteger, default=0)
    online: Mapped[bool] = mapped_column(default=False)
    seen_at: Mapped[datetime | None] = mapped_column()
    agenda_number: Mapped[int] = mapped_column(BigInteger, default=0)
    agenda_term: Mapped[int] = mapped_column(BigInteger, default=0)
    agenda_issuer: Mapped[str] = mapped_column(String(64), default="")
    highest_number: Mapped[int] = mapped_column(BigInteger, default=0)
    refused: Mapped[dict[str, Any]] = mapped_column(default=dict)
    clock_offset_ms: Mapped[int | None] = mapped_column(BigInteger)
    clips_missing: Mapped[int] = mapped_column(default=0)
    clock: Mapped[ClockState] = mapped_column(word(ClockState), default=ClockState.UNSYNCED)
    clock_error_ms: Mapped[int | None] = mapped_column()
    playing: Mapped[str | None] = mapped_column(String(64))
    stopped: Mapped[bool] = mapped_column(default=False)
    muted: Mapped[bool] = mapped_column(default=False)
    volume_percent: Mapped[int] = mapped_column(default=100)
    sound: Mapped[str] = mapped_column(String(400), default="")
    software: Mapped[str] = mapped_column(String(40), default="")
    boot: Mapped[str] = mapped_column(String(40), default="")
    health: Mapped[dict[str, Any]] = mapped_column(default=dict)
    screen: Mapped[bool] = mapped_column(default=False)
    release: Mapped[dict[str, Any]] = mapped_column(default=dict)
    pre_roll_ms: Mapped[int | None] = mapped_column()
    answers_ms: Mapped[list[int]] = mapped_column(default=list)
    trouble: Mapped[list[str]] = mapped_column(default=list)
    live: Mapped[dict[str, Any] | None] = mapped_column()


class AgendaIssue(Base):
    """The agenda last issued to a node.

    number: of that agenda; the next one's is higher.
    term, issuer: as signed in it.
    digest: hash of its content without number, issued_at and expires_at.
    token: the signed agenda as published.
    """

    __tablename__ = "agenda_issues"

    node_id: Mapped[str] = mapped_column(ForeignKey("nodes.id"), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    term: Mapped[int] = mapped_column(BigInteger, default=0)
    issuer: Mapped[str] = mapped_column(String(64), default="")
    digest: Mapped[str] = mapped_column(String(64))
    token: Mapped[bytes] = mapped_column(LargeBinary)
    issued_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()
