"""Every broker that others run keeps the same contract, told of stations and nodes by what we export, by asking us, or
by its own interface."""

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from broadcaster.delivery.broker.access import BrokerAccess
from broadcaster.delivery.broker.cluster import mosquitto as mosquitto_files
from broadcaster.delivery.broker.cluster import rabbitmq as rabbitmq_files
from broadcaster.delivery.broker.cluster.book import AccountBook
from broadcaster.delivery.broker.cluster.management import choose
from broadcaster.delivery.broker.cluster.tenancy import Tenancy
from broadcaster.delivery.broker.credentials import Credential
from broadcaster.delivery.broker.external import External
from broadcaster.delivery.broker.port import Broker
from broadcaster.delivery.broker.sockets import free_port
from broadcaster.network_settings import BrokerSettings
from broadcaster.protocol.mqtt import topics
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from tests.integration.delivery.broker import rabbitmq
from tests.integration.delivery.commune import STATION, Commune, VirtualNode
from tests.integration.delivery.probe import Probe, Refused, eventually
from tests.rig import mosquitto

pytestmark = [pytest.mark.integration, pytest.mark.long]

PREFIX, USER, PASSWORD = "con-minh.", "station-of-con-minh", "password-of-the-station-there"
TENANCY = Tenancy(STATION, USER, PREFIX)


@dataclass
class Foreign:
    """A broker of others with our commune at it.

    port: of the nodes'; broker: as the station sees it; tell: has it take over accounts where it does not by itself.
    """

    commune: Commune
    port: int
    broker: Broker
    tell: Callable[[], None]

    def node(self, name: str) -> VirtualNode:
        made = VirtualNode(self.commune, name, self.port)
        made.client.username_pw_set(PREFIX + name, self.commune.passwords[name])
        made.client._client_id = f"{STATION}.{name}".encode()
        return made

    def refuses(self, name: str) -> bool:
        try:
            with self.node(name):
                return False
        except (Refused, OSError):
            return True


def credentials(commune: Commune) -> Mapping[str, Credential]:
    with commune.database.reading() as s:
        return TENANCY.named(
            Credential(username=each.username, password_hash=each.password_hash, password_sha256=each.password_sha256)
            for each in nodes.listing(s)
        )


def external(port: int, settings: BrokerSettings) -> External:
    access = BrokerAccess(host="127.0.0.1", port=port, username=USER, password=PASSWORD)
    return External(
        access, book=AccountBook(TENANCY, PASSWORD), settings=settings, management=choose(settings, TENANCY)
    )


def fed_by_files(commune: Commune, folder: Path, more: str = "") -> tuple[mosquitto.Mosquitto, Callable[[], None]]:
    """A Mosquitto with the exported passwords and rules, not started, and what writes them again."""
    folder.mkdir(parents=True)
    folder.chmod(0o755)

    def write() -> None:
        made = mosquitto_files.files(TENANCY, credentials(commune), password=PASSWORD, hook_url="")
        for kind in ("passwords", "acl"):
            (folder / kind).write_text(made[f"loa-{STATION}.{kind}"])

    write()
    owner = "user root\n" if os.geteuid() == 0 else ""
    lines = f"{owner}allow_anonymous false\npassword_file {folder}/passwords\nacl_file {folder}/acl\n{more}"
    broker = mosquitto.Mosquitto(folder / "broker", config=lines)

    def tell() -> None:
        write()
        os.kill(broker.pid, signal.SIGHUP)

    return broker, tell


def one_mosquitto(commune: Commune, folder: Path, stack: ExitStack) -> Foreign:
    broker, tell = fed_by_files(commune, folder)
    broker.start()
    stack.callback(broker.stop)
    return Foreign(commune, broker.port, external(broker.port, BrokerSettings(kind="external")), tell)


def two_bridged(commune: Commune, folder: Path, stack: ExitStack) -> Foreign:
    """The station at the centre, the nodes at a broker of their valley."""
    centre, tell_centre = fed_by_files(commune, folder / "centre")
    bridge = (
        f"connection valley\naddress 127.0.0.1:{centre.port}\ntopic # both 1\nremote_username {USER}\n"
        f"remote_password {PASSWORD}\nremote_clientid station-valley\nrestart_timeout 1 2\n"
    )
    valley, tell = fed_by_files(commune, folder / "valley", bridge)
    for each in (centre, valley):
        each.start()
        stack.callback(each.stop)

    def tell_both() -> None:
        tell_centre()
        tell()

    return Foreign(commune, valley.port, external(centre.port, BrokerSettings(kind="external")), tell_both)


def rabbit_managed(commune: Commune, folder: Path, stack: ExitStack) -> Foreign:
    """Accounts are put into RabbitMQ by its own interface."""
    made = rabbitmq_files.definitions(TENANCY, {}, PASSWORD)
    server = stack.enter_context(rabbitmq.running(folder / "rabbit", definitions=made))
    settings = BrokerSettings(
        kind="external",
        node_prefix=PREFIX,
        management="rabbitmq",
        management_url=server.management,
        management_username=rabbitmq.ADMINISTRATOR,
        management_password=rabbitmq.PASSWORD,
    )
    return Foreign(commune, server.port, external(server.port, settings), lambda: None)


def rabbit_asking(commune: Commune, folder: Path, stack: ExitStack) -> Foreign:
    """RabbitMQ asks the station about every node, and is told only to cut off."""
    hook_port = free_port("127.0.0.1")
    exported = rabbitmq_files.files(TENANCY, {}, password=PASSWORD, hook_url=f"http://127.0.0.1:{hook_port}")
    hook = "\n".join(line for line in exported["rabbitmq.conf"].splitlines() if line.startswith("auth"))
    made = rabbitmq_files.definitions(TENANCY, {}, PASSWORD)
    server = stack.enter_context(rabbitmq.running(folder / "rabbit", definitions=made, more=hook))
    settings = BrokerSettings(kind="external", hook_port=hook_port)
    return Foreign(commune, server.port, external(server.port, settings), lambda: None)


NEEDS_MOSQUITTO = pytest.mark.skipif(not mosquitto.installed(), reason="mosquitto is not installed")
NEEDS_RABBIT = pytest.mark.skipif(not rabbitmq.installed(), reason="RabbitMQ is not installed: its contract is untried")


@pytest.fixture(
    params=[
        pytest.param(one_mosquitto, marks=NEEDS_MOSQUITTO),
        pytest.param(two_bridged, marks=NEEDS_MOSQUITTO),
        pytest.param(rabbit_managed, marks=NEEDS_RABBIT),
        pytest.param(rabbit_asking, marks=NEEDS_RABBIT),
    ]
)
def foreign(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Foreign]:
    database = Database(f"sqlite:///{tmp_path}/loa.db")
    database.migrate()
    commune = Commune(database, tmp_path)
    commune.settle_in("lung-pang", "ang-hin")
    with ExitStack() as stack:
        yield request.param(commune, tmp_path / "there", stack)
    database.dispose()


def test_nodes_are_served_once_and_kept_to_their_own_and_come_and_go_with_their_accounts(foreign: Foreign) -> None:
    commune = foreign.commune
    with commune.delivery(foreign.broker) as delivery:
        eventually(lambda: delivery.connected and not foreign.refuses("lung-pang") and delivery.waiting == 0)
        with foreign.node("lung-pang") as node:
            node.follow()
            order = commune.order(commune.clip(), "lung-pang", in_seconds=300.0)
            eventually(lambda: order in node.items())
            check_rights(foreign, node)
        eventually(lambda: delivery.waiting == 0)
        check_coming_and_going(foreign)
        eventually(lambda: delivery.waiting == 0)
    with commune.delivery(foreign.broker) as again:
        eventually(lambda: again.connected and again.waiting == 0)
        assert again.tally.read().get("agendas_published", 0) == 0  # what the broker keeps is not sent again


def check_rights(foreign: Foreign, node: VirtualNode) -> None:
    """What another node hears, and what is said in another's name, is closed; in its own name it may speak."""
    node.status()
    with foreign.node("ang-hin") as other:
        other.client.publish(topics.status(STATION, "lung-pang"), b"forged", qos=1, retain=True)
        other.lost.wait(1.0)  # some brokers cut off for that, others only swallow it
    with foreign.node("ang-hin") as other:
        other.client.subscribe(topics.agenda(STATION, "lung-pang"), qos=1)
        other.lost.wait(1.0)
        assert other.payloads(topics.agenda(STATION, "lung-pang")) == []
    with Probe(foreign.port, USER, PASSWORD, client_id="station-probe") as ours:
        ours.subscribe(topics.status(STATION, "lung-pang"))
        eventually(lambda: ours.payloads(topics.status(STATION, "lung-pang")))
        assert b"forged" not in ours.payloads(topics.status(STATION, "lung-pang"))


def check_coming_and_going(foreign: Foreign) -> None:
    """A node added is in at once; a revoked one is out within seconds of its last, empty agenda, and says no more."""
    foreign.commune.add_node("na-ca")
    foreign.tell()
    eventually(lambda: not foreign.refuses("na-ca"))
    with foreign.node("na-ca") as node:
        foreign.commune.revoke("na-ca")
        foreign.tell()
        eventually(lambda: foreign.refuses("na-ca"))
        node.client.publish(topics.status(STATION, "na-ca"), b"still here", qos=1)
        assert node.lost.wait(30)
