"""From a committed order to the nodes: ``python -m bench.delivery [NODES]``.

Baseline: the same bytes from one bare publisher through the same Mosquitto to the same subscribers, in the same run.
The subscribers are sockets in one loop of this process, so both rows carry the same cost of listening.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from bench.rig import commune
from bench.rig.commune import ANNOUNCEMENT, STATION, now
from bench.rig.listeners import Account, Listeners
from broadcaster.delivery.broker.access import STATION_USER, BrokerAccess
from broadcaster.delivery.broker.mosquitto import Mosquitto, executable
from broadcaster.delivery.broker.sockets import free_port
from broadcaster.delivery.connection import Connection
from broadcaster.delivery.service import DeliveryService
from broadcaster.protocol.mqtt import topics
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.schema import AgendaIssue

ORDERS = 40


class Hearing(Protocol):
    """Whatever listens in the place of the nodes."""

    def close(self) -> None: ...


L = TypeVar("L", bound=Hearing)


def main(count: int) -> int:
    if executable() is None:
        print("Mosquitto is not installed: nothing to measure against.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        station = Station(Path(folder), count, listen=Listeners)
        try:
            punctuality(station)
            fan_out(station)
        finally:
            station.stop()
    return 0


class Station(Generic[L]):
    """A commune of ``count`` nodes with everything that delivers to them."""

    def __init__(
        self, folder: Path, count: int, *, listen: Callable[[int, list[Account]], L], host: str = "127.0.0.1"
    ) -> None:
        """``listen``: makes what listens in the place of the nodes, of the broker's port and their accounts.

        ``host``: where the broker listens.
        """
        self.database = Database(f"sqlite:///{folder}/loa.db")
        self.database.migrate()
        self.identity = StationIdentity.load_or_create(folder, STATION)
        self.clips_dir = folder / "clips"
        self.clips_dir.mkdir()
        self.accounts = commune.settle(self.database, count)
        port = free_port(host)
        self.access = BrokerAccess(host=host, port=port, username=STATION_USER, password="p" * 24)
        broker = Mosquitto(folder=folder / "broker", access=self.access, station=STATION)
        self.delivery = DeliveryService(self.database, self.identity, broker, self.clips_dir, now)
        self.delivery.start()
        self.clip = self.new_clip(ANNOUNCEMENT)
        self.bare = _bare_connection(self.access)
        self.listeners = listen(port, self.accounts)
        _until(lambda: self.delivery.connected and not self.delivery.waiting)

    def stop(self) -> None:
        self.listeners.close()
        self.bare.stop()
        self.delivery.stop()
        self.database.dispose()

    def order(self, names: list[str], in_seconds: float, *, of: str = ANNOUNCEMENT) -> str:
        """Freeze a live order of an announcement on these nodes and commit it; its id."""
        return commune.order(self.database, names, in_seconds=in_seconds, of=of)

    def token(self) -> bytes:
        """The agenda of the first node as it is now."""
        with self.database.reading() as s:
            return bytes(s.get_one(AgendaIssue, self.accounts[0].name).token)

    def settle(self) -> None:
        _until(lambda: not self.delivery.waiting)

    def new_clip(self, announcement: str, data: bytes = b"", *, duration_ms: int = 60_000) -> str:
        """An approved announcement of this id with sound nobody has, a minute's bytes unless given; its sha256."""
        return commune.new_clip(self.database, self.clips_dir, announcement, data, duration_ms=duration_ms)


def punctuality(station: Station[Listeners]) -> None:
    """Commit of an order to one node → that node has its agenda, the clip being there already."""
    station.order([station.accounts[0].name], in_seconds=3600)
    station.settle()
    name = station.accounts[0].name
    ours = []
    for _ in range(ORDERS):
        before = station.listeners.heard(name)
        station.order([name], in_seconds=3600)
        ours.append(station.listeners.await_more(name, before) * 1000)
    bare = _bare(station, [name], ORDERS)
    print(f"{'order to one node, committed → agenda heard':46} {'p50 ms':>8} {'p95 ms':>8} {'max ms':>8}")
    for label, found in (("this station (database, signature, MQTT)", ours), ("bare publish of the same bytes", bare)):
        print(f"{label:46} {statistics.median(found):8.1f} {_p95(found):8.1f} {max(found):8.1f}")


def fan_out(station: Station[Listeners]) -> None:
    """One order to all nodes: commit → the last of them has its agenda."""
    names = [account.name for account in station.accounts]
    ours = []
    for _ in range(5):
        marks = {name: station.listeners.heard(name) for name in names}
        station.order(names, in_seconds=3600)
        ours.append(max(station.listeners.await_more(name, mark) for name, mark in marks.items()) * 1000)
        station.settle()
    bare = _bare(station, names, 5)
    print(f"\n{f'order to {len(names)} nodes, committed → last agenda':46} {'p50 ms':>8} {'max ms':>8}")
    print(f"{'this station':46} {statistics.median(ours):8.1f} {max(ours):8.1f}")
    print(f"{'bare publish of the same bytes':46} {statistics.median(bare):8.1f} {max(bare):8.1f}")


def _bare(station: Station[Listeners], names: list[str], times: int) -> list[float]:
    """Milliseconds until the last has it, when a bare client publishes messages of the agendas' length."""
    payload = station.token()
    found = []
    for _ in range(times):
        marks = {name: station.listeners.heard(name) for name in names}
        for name in names:
            station.bare.publish(topics.acks(STATION, name), payload)
        found.append(max(station.listeners.await_more(name, mark) for name, mark in marks.items()) * 1000)
    return found


def _bare_connection(access: BrokerAccess) -> Connection:
    """Opened before thousands of listeners: paho waits with ``select``, which knows the first 1,024 files only."""
    connection = Connection(access, filters=[], on_message=lambda _: None)
    connection.start()
    _until(lambda: connection.connected)
    return connection


def _until(condition: Callable[[], object], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError("delivery did not settle")
        time.sleep(0.02)


def _p95(found: list[float]) -> float:
    return sorted(found)[max(0, round(len(found) * 0.95) - 1)]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
