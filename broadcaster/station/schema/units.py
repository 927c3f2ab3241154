"""The commune's tree, and the named sets of nodes people choose from."""

from sqlalchemy import Column, ForeignKey, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broadcaster.station.schema.columns.base import Base, word
from broadcaster.station.vocabulary.states import UnitKind

zone_nodes = Table(
    "zone_nodes",
    Base.metadata,
    Column("zone_id", ForeignKey("zones.id"), primary_key=True),
    Column("node_id", ForeignKey("nodes.id"), primary_key=True),
)


class Unit(Base):
    """Province, commune or hamlet.

    id: slug made from the name.
    aliases: older names, such as those from before a merger.
    weak_signal: the mobile signal there is poor or absent.
    latitude, longitude: degrees, WGS 84.
    """

    __tablename__ = "units"

    id: Mapped[str] = mapped_column(String(48), primary_key=True)
    kind: Mapped[UnitKind] = mapped_column(word(UnitKind))
    name: Mapped[str] = mapped_column(String(120))
    aliases: Mapped[list[str]] = mapped_column(default=list)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("units.id"))
    weak_signal: Mapped[bool] = mapped_column(default=False)
    latitude: Mapped[float | None] = mapped_column()
    longitude: Mapped[float | None] = mapped_column()

    parent: Mapped["Unit | None"] = relationship(remote_side="Unit.id", lazy="joined", join_depth=1)


class Zone(Base):
    """A named set of nodes.

    id: slug; the id of the unit when the zone is "everything in that unit".
    unit_id: that unit, or None for a set somebody put together.
    languages: codes of what is listened to there, in order; empty is as in the unit above.
    """

    __tablename__ = "zones"

    id: Mapped[str] = mapped_column(String(48), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("units.id"))
    languages: Mapped[list[str]] = mapped_column(default=list)

    unit: Mapped[Unit | None] = relationship(lazy="joined")
