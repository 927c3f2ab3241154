"""Everything between the database and the nodes, started and stopped as one."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from broadcaster.config import DeliverySettings
from broadcaster.delivery.broker.access import BrokerAccess
from broadcaster.delivery.broker.credentials import Credential
from broadcaster.delivery.broker.external import External
from broadcaster.delivery.broker.port import Broker
from broadcaster.delivery.connection import Connection, Incoming
from broadcaster.delivery.intake.intake import OTHERS, RECEIPTS, Intake
from broadcaster.delivery.issuing import Issuer
from broadcaster.delivery.postings import Postings
from broadcaster.delivery.publisher import Outlets, Publisher
from broadcaster.delivery.stock import Stock
from broadcaster.delivery.tally import Tally
from broadcaster.delivery.uploads import Uploads
from broadcaster.errors import LoaError
from broadcaster.station.clips import clips
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.rows import heartbeats

log = logging.getLogger(__name__)

BEAT_SECONDS = 10.0
HEARTBEAT = "publisher"


class Delivery:
    """Publishes agendas and clips, stores what nodes say, and runs the broker when it is ours.

    ``broker`` is one from ``broker.choice.choose``, or the access to one that runs already.
    """

    def __init__(
        self,
        database: Database,
        identity: StationIdentity,
        broker: Broker | BrokerAccess,
        clips_dir: Path,
        clock: Callable[[], datetime],
        *,
        settings: DeliverySettings | None = None,
    ) -> None:
        settings = settings or DeliverySettings()
        self.broker: Broker = External(broker) if isinstance(broker, BrokerAccess) else broker
        self.tally = Tally()
        self._database = database
        self._clock = clock
        self._accounts: tuple[Credential, ...] = ()
        self._issuer = Issuer(
            database,
            identity,
            clock=clock,
            life=timedelta(days=settings.agenda_days),
            chunk_bytes=settings.chunk_bytes,
        )
        self._connection, self._publisher, self._intake = self._wire(identity.station, clips_dir, settings)
        self._hearing = [
            Connection(self.broker.access, filters=self._intake.filters(leaves), on_message=self._intake.hear)
            for leaves in (OTHERS, RECEIPTS)
        ]
        self._beating = threading.Event()
        self._beater: threading.Thread | None = None

    @property
    def connected(self) -> bool:
        """Whether the broker is reached now, both for speaking and for hearing."""
        return all(each.connected for each in (self._connection, *self._hearing))

    @property
    def waiting(self) -> int:
        """Agendas and chunks that still have to get to the broker."""
        return self._publisher.postings.waiting + self._publisher.stock.waiting

    def start(self) -> None:
        """Raises Unavailable when our own broker cannot start."""
        self._apply(self._issuer.accounts())
        self.broker.start()
        self._intake.start()
        for connection in (self._connection, *self._hearing):
            connection.start()
        self._publisher.start()
        self._beating.clear()
        self._beater = threading.Thread(target=self._beat, name="publisher-heartbeat", daemon=True)
        self._beater.start()

    def stop(self) -> None:
        self._beating.set()
        if self._beater is not None:
            self._beater.join(5)
        self._publisher.stop()
        for connection in (*self._hearing, self._connection):
            connection.stop()
        self._intake.stop()
        self.broker.stop()

    def _wire(self, station: str, clips_dir: Path, settings: DeliverySettings) -> tuple[Connection, Publisher, Intake]:
        uploads = Uploads(station=station, path_of=lambda sha256: clips.path(clips_dir, sha256))
        intake = Intake(
            self._database,
            station=station,
            publish=lambda topic, payload, qos: connection.publish(topic, payload, qos=qos),
            wish=lambda wants: publisher.wish(wants),  # noqa: PLW0108  # made below
            tally=self.tally,
            clock=self._clock,
        )

        def hear(incoming: Incoming) -> None:
            publisher.hear(incoming)

        connection = Connection(self.broker.access, filters=(), on_message=hear)
        stock = Stock(connection, uploads, station=station, tally=self.tally)
        publisher = Publisher(
            self._issuer,
            connection,
            stock,
            Postings(connection, stock, station=station, tally=self.tally),
            outlets=Outlets(in_use=self._clips_in_use, on_credentials=self._apply),
            clock=self._clock,
            reconcile_seconds=settings.reconcile_minutes * 60.0,
        )
        return connection, publisher, intake

    def _clips_in_use(self) -> set[str]:
        with self._database.reading() as s:
            return clips.in_use(s, self._clock())

    def _apply(self, accounts: Iterable[Credential]) -> None:
        found = tuple(accounts)
        if found != self._accounts:
            self.broker.apply(found)
            self._accounts = found

    def _beat(self) -> None:
        """Write down every few seconds, and at once when the connection changes, how delivery is."""
        said: bool | None = None
        said_at = float("-inf")
        while True:
            connected = self.connected
            if connected is not said or time.monotonic() - said_at >= BEAT_SECONDS:
                self._say(connected)
                said, said_at = connected, time.monotonic()
            if self._beating.wait(0.5):
                self._say(False)
                return

    def _say(self, connected: bool) -> None:
        detail = {
            "connected": connected,
            "broker": self.broker.kind,
            "waiting": self.waiting,
            "unreadable_clips": sorted(self._publisher.stock.unreadable),
            "counts": self.tally.read(),
        }
        try:
            with self._database.session() as s:
                heartbeats.beat(s, HEARTBEAT, now_at=self._clock(), detail=detail)
        except LoaError as error:
            log.warning("the heartbeat could not be written: %s", error)
