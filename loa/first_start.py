"""What must be true before anything starts: a folder that can be written, free ports, people who can log in."""

import fcntl
import json
import os
import socket
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from broadcaster.config import Config
from broadcaster.delivery.broker.access import BrokerAccess
from broadcaster.delivery.broker.sockets import reachable
from broadcaster.errors import Unavailable
from broadcaster.private_files import write_private
from broadcaster.protocol import codec
from broadcaster.protocol.enrolment import BrokerAddress
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.upkeep import demo as demonstration

PROBE_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class Login:
    """role: what the person does, in words; username, password: as typed into the console."""

    role: str
    username: str
    password: str


@dataclass(frozen=True, slots=True)
class VirtualNode:
    """id, name: of the node; command: the ``loa`` arguments that run it."""

    id: str
    name: str
    command: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FirstStart:
    """logins: made at the first start and shown until somebody changes them; nodes: the virtual ones of the demo."""

    logins: tuple[Login, ...]
    nodes: tuple[VirtualNode, ...]


def hold_data_dir(config: Config, parts: ExitStack) -> None:
    """Make the data folder ours alone until ``parts`` closes. Raises Unavailable with what to do."""
    folder = config.data_dir.absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        _probe(folder / ".probe")
        lock = parts.enter_context((folder / "run.lock").open("a"))
    except OSError as error:
        raise Unavailable("data_dir.not_writable", folder=folder, cause=error.strerror) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise Unavailable("data_dir.in_use", folder=folder) from None


def check_ports(config: Config) -> None:
    """Raises Unavailable naming the first port that another program holds, and the setting that moves ours."""
    _check_port("bàn điều khiển", config.web.host, config.web.port, "LOA_WEB__PORT")
    if config.broker.kind != "external" and config.broker.port:
        _check_port("broker MQTT", config.broker.host, config.broker.port, "LOA_BROKER__PORT")


def settle_in(config: Config, database: Database, access: BrokerAccess, *, demo: bool) -> FirstStart:
    """Keys, people and (for the demo) a commune with virtual nodes: made once, found again at every later start."""
    identity = StationIdentity.load_or_create(config.data_dir.absolute(), config.station.id)
    folder = config.data_dir.absolute()
    with database.session() as s:
        made = demonstration.first_logins(s, demo=demo, now_at=datetime.now(UTC))
    logins = _keep_logins(folder / "first-logins.json", [Login(*one) for one in made])
    nodes = _virtual_nodes(config, database, identity, access) if demo else ()
    return FirstStart(logins=logins, nodes=nodes)


def _keep_logins(path: Path, made: list[Login]) -> tuple[Login, ...]:
    """A password is in the database only as its hash; the first ones are kept beside it for the owner's eyes."""
    earlier = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    known = {one["username"]: one for one in earlier} | {one.username: asdict(one) for one in made}
    if made:
        write_private(path, json.dumps(list(known.values()), ensure_ascii=False, indent=1))
    return tuple(Login(**one) for one in known.values())


def _virtual_nodes(
    config: Config, database: Database, identity: StationIdentity, access: BrokerAccess
) -> tuple[VirtualNode, ...]:
    folder = config.data_dir.absolute() / "nodes"
    pinned = Path(access.tls_ca_file).read_text(encoding="ascii") if access.tls_ca_file else ""
    address = BrokerAddress(host=reachable(access.host), port=access.port, tls_ca_pem=pinned)
    with database.session() as s:
        for bundle in demonstration.demo_nodes(s, identity=identity, broker=address, now_at=datetime.now(UTC)):
            (folder / bundle.node).mkdir(parents=True, exist_ok=True, mode=0o700)
            write_private(folder / bundle.node / "bundle.json", codec.encode(bundle).decode())
    return tuple(_virtual_node(path) for path in sorted(folder.glob("*/bundle.json")))


def _virtual_node(bundle: Path) -> VirtualNode:
    name = json.loads(bundle.read_text(encoding="utf-8"))["name"]
    folder = bundle.parent
    # A virtual node shares the station's clock, so there is nothing to synchronise.
    command = ("node", "--bundle", str(bundle), "--data", str(folder), "--sound", "file", "--trust-clock")
    return VirtualNode(id=folder.name, name=name, command=command)


def _check_port(what: str, host: str, port: int, setting: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Unavailable(
                "process.port_taken",
                port=port,
                what=what,
                host=host,
                cause=error.strerror,
                setting=setting,
                other_port=port + 1,
            ) from None


def _probe(path: Path) -> None:
    """A full disk is found now, with a sentence, and not in the middle of a migration."""
    try:
        with path.open("wb") as file:
            file.write(bytes(PROBE_BYTES))
            file.flush()
            os.fsync(file.fileno())
    finally:
        path.unlink(missing_ok=True)
