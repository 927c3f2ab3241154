"""What nodes say: receipts and status into the database, then the acknowledgement; the time of day at once."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from broadcaster.delivery.connection import Incoming
from broadcaster.delivery.counters import DeliveryCounters
from broadcaster.delivery.intake.budgets import MESSAGES, NEW_FACTS, Budgets, Conduct
from broadcaster.delivery.intake.held_over import HeldOver
from broadcaster.delivery.intake.older_nodes import receipts_of_today, status_of_today
from broadcaster.delivery.intake.sensors import Sensors
from broadcaster.delivery.intake.storing import Storing
from broadcaster.delivery.intake.waiting import Waiting
from broadcaster.protocol.clock import ClockQuestion, ClockReply
from broadcaster.protocol.codec import encode
from broadcaster.protocol.errors import Malformed, ProtocolError
from broadcaster.protocol.mqtt import inbox, topics
from broadcaster.protocol.receipts import Acks, Receipts
from broadcaster.protocol.status import NodeStatus
from broadcaster.protocol.values import ClockState
from broadcaster.protocol.wants import Wants
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes.statuses import ArrivedStatus

RECEIPTS = ("receipts",)
OTHERS = ("status", "wants", "clock")
"""Receipts have a connection of their own: when they must wait, the broker is kept waiting on it."""
PATIENCE_SECONDS = 20.0
"""A message waits so long for room; longer, and the broker would take the connection for dead."""
ACKS_AT_ONCE = 100
SANE_AT = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""Instants a node may name; a board without a clock boots in 1970."""

Publish = Callable[[str, bytes, int], object]


class Intake:
    """``hear`` is called in the networks' threads; it returns at once, but for receipts when too many wait already. A
    thread of our own stores.

    ``publish`` takes topic, payload and QoS. ``wish`` gets what a node wants to be published again.
    """

    def __init__(
        self,
        database: Database,
        *,
        station: str,
        publish: Publish,
        wish: Callable[[Wants], None],
        tally: DeliveryCounters,
        clock: Callable[[], datetime],
    ) -> None:
        self._station = station
        self._publish = publish
        self._wish = wish
        self._tally = tally
        self._clock = clock
        self._waiting = Waiting()
        self._messages = Budgets(MESSAGES)
        self._facts = Budgets(NEW_FACTS)
        self.conduct = Conduct()
        self.on_status: Callable[[NodeStatus], None] = lambda _status: None
        self.clock_state: Callable[[], ClockState] = lambda: ClockState.SYNCED
        self.withholds: Callable[[str], bool] = lambda _node: False
        self.takes: Callable[[str], bool] = lambda _node: True
        self._held_over = HeldOver()
        self.sensors = Sensors(database, station=station, publish=publish, tally=tally, clock=clock)
        self.hear_time: Callable[[str, datetime], None] = lambda _node, _at: None
        self._storing = Storing(
            database,
            self._waiting,
            acknowledge=self._acknowledge,
            tally=tally,
            conduct=self.conduct,
            budgets=self._facts,
            clock=clock,
        )
        self._storing.beside = self.sensors.store

    @property
    def on_stored(self) -> Callable[[], None]:
        """Called after statuses were written down."""
        return self._storing.on_statuses

    @on_stored.setter
    def on_stored(self, call: Callable[[], None]) -> None:
        self._storing.on_statuses = call

    @property
    def waiting(self) -> int:
        """Facts and statuses that are not in the database yet."""
        return self._waiting.facts + self._waiting.statuses + self.sensors.waiting

    @property
    def hindered(self) -> bool:
        """Whether the database does not take what nodes say."""
        return self._storing.hindered

    def filters(self, leaves: Sequence[str]) -> list[str]:
        """What the station subscribes to; with what is not a receipt come the gauges."""
        sensors = [] if leaves == RECEIPTS else [f"{topics.ROOT}/{self._station}/sensors/+"]
        return [f"{topics.ROOT}/{self._station}/nodes/+/{leaf}" for leaf in leaves] + sensors

    def start(self) -> None:
        self._storing.start()

    def stop(self) -> None:
        """Store what has come in so far, then end."""
        self._storing.stop()

    def hear(self, incoming: Incoming) -> None:
        """Sort one message: ours is taken in, other processes' is held over. Never raises."""
        received_at = self._clock()
        if not incoming.payload:
            return  # a retained message that was cleared
        self._safely(self._sort, incoming, received_at)

    def _safely(self, work: Callable[[Incoming, datetime], None], incoming: Incoming, received_at: datetime) -> None:
        try:
            work(incoming, received_at)
        except ProtocolError as error:
            self._tally.refuse(type(error).__name__, f"{incoming.topic}: {error}")

    def take_over(self) -> None:
        """Other processes of this cell came or went: what was theirs and is ours now is taken in after all."""
        for incoming, received_at in self._held_over.take(self.takes):
            self._safely(self._take, incoming, received_at)
            self._tally.count("taken_over")

    def _sort(self, incoming: Incoming, received_at: datetime) -> None:
        where = topics.parse(incoming.topic)
        if isinstance(where, topics.NodeTopic | topics.SensorTopic):
            who = where.node if isinstance(where, topics.NodeTopic) else where.sender
            if not self._messages.spend(who):
                self._excess(who, "messages")
                return
            if not self.takes(who):
                if incoming.topic.endswith("/clock"):  # a time that comes late is worth nothing
                    return
                self._held_over.keep(who, incoming, received_at)
                return
        self._take(incoming, received_at)

    def _take(self, incoming: Incoming, received_at: datetime) -> None:
        if isinstance(topics.parse(incoming.topic), topics.SensorTopic):
            self.sensors.hear(*inbox.read_sensor(incoming.topic, incoming.payload, station=self._station))
            return
        message = inbox.read(incoming.topic, incoming.payload, station=self._station)
        if isinstance(message, ClockQuestion):
            self._answer(message, received_at)
        elif isinstance(message, Wants):
            self._wish(message)
        elif isinstance(message, Receipts):
            self._keep_receipts(receipts_of_today(message), received_at)
        elif isinstance(message, NodeStatus):
            _check_instant(message.at)
            self.on_status(message)
            if message.at is not None and message.clock is ClockState.SYNCED and not incoming.retained:
                self.hear_time(message.node, message.at)
            self._waiting.add_status(ArrivedStatus(status_of_today(message), received_at, fresh=not incoming.retained))

    def _answer(self, question: ClockQuestion, received_at: datetime) -> None:
        """QoS 0: a time that comes late is worth nothing."""
        reply = ClockReply(
            node=question.node,
            question=question.question,
            asked_seconds=question.asked_seconds,
            received_seconds=received_at.timestamp(),
            replied_seconds=self._clock().timestamp(),
            clock=self.clock_state(),
        )
        self._publish(topics.clock_reply(self._station, question.node), encode(reply), 0)
        self._tally.count("clock_replies")

    def _keep_receipts(self, message: Receipts, received_at: datetime) -> None:
        for receipt in message.receipts:
            _check_instant(receipt.at)
        accepted = self._facts.is_solvent(message.node) and self._waiting.add_facts(
            message.node, message.receipts, received_at=received_at, patience_seconds=PATIENCE_SECONDS
        )
        if not accepted:
            self._excess(message.node, "facts")

    def _excess(self, node: str, kind: str) -> None:
        """Too much of one node at once: nothing of it is acknowledged, and an honest one says it again later."""
        self._tally.refuse(f"excess_{kind}", node)
        self.conduct.note(node, "excess")

    def _acknowledge(self, node: str, ids: Sequence[str]) -> None:
        """Not to a node that obeys another machine, which shall hear the same."""
        if self.withholds(node):
            return
        for start in range(0, len(ids), ACKS_AT_ONCE):
            acks = Acks(node=node, receipts=tuple(ids[start : start + ACKS_AT_ONCE]))
            self._publish(topics.acks(self._station, node), encode(acks), 1)


def _check_instant(at: datetime | None) -> None:
    """Raises Malformed for an instant no clock shows and no database keeps."""
    if at is not None and not SANE_AT[0] <= at < SANE_AT[1]:
        raise Malformed(f"{at.isoformat()} is no instant of this age", field="at")
