"""The demo commune with its console on a free port, clips made by the real voice, and nodes played by the test."""

import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from broadcaster.audio.copies.making import CopyMaker
from broadcaster.certificates import server_certificate
from broadcaster.config import Config, WebSettings
from broadcaster.errors import Unavailable
from broadcaster.production import Production
from broadcaster.protocol.enrolment import BrokerAddress
from broadcaster.protocol.receipts import Receipt
from broadcaster.protocol.status import NodeHealth, NodeStatus
from broadcaster.protocol.values import ClockState, DeliveryState
from broadcaster.rendering import build_renderer
from broadcaster.speech.settings import SpeechSettings
from broadcaster.station.broadcasts import receipts
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.people import people
from broadcaster.station.rows import heartbeats
from broadcaster.station.schema import Broadcast
from broadcaster.station.upkeep import demo
from scheduler.service import SchedulerService
from web.app import create_app
from web.serve import listen, serve_on

HEARTBEAT_SECONDS = 5.0


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Stage:
    """The console as a browser meets it.

    address: of the console, without a slash at its end.
    database: what the station knows.
    passwords: of the demo's people, by username.
    nodes: ids of the demo's nodes.
    app: the application itself, for asking what it answers to.
    """

    address: str
    database: Database
    passwords: dict[str, str]
    virtual_nodes: list[str]
    app: Flask
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def hire(self, username: str, full_name: str, role: str, *, unit_id: str = "con-minh") -> None:
        """Somebody besides the demo's three; hiring again changes nothing."""
        if username in self.passwords:
            return
        with self.database.session() as s:
            _person, self.passwords[username] = people.add_person(
                s,
                username=username,
                full_name=full_name,
                password=None,
                roles=[(unit_id, role)],
                by=None,
                now_at=now(),
            )

    def latest_broadcast(self) -> str:
        with self.database.reading() as s:
            return s.query(Broadcast).order_by(Broadcast.created_at.desc()).first().id  # type: ignore[union-attr]

    def report(
        self, broadcast: str, virtual_node: str, state: DeliveryState, *, played_ms: int = 0, reason: str = ""
    ) -> None:
        """A node states a fact, as the intake would store it."""
        number = next(self._numbers)
        fact = Receipt(
            receipt=f"receipt-{number:06d}",
            broadcast=broadcast,
            state=state,
            at=now(),
            sequence=number,
            played_ms=played_ms,
            reason=reason,
        )
        with self.database.session() as s:
            receipts.store(s, node_id=virtual_node, receipts=[fact], now_at=now())

    def online(self, virtual_node: str, *, online: bool = True, **more: object) -> None:
        """A node says how it is."""
        stated = {
            "clock": ClockState.SYNCED,
            "clock_error_ms": 4,
            "sound": "file",
            "software": "0.1.0",
            "volume_percent": 90,
            "health": NodeHealth(temperature_celsius=46.0, free_bytes=21_400_000_000, bytes_this_month=3_200_000),
        } | more
        status = NodeStatus(node=virtual_node, connection=next(self._numbers), online=online, at=now(), **stated)  # type: ignore[arg-type]
        with self.database.session() as s:
            nodes.record_status(s, status=status, now_at=now())


@contextmanager
def open_stage(data_dir: Path, *, encrypted: bool = False) -> Iterator[Stage]:
    """Everything but broker and nodes; ended when the block is left. ``encrypted``: it speaks TLS by its authority."""
    speech = SpeechSettings(engines=("espeak",))
    config = Config(
        data_dir=data_dir, speech=speech, web=WebSettings(threads=16, encryption="always" if encrypted else "auto")
    )
    database = Database(config.database_url)
    database.migrate()
    passwords, virtual_nodes = _people_and_virtual_nodes(database, config)
    listening = listen("127.0.0.1", 0)
    certificate = server_certificate.of_console(config, now)
    address = f"{'https' if certificate else 'http'}://127.0.0.1:{listening.getsockname()[1]}"
    stop = threading.Event()
    app = create_app(config, database)
    production = Production(database, build_renderer(config), config.clips_dir, now)
    copies = CopyMaker(config.clips_dir, bitrate_bps=config.audio.m4a_bitrate_bps)
    threads = [
        threading.Thread(target=copies.run, args=(stop,), name="copies"),
        threading.Thread(
            target=serve_on, args=(app, listening, stop), kwargs={"certificate": certificate}, name="console"
        ),
        threading.Thread(target=production.run, args=(stop,), name="production"),
        threading.Thread(target=_beat, args=(database, stop), name="heartbeats"),
    ]
    for thread in threads:
        thread.start()
    scheduler = SchedulerService(database, config, now)
    scheduler.start()
    try:
        yield Stage(address, database, passwords, virtual_nodes, app)
    finally:
        stop.set()
        scheduler.stop()
        for thread in threads:
            thread.join(timeout=60)
        database.dispose()


def _people_and_virtual_nodes(database: Database, config: Config) -> tuple[dict[str, str], list[str]]:
    identity = StationIdentity.load_or_create(config.data_dir, config.station.id)
    with database.session() as s:
        logins = demo.seed(s, now_at=now())
        broker = BrokerAddress(host="127.0.0.1", port=1883)
        virtual_nodes = [bundle.node for bundle in demo.demo_nodes(s, identity=identity, broker=broker, now_at=now())]
    return {username: password for _does, username, password in logins}, virtual_nodes


def _beat(database: Database, stop: threading.Event) -> None:
    while True:
        with suppress(Unavailable):  # who writes for long keeps a sign of life waiting, as in a real station
            _give_signs(database)
        if stop.wait(HEARTBEAT_SECONDS):
            return


def _give_signs(database: Database) -> None:
    with database.session() as s:
        for name in ("station", "publisher"):
            heartbeats.beat(s, name, now(), {"connected": True})
