"""How the nodes were: a thin trail of what each said of its body."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from broadcaster.station.schema.columns.base import Base


class HealthSample(Base):
    """How one node was at one instant; None is "not measured", as in ``protocol.status.NodeHealth``.

    at: when the station heard it, or heard that it was gone.
    online: False when it had gone.
    """

    __tablename__ = "health_samples"

    node_id: Mapped[str] = mapped_column(ForeignKey("nodes.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True, index=True)
    online: Mapped[bool] = mapped_column()
    temperature_celsius: Mapped[float | None] = mapped_column()
    free_bytes: Mapped[int | None] = mapped_column(BigInteger)
    signal_percent: Mapped[int | None] = mapped_column()
    clock_error_ms: Mapped[int | None] = mapped_column()
    bytes_this_month: Mapped[int | None] = mapped_column(BigInteger)
    under_voltage: Mapped[bool | None] = mapped_column()
