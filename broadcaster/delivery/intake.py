"""What nodes say: receipts and status into the database, then the acknowledgement; the time of day at once."""

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from broadcaster.delivery.connection import Incoming
from broadcaster.delivery.tally import Tally
from broadcaster.errors import LoaError
from broadcaster.protocol import inbox, topics
from broadcaster.protocol.clock import ClockQuestion, ClockReply
from broadcaster.protocol.codec import encode
from broadcaster.protocol.errors import ProtocolError
from broadcaster.protocol.receipts import Acks, Receipts
from broadcaster.protocol.status import NodeStatus
from broadcaster.protocol.wants import Wants
from broadcaster.station.broadcasts import receipts
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes

log = logging.getLogger(__name__)

LEAVES = ("status", "receipts", "wants", "clock")
WAITING = 5_000
"""Messages kept while the database is busy. What does not fit is dropped unacknowledged, and comes again."""
BATCH = 100
"""Messages stored in one transaction: a storm of receipts after a common announcement costs few commits."""

Publish = Callable[[str, bytes, int], object]


@dataclass(frozen=True, slots=True)
class Heard:
    """Something to be stored.

    message: what was said.
    received_at: when it came in.
    retained: the broker had kept it: how things were once, and no sign of life.
    """

    message: Receipts | NodeStatus
    received_at: datetime
    retained: bool


class Intake:
    """``hear`` is called in the network's thread and returns at once; a thread of our own stores.

    ``publish`` takes topic, payload and QoS. ``wish`` gets what a node wants to be published again.
    """

    def __init__(
        self,
        database: Database,
        *,
        station: str,
        publish: Publish,
        wish: Callable[[Wants], None],
        tally: Tally,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._station = station
        self._publish = publish
        self._wish = wish
        self._tally = tally
        self._clock = clock
        self._queue: queue.Queue[Heard | None] = queue.Queue(WAITING)
        self._thread: threading.Thread | None = None

    def filters(self) -> list[str]:
        """What the station subscribes to."""
        return [f"{topics.ROOT}/{self._station}/nodes/+/{leaf}" for leaf in LEAVES]

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="intake", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Store what has come in so far, then end."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join(10)
        self._thread = None

    def hear(self, incoming: Incoming) -> None:
        """Sort one message. Never raises."""
        received_at = self._clock()
        if not incoming.payload:
            return  # a retained message that was cleared
        try:
            message = inbox.read(incoming.topic, incoming.payload, station=self._station)
        except ProtocolError as error:
            self._tally.refuse(type(error).__name__, f"{incoming.topic}: {error}")
            return
        if isinstance(message, ClockQuestion):
            self._answer(message, received_at)
        elif isinstance(message, Wants):
            self._wish(message)
        elif isinstance(message, Receipts | NodeStatus):
            self._keep(Heard(message, received_at, incoming.retained))

    def _answer(self, question: ClockQuestion, received_at: datetime) -> None:
        """QoS 0: a time that comes late is worth nothing."""
        reply = ClockReply(
            node=question.node,
            question=question.question,
            asked_seconds=question.asked_seconds,
            received_seconds=received_at.timestamp(),
            replied_seconds=self._clock().timestamp(),
        )
        self._publish(topics.clock_reply(self._station, question.node), encode(reply), 0)
        self._tally.count("clock_replies")

    def _keep(self, heard: Heard) -> None:
        try:
            self._queue.put_nowait(heard)
        except queue.Full:
            self._tally.refuse("intake_full", heard.message.node)

    def _run(self) -> None:
        while True:
            batch = [self._queue.get()]
            while len(batch) < BATCH and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            heard = [each for each in batch if each is not None]
            if heard:
                self._store(heard)
            if None in batch:
                return

    def _store(self, batch: Sequence[Heard]) -> None:
        """All in one transaction; when that fails, one by one, so that a bad one spoils only itself."""
        try:
            self._commit(batch)
        except (LoaError, SQLAlchemyError) as error:
            if len(batch) > 1:
                for heard in batch:
                    self._store([heard])
                return
            self._tally.refuse(f"storing_{type(error).__name__}", f"{batch[0].message.node}: {error}")
        except Exception:  # the last line of defence: no message a node sends may end the intake
            log.exception("intake failed on %d messages", len(batch))
            self._tally.count("intake_errors")

    def _commit(self, batch: Sequence[Heard]) -> None:
        with self._database.session() as s:
            stored = [(heard.message.node, self._put(s, heard)) for heard in batch]
        for node, ids in stored:
            if ids:
                acks = Acks(node=node, receipts=tuple(ids))
                self._publish(topics.acks(self._station, node), encode(acks), 1)

    def _put(self, s: Session, heard: Heard) -> list[str]:
        """The ids to acknowledge once this is committed."""
        message = heard.message
        if isinstance(message, Receipts):
            self._tally.count("receipts", len(message.receipts))
            return receipts.store(s, node_id=message.node, receipts=message.receipts, now_at=heard.received_at)
        fresh = nodes.record_status(s, status=message, now_at=heard.received_at, fresh=not heard.retained)
        self._tally.count("statuses" if fresh else "statuses_stale")
        return []
