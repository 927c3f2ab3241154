"""From a committed order to the nodes: ``python -m bench.delivery [NODES]``.

Baseline: the same bytes from one bare publisher through the same Mosquitto to the same subscribers, in the same run.
The subscribers are sockets in one loop of this process, so both rows carry the same cost of listening.
"""

import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from bench.listeners import Account, Listeners
from broadcaster.delivery.broker.access import STATION_USER, BrokerAccess
from broadcaster.delivery.broker.mosquitto import Mosquitto, executable
from broadcaster.delivery.broker.sockets import free_port
from broadcaster.delivery.connection import Connection
from broadcaster.delivery.service import Delivery
from broadcaster.protocol import chunks, topics
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.broadcasts.freezing import BroadcastPlan, freeze
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.schema import AgendaIssue, Announcement, Clip, Person
from broadcaster.station.units import units
from broadcaster.station.vocabulary.states import AnnouncementState

STATION = "con-minh"
ORDERS = 40
SPEECH_BYTES = 126_000
"""A minute of speech as Opus at 16 kbit/s (shared codec table)."""


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
        self.accounts = self._settle(count)
        port = free_port(host)
        self.access = BrokerAccess(host=host, port=port, username=STATION_USER, password="p" * 24)
        broker = Mosquitto(folder=folder / "broker", access=self.access, station=STATION)
        self.delivery = Delivery(self.database, self.identity, broker, self.clips_dir, _now)
        self.delivery.start()
        self._people()
        self.clip = self.new_clip("announcement-for-bench")
        self.bare = _bare_connection(self.access)
        self.listeners = listen(port, self.accounts)
        _until(lambda: self.delivery.connected and not self.delivery.waiting)

    def stop(self) -> None:
        self.listeners.close()
        self.bare.stop()
        self.delivery.stop()
        self.database.dispose()

    def order(self, names: list[str], in_seconds: float, *, of: str = "announcement-for-bench") -> str:
        """Freeze a live order of an announcement on these nodes and commit it; its id."""
        with self.database.session() as s:
            announcement = s.get_one(Announcement, of)
            virtual_nodes = [nodes.get(s, name) for name in names]
            start_at = _now() + timedelta(seconds=in_seconds)
            return freeze(
                s,
                announcement,
                BroadcastPlan(start_at=start_at, nodes=virtual_nodes, live=True),
                by=None,
                now_at=_now(),
            ).id

    def token(self) -> bytes:
        """The agenda of the first node as it is now."""
        with self.database.reading() as s:
            return bytes(s.get_one(AgendaIssue, self.accounts[0].name).token)

    def settle(self) -> None:
        _until(lambda: not self.delivery.waiting)

    def _settle(self, count: int) -> list[Account]:
        accounts = []
        with self.database.session() as s:
            unit = units.add_unit(s, name="Côn Minh", kind="commune", now_at=_now())
            for number in range(count):
                name = f"node-{number}"
                _, password = nodes.add_node(s, name=name, unit_id=unit.id, by=None, now_at=_now(), node_id=name)
                accounts.append(Account(name, password, (topics.agenda(STATION, name), topics.acks(STATION, name))))
        return accounts

    def _people(self) -> None:
        with self.database.session() as s:
            s.add(Person(id="officer", username="canbo", full_name="Cán bộ", password_hash="x", created_at=_now()))

    def new_clip(self, announcement: str, data: bytes = b"", *, duration_ms: int = 60_000) -> str:
        """An approved announcement of this id with sound nobody has, a minute's bytes unless given; its sha256."""
        data = data or secrets.token_bytes(SPEECH_BYTES)
        ref = chunks.describe(data, duration_ms=duration_ms)
        (self.clips_dir / f"{ref.sha256}.ogg").write_bytes(data)
        with self.database.session() as s:
            s.add(
                Clip(
                    sha256=ref.sha256,
                    plan_hash=ref.sha256,
                    size_bytes=len(data),
                    duration_ms=duration_ms,
                    engine="bench",
                    loudness_lufs=-16.0,
                    created_at=_now(),
                )
            )
            s.flush()
            s.add(
                Announcement(
                    id=announcement,
                    title="Thông báo",
                    text="x",
                    broadcast_class=BroadcastClass.PRIORITY,
                    state=AnnouncementState.APPROVED,
                    created_by_id="officer",
                    updated_by_id="officer",
                    created_at=_now(),
                    updated_at=_now(),
                    script="x",
                    clip_sha256=ref.sha256,
                    content_hash="0" * 64,
                )
            )
        return ref.sha256


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
    print(f"{'order to one virtual_node, committed → agenda heard':46} {'p50 ms':>8} {'p95 ms':>8} {'max ms':>8}")
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


def _now() -> datetime:
    return datetime.now(UTC)


def _p95(found: list[float]) -> float:
    return sorted(found)[max(0, round(len(found) * 0.95) - 1)]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
