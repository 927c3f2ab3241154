"""A whole commune on free ports in an empty folder: station with its Mosquitto, console, and nodes behind bad lines."""

import os
import shutil
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from broadcaster import config as configuration
from broadcaster.certificates import authority
from broadcaster.config import Config
from broadcaster.protocol.codec import encode
from broadcaster.protocol.enrolment import BrokerAddress
from broadcaster.station.database.engine import Database
from broadcaster.station.emergencies import phrasebook
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.people import people, tokens
from broadcaster.station.rows import heartbeats, settings
from broadcaster.station.upkeep import demo
from broadcaster.station.upkeep.opening import open_database
from speaker_node.setup.pinned_tls import pinned_context
from tests.chaos.faults import broken
from tests.chaos.judging.diary import Diary
from tests.chaos.judging.facts import Remembered
from tests.chaos.village.card import Card
from tests.chaos.village.daemons import BrokerDaemon, Daemon
from tests.chaos.village.hands import Hands, move
from tests.chaos.village.line import Line
from tests.rig.mosquitto import free_port
from tests.rig.running.busy import stretched
from tests.rig.shifted_clock import ShiftedClock

HAMLETS = ("ban-cuon", "lung-pang", "lung-vai", "ang-hin", "na-lang")
PEOPLE = ("canbo", "chutich", "quantri")


@dataclass(frozen=True, slots=True)
class Breaks:
    """Deliberate breaks, by their names in ``broken``; ``-`` is none.

    station, node: of which build.
    """

    station: str = broken.SOUND
    node: str = broken.SOUND


@dataclass
class VirtualNode:
    """One node of the village.

    id: of the node; daemon: its process; line: to the broker.
    data: ledger, agenda, clips; heard: its recordings, kept apart from ``data``.
    memory: what outlives the process, but not the power.
    hands: file that moves its clock; card: when ``data`` is a file system of its own.
    removed: the commune took it out of service.
    """

    id: str
    daemon: Daemon
    line: Line
    data: Path
    memory: Path
    heard: Path
    hands: Path
    card: Card | None = None
    removed: bool = False


@dataclass
class Village:
    """Everything that lives, dies and is judged.

    remembered: what the station knew before it was turned back.
    findings: violations that were seen while it lived.
    station_clock: by which the station's process lives; None where it cannot be shifted.
    struck: faults of the menu that happened; one may be several happenings in the diary.
    unjudged: nodes that are no process of the bench: nothing of them can be heard.
    still: held by whoever uses the database, so that it is not replaced meanwhile.
    """

    folder: Path
    config: Config
    database: Database
    identity: StationIdentity
    diary: Diary
    station: Daemon
    web: Daemon
    broker: BrokerDaemon
    environ: dict[str, str]
    breaks: Breaks
    virtual_nodes: dict[str, VirtualNode] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    seed: int = 0
    remembered: Remembered = field(default_factory=Remembered)
    findings: list[Any] = field(default_factory=list)
    station_clock: ShiftedClock | None = None
    struck: int = 0
    unjudged: set[str] = field(default_factory=set)
    still: threading.Lock = field(default_factory=threading.Lock)

    @property
    def standing(self) -> list[VirtualNode]:
        """The nodes in service."""
        return [virtual_node for virtual_node in self.virtual_nodes.values() if not virtual_node.removed]

    def person(self, s: Any, username: str) -> Any:
        found = people.find(s, username)
        assert found
        return found

    def add_virtual_node(self, hamlet: str, *, on_card: bool = False) -> VirtualNode:
        """Enrol a node in this hamlet, lay its line and start it."""
        line = Line(self.config.broker.port, seed=self.seed + len(self.virtual_nodes))
        with self.database.session() as s:
            name = f"Cụm loa {hamlet} {len(self.virtual_nodes)}"
            node, password = nodes.add_node(s, name=name, unit_id=hamlet, by=None, now_at=datetime.now(UTC))
            address = BrokerAddress(host="127.0.0.1", port=line.port)
            bundle = nodes.bundle(s, node=node, password=password, identity=self.identity, broker=address)
        home = self.folder / "nodes" / bundle.node
        home.mkdir(parents=True)
        (home / "bundle.json").write_bytes(encode(bundle))
        move(home / "hands.json", Hands())
        card = Card(home / "card.img", home / "data") if on_card else None
        options = ("--bundle", str(home / "bundle.json"), "--data", str(home / "data"))
        module = (
            "tests.chaos.village.virtual_node",
            str(home / "hands.json"),
            str(home / "heard"),
            self.breaks.node,
            *options,
        )
        memory = home / "memory"
        memory.mkdir()
        environ = self.environ | {"RUNTIME_DIRECTORY": str(memory)}
        daemon = Daemon(bundle.node, module, log=home / "node.log", environ=environ, diary=self.diary)
        virtual_node = VirtualNode(
            bundle.node, daemon, line, home / "data", memory, home / "heard", home / "hands.json", card
        )
        self.virtual_nodes[virtual_node.id] = virtual_node
        daemon.start()
        return virtual_node

    def remove_virtual_node(self, virtual_node: VirtualNode) -> None:
        """Revoke it; it runs on and finds itself locked out."""
        with self.database.session() as s:
            by = self.person(s, "quantri")
            nodes.revoke_node(s, node=nodes.get(s, virtual_node.id), by=by, now_at=datetime.now(UTC))
        virtual_node.removed = True
        self.diary.begin("revoked", virtual_node.id, fault=False)

    def forgotten(self) -> None:
        """The station was turned back: nodes that it does not know any more are nobody's."""
        with self.database.reading() as s:
            known = {node.id for node in nodes.listing(s)}
        for virtual_node in self.standing:
            if virtual_node.id not in known:
                virtual_node.removed = True
                self.diary.begin("forgotten", virtual_node.id, fault=False)

    def console_context(self) -> ssl.SSLContext:
        """With which browsers and programs speak with the console: they know the station's authority."""
        return pinned_context(authority.certificate_file(self.config).read_text())

    def web_answers(self) -> bool:
        """Somebody listens at the console's port."""
        try:
            socket.create_connection(("127.0.0.1", self.config.web.port), timeout=2).close()
        except OSError:
            return False
        return True

    def station_ready(self) -> bool:
        """Its parts gave signs of life since it was started, and the broker is reached."""
        with self.database.reading() as s:
            beats = heartbeats.read(s)
        return "publisher" in beats and bool(beats["publisher"].detail.get("connected"))


def until(fact: Callable[[], Any], *, seconds: float, what: str) -> Any:
    """The first true answer; fails saying what was waited for."""
    began = time.monotonic()
    while not (found := fact()):
        if time.monotonic() - began > stretched(seconds):
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.1)
    return found


def _environ(folder: Path) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("LOA_")}
    return plain | {
        "LOA_DATA_DIR": str(folder / "var"),
        "LOA_WEB__PORT": str(free_port()),
        "LOA_WEB__ENCRYPTION": "always",
        "LOA_BROKER__PORT": str(free_port()),
        "LOA_BROKER__KIND": "mosquitto",
        "LOA_ENROLMENT__PORT": str(free_port()),
        "LOA_SPEECH__ENGINES": "[espeak]",
        "LOA_SCHEDULE__ROUTINE_GRACE_MINUTES": "2",
        "LOA_DELIVERY__RECONCILE_MINUTES": "1",
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "error",
    }


@contextmanager
def village(
    folder: Path,
    *,
    seed: int,
    virtual_nodes: int,
    breaks: Breaks = Breaks(),
    card: bool = True,
    more: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Village]:
    """A village that stands: everything started, every node's agenda on its card. All of it ends with the block.

    ``more`` settings stand over its own.
    """
    environ = _environ(folder) | more
    config = configuration.load(None, environ)
    diary = Diary()
    database = open_database(config)
    database.migrate()
    identity = StationIdentity.load_or_create(config.data_dir, config.station.id)
    logs = folder / "log"
    module = ("loa", "station") if breaks.station == broken.SOUND else ("tests.chaos.faults.broken", breaks.station)
    station = Daemon("station", module, log=logs / "station.log", environ=environ, diary=diary)
    web = Daemon("web", ("loa", "web"), log=logs / "web.log", environ=environ, diary=diary)
    broker = BrokerDaemon(config.data_dir / "broker", diary)
    here = Village(folder, config, database, identity, diary, station, web, broker, environ, breaks, seed=seed)
    if shutil.which("gcc"):
        here.station_clock = ShiftedClock(folder / "clock")
        station.environ |= here.station_clock.environ
    try:
        _settle_in(here)
        station.start()
        web.start()
        until(here.station_ready, seconds=60, what="the station")
        until(here.web_answers, seconds=60, what="the console")
        for number in range(virtual_nodes):
            here.add_virtual_node(HAMLETS[number % len(HAMLETS)], on_card=card and number == 0 and Card.possible())
        yield here
    finally:
        _end(here)


def _settle_in(here: Village) -> None:
    now_at = datetime.now(UTC)
    with here.database.session() as s:
        demo.seed(s, now_at=now_at)
        settings.write(s, phrasebook.SHIPPED, True)  # nobody here needs ready texts, and their clips take seconds
        for username in PEOPLE:
            here.tokens[username] = tokens.add_token(
                s, person=here.person(s, username), name="bàn thử", now_at=now_at, days=1
            )


def _end(here: Village) -> None:
    for virtual_node in here.virtual_nodes.values():
        virtual_node.daemon.retire(politely=False)
        virtual_node.line.close()
        if virtual_node.card:
            shutil.copytree(
                virtual_node.data,
                virtual_node.data.with_name("data-at-the-end"),
                ignore=shutil.ignore_patterns("lost+*"),
            )
            virtual_node.card.eject()
    here.broker.thaw()
    here.web.retire()
    here.station.retire()
    here.database.dispose()


def log_tail(path: Path, lines: int = 30) -> str:
    """The last words of a daemon."""
    if not path.exists():
        return ""
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
