"""Everything between the database and the nodes, started and stopped as one."""

import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from broadcaster.config import DeliverySettings
from broadcaster.delivery.broker.access import BrokerAccess
from broadcaster.delivery.broker.credentials import Credential
from broadcaster.delivery.broker.embedded.broker import Embedded
from broadcaster.delivery.broker.external import External
from broadcaster.delivery.broker.port import Broker
from broadcaster.delivery.clips.stock import Stock
from broadcaster.delivery.clips.uploads import Uploads
from broadcaster.delivery.connection import Connection, Incoming
from broadcaster.delivery.copies.watch import CopyWatch
from broadcaster.delivery.counters import DeliveryCounters
from broadcaster.delivery.heartbeat import DeliveryHeartbeat
from broadcaster.delivery.intake.audit_heads import AuditHeads
from broadcaster.delivery.intake.companions import Companions, ProcessIdentity
from broadcaster.delivery.intake.intake import OTHERS, RECEIPTS, Intake
from broadcaster.delivery.intake.suspensions import Suspensions
from broadcaster.delivery.issuing import Issuer
from broadcaster.delivery.postings import Postings
from broadcaster.delivery.publisher import Outlets, Publisher
from broadcaster.protocol.status import NodeStatus
from broadcaster.station.clips import clips
from broadcaster.station.copies import places, second_copy
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.releases import wheels
from broadcaster.station_clock import StationClock

BEHIND = 10_000
"""With so many facts and statuses waiting the intake counts as behind."""


class DeliveryService:
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
        self.tally = DeliveryCounters()
        self._database = database
        self._clock = clock
        self._admission = threading.Lock()
        self._accounts: tuple[Credential, ...] = ()
        self._admitted: tuple[Credential, ...] = ()
        self._suspended: frozenset[str] = frozenset()
        self._copies = CopyWatch(database, clips_dir.parent, clock=clock)
        life, chunk_bytes = timedelta(days=settings.agenda_days), settings.chunk_bytes
        self._issuer = Issuer(database, identity, clock=clock, life=life, chunk_bytes=chunk_bytes, watch=self._copies)
        self._connection, self._publisher, self._intake = self._wire(identity.station, clips_dir, settings)
        self._audit_heads = AuditHeads(database, station=identity.station, public_key=identity.public_key, clock=clock)
        self._intake.on_status = self._hear_head
        self._clock_stated: Callable[[], dict[str, Any]] = dict
        self._intake.on_stored, self._intake.withholds = self._copies.wake, self._copies.withholds
        who = ProcessIdentity.own(_folder(database, clips_dir.parent))
        self._companions = Companions(database, clock, identity=who, on_change=self._intake.take_over)
        self._intake.takes = self._companions.takes
        self._hearing = [
            Connection(self.broker.access, filters=self._intake.filters(leaves), on_message=self._intake.hear)
            for leaves in (OTHERS, RECEIPTS)
        ]
        self._suspensions = Suspensions(self._intake.conduct.excess)
        self._heartbeat = self._build_heartbeat()

    def _build_heartbeat(self) -> DeliveryHeartbeat:
        return DeliveryHeartbeat(
            self._database,
            detail=self._detail,
            checks=self._checks(),
            at_each_round=self._at_each_round,
            companions=self._companions,
        )

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
        self._copies.settle()
        self._companions.look()
        self._apply(self._issuer.accounts())
        self.broker.start()
        self._intake.start()
        for connection in (self._connection, *self._hearing):
            connection.start()
        self._publisher.start()
        self._heartbeat.start()

    def stop(self) -> None:
        self._heartbeat.stop()
        self._publisher.stop()
        for connection in (*self._hearing, self._connection):
            connection.stop()
        self._intake.stop()
        self._audit_heads.store()
        self.broker.stop()

    def _wire(self, station: str, clips_dir: Path, settings: DeliverySettings) -> tuple[Connection, Publisher, Intake]:
        uploads = Uploads(station=station, path_of=lambda sha256: _file(clips_dir, sha256))
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
            watch=self._copies,
        )
        return connection, publisher, intake

    def _clips_in_use(self) -> set[str]:
        with self._database.reading() as s:
            return clips.in_use(s, self._clock())

    def publish_live(self, topic: str, payload: bytes) -> None:
        """A packet of live sound, worth nothing if it came late: dropped when there is no connection."""
        self._connection.publish(topic, payload, qos=0)

    def watch(self, hindrance: str, check: Callable[[], bool]) -> None:
        """Report one more hindrance of this name as long as ``check`` sees it."""
        self._heartbeat.checks[hindrance] = check

    def vouch_by(self, clock: StationClock) -> None:
        """Tell nodes that ask for the time how far the station's clock is trusted, and learn the time from those that
        are sure of it."""
        self._intake.clock_state = clock.state
        self._intake.hear_time = clock.hear
        self._clock_stated = clock.stated

    def _apply(self, accounts: Iterable[Credential]) -> None:
        self._accounts = tuple(accounts)
        self._admit()

    def _hear_head(self, status: NodeStatus) -> None:
        if status.agenda_audit and not self._audit_heads.hear(status.node, status.agenda_audit):
            self.tally.refuse("audit_head_unsigned", status.node)

    def _at_each_round(self) -> None:
        if self._companions.together:
            self._copies.wake()  # of what others store nothing is heard here
        self._suspend()
        self._audit_heads.store()
        self._intake.sensors.say()

    def _suspend(self) -> None:
        self._suspended = self._suspensions.now()
        self._admit()

    def _admit(self) -> None:
        """Have the broker admit whom the database names, but for those who flood it."""
        with self._admission:
            wanted = tuple(each for each in self._accounts if each.username not in self._suspended)
            if wanted != self._admitted:
                self.broker.apply(wanted)
                self._admitted = wanted

    def _checks(self) -> dict[str, Callable[[], bool]]:
        intake, broker = self._intake, self.broker
        return {
            "database_refuses": lambda: intake.hindered,
            "intake_behind": lambda: intake.waiting >= BEHIND,
            "node_floods": lambda: bool(self._suspended or intake.conduct.lately("excess")),
            "node_unknown_receipts": lambda: intake.conduct.lately("unknown"),
            second_copy.HINDRANCE: lambda: not self._copies.alone,
            "broker_untold": lambda: isinstance(broker, External) and (broker.untold or broker.closed),
            "broker_crowded": lambda: isinstance(broker, Embedded) and broker.admission.crowded,
        }

    def _detail(self) -> dict[str, Any]:
        return {
            "connected": self.connected,
            "broker": self.broker.kind,
            "waiting": self.waiting,
            "intake_waiting": self._intake.waiting,
            "unreadable_clips": sorted(self._publisher.stock.unreadable),
            "counts": self.tally.read(),
            "conduct": self._intake.conduct.report(),
            "suspended": sorted(self._suspended),
            "clock": self._clock_stated(),
        }


def _file(clips_dir: Path, sha256: str) -> Path:
    """A clip, or a file of a newer program for the nodes."""
    clip = clips.path(clips_dir, sha256)
    return clip if clip.exists() else wheels.path(clips_dir.parent, sha256)


def _folder(database: Database, folder: Path) -> str:
    """Where a database that is a file lies, told from every copy of it; empty for a server's."""
    return places.place_of(folder) if database.url.get_backend_name() == "sqlite" else ""
