"""Readings of gauges: taken from the broker in bounds, stored in the intake's own thread, and said to the nodes when
they came by HTTP."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from broadcaster.delivery.counters import DeliveryCounters
from broadcaster.errors import LoaError, Unavailable
from broadcaster.protocol.codec import encode
from broadcaster.protocol.gauges.readings import MOST_READINGS, Reading, Readings
from broadcaster.protocol.mqtt import topics
from broadcaster.station.crossings import taking
from broadcaster.station.database.engine import Database
from broadcaster.station.database.unwritten import Unwritten
from broadcaster.station.gauges import gauges, readings

log = logging.getLogger(__name__)

WAITING = 1_000
"""Messages; the oldest go first when gauges say more than the database takes."""
OVERLAP = timedelta(seconds=10)
"""What came by HTTP is said again for so long: transactions end later than they began."""
LOOK_SECONDS = 5.0

Publish = Callable[[str, bytes, int], object]


class Sensors:
    """``hear`` is called in the networks' threads, ``store`` by the one that stores, ``say`` by one that looks."""

    def __init__(
        self,
        database: Database,
        *,
        station: str,
        publish: Publish,
        tally: DeliveryCounters,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._station = station
        self._publish = publish
        self._tally = tally
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: deque[tuple[str, Readings]] = deque()
        self._since_at = clock()
        self._said: dict[tuple[str, datetime], None] = {}
        self._unwritten = Unwritten(database, at_most_seconds=LOOK_SECONDS)

    @property
    def waiting(self) -> int:
        """Messages that are not in the database yet."""
        return len(self._waiting)

    def hear(self, sender: str, message: Readings) -> None:
        """Keep it until it is stored."""
        with self._lock:
            if len(self._waiting) >= WAITING:
                dropped, _ = self._waiting.popleft()
                self._tally.refuse("excess_readings", dropped)
            self._waiting.append((sender, message))

    def store(self) -> None:
        """Take in what was heard; what the database does not take waits on, what is wrong is counted and dropped."""
        while True:
            with self._lock:
                if not self._waiting:
                    return
                sender, message = self._waiting[0]
            try:
                self._take(sender, message)
            except Unavailable as error:
                log.warning("readings wait for the database: %s", error)
                return
            except LoaError as error:
                self._tally.refuse(error.code, f"{sender}: {error}")
            except Exception as error:  # the last line of defence: no message may end the intake
                log.exception("readings of %s could not be stored", sender)
                self._tally.refuse(f"readings_{type(error).__name__}", sender)
            with self._lock:
                if self._waiting and self._waiting[0] == (sender, message):
                    self._waiting.popleft()

    def say(self) -> None:
        """Tell the nodes what gauges said by HTTP; the same again changes nothing there."""
        if self._unwritten.still():
            return
        now_at = self._clock()
        try:
            with self._database.reading() as s:
                rows = readings.by_http_since(s, self._since_at - OVERLAP)
                senders = {each.gauge_id: gauges.get(s, each.gauge_id).sender for each in rows}
        except LoaError as error:
            self._unwritten.forget()
            log.warning("what gauges said cannot be looked for: %s", error)
            return
        found: dict[str, list[Reading]] = {}
        for row in rows:
            if (row.gauge_id, row.at) not in self._said:
                found.setdefault(row.gauge_id, []).append(Reading(at=row.at, value=row.value))
        self._said = {(row.gauge_id, row.at): None for row in rows}
        self._since_at = now_at
        for gauge, said in found.items():
            for start in range(0, len(said), MOST_READINGS):
                message = Readings(gauge=gauge, readings=tuple(said[start : start + MOST_READINGS]))
                self._publish(topics.sensor(self._station, senders[gauge]), encode(message), 1)

    def _take(self, sender: str, message: Readings) -> None:
        with self._database.session(gives_way=True) as s:
            taken = taking.take_of_sender(s, sender, message.gauge, message.readings, now_at=self._clock())
        self._tally.count("readings", len(taken.fresh))
        for each in taken.refused:
            self._tally.refuse(each.code, f"{sender}: {each}")
