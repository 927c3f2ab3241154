"""All talk with the station: the connection to the broker, what is said over it, and the stick in its place."""

from datetime import datetime

from broadcaster.protocol.agenda import ClipRef
from broadcaster.protocol.clock import ClockQuestion
from broadcaster.protocol.receipts import Receipt
from speaker_node.clock.reading import TimeReading
from speaker_node.link.connection import BrokerConnection
from speaker_node.link.reporting import SHORTEST_SECONDS, Condition, Reporter
from speaker_node.link.stick import MissingChunks, Stick, StickReport
from speaker_node.link.traffic import Traffic


class StationLink:
    """Driven by the agent's loop; ``open`` and ``close`` once."""

    def __init__(
        self, connection: BrokerConnection, *, reporter: Reporter, traffic: Traffic, stick: Stick | None
    ) -> None:
        """``stick`` is None when USB sticks are not to be looked at."""
        self._connection = connection
        self._reporter = reporter
        self._traffic = traffic
        self._stick = stick

    @property
    def alive_seconds(self) -> float:
        """Monotonic second of the connection's last sign of life."""
        return self._connection.alive_seconds

    @property
    def connected(self) -> bool:
        """A connection stands, and how the node is was said on it."""
        return self._reporter.connected

    def open(self) -> None:
        """Begin connecting and looking for sticks."""
        self._connection.open()
        if self._stick:
            self._stick.open()

    def up(self, connection: int) -> None:
        """A connection of this number stands."""
        self._reporter.link_up(connection)

    def down(self) -> None:
        """No connection stands."""
        self._reporter.link_down()

    def ask(self, question: ClockQuestion) -> None:
        """Ask the station for the time."""
        self._connection.publish(question)

    def step(self, condition: Condition, reading: TimeReading) -> float | None:
        """Say what is due; after how many seconds a change that still waits may be said, None without one."""
        return SHORTEST_SECONDS if self._reporter.step(condition, reading) else None

    def bytes_this_month(self, now_at: datetime) -> int:
        """Both ways, since the first of the month."""
        return self._traffic.this_month(now_at)

    def give_chunks(self, chunks: tuple[tuple[ClipRef, tuple[int, ...]], ...]) -> None:
        """Tell the stick which chunks are missing, most urgent clip first."""
        if self._stick:
            self._stick.give(MissingChunks(chunks))

    def give_report(self, *, agenda_number: int, clips_missing: int, receipts: tuple[Receipt, ...]) -> None:
        """Tell the stick what it shall carry back."""
        if self._stick:
            self._stick.give(StickReport(agenda_number, clips_missing, receipts))

    def close(self, condition: Condition, reading: TimeReading) -> None:
        """Say the last things and goodbye."""
        if self._stick:
            self._stick.close()
        self._reporter.step(condition, reading)
        self._connection.close(self._reporter.goodbye(condition, reading))
        self._traffic.close()
