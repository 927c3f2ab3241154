"""Both brokers speak TLS by the station's authority: nodes that pin it come in, and whoever listens learns nothing."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest

from broadcaster.certificates import authority, server_certificate
from broadcaster.config import BrokerSettings, Config
from broadcaster.delivery.broker import choice
from broadcaster.delivery.broker.accounts import address
from broadcaster.delivery.broker.embedded import tls_listener
from broadcaster.delivery.broker.mosquitto import executable
from broadcaster.delivery.broker.port import Broker
from broadcaster.delivery.broker.sockets import free_port
from broadcaster.delivery.connection import Connection
from broadcaster.protocol.enrolment import BrokerAddress, NodeBundle
from broadcaster.protocol.status import NodeStatus
from speaker_node.events import Event, LinkDown, LinkUp
from speaker_node.link.connection import BrokerConnection, LinkTimes
from speaker_node.setup.pinned_tls import pinned_context
from tests.integration.delivery.broker.brokers import CREDENTIALS, PASSWORDS
from tests.integration.delivery.probe import Probe, Refused, eventually
from tests.rig.lines.wiretap import Wiretap

pytestmark = pytest.mark.integration
PATIENCE_SECONDS = 60.0


@pytest.fixture(params=["mosquitto", "embedded"])
def config(request: pytest.FixtureRequest, tmp_path: Path) -> Config:
    if request.param == "mosquitto" and executable() is None:
        pytest.skip("Mosquitto is not installed")
    settings = BrokerSettings(kind=request.param, host="0.0.0.0", port=free_port("127.0.0.1"), public_host="127.0.0.1")
    return Config(data_dir=tmp_path / "data", broker=settings)


@pytest.fixture
def broker(config: Config) -> Iterator[Broker]:
    chosen = choice.choose(config)
    chosen.apply(CREDENTIALS)
    chosen.start()
    yield chosen
    chosen.stop()


def bundle(where: BrokerAddress) -> NodeBundle:
    return NodeBundle(
        station="loa", node="lung-pang", name="Lủng Pảng", station_key="0" * 64, username="lung-pang",
        password=PASSWORDS["lung-pang"], broker=where,
    )  # fmt: skip


def first_of(kinds: type[Event] | tuple[type[Event], ...], where: BrokerAddress) -> Event:
    """What a node hears first of its connection there."""
    heard: SimpleQueue[Event] = SimpleQueue()
    times = LinkTimes(shortest_pause_seconds=30, longest_pause_seconds=30)
    link = BrokerConnection(bundle(where), post=heard.put, next_connection=lambda: 1, times=times)
    link.open()
    try:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                event = heard.get(timeout=max(0.0, until - time.monotonic()))
            except Empty:
                raise AssertionError("the node heard nothing of its connection") from None
            if isinstance(event, kinds):
                return event
    finally:
        link.close(NodeStatus(node="lung-pang", connection=1, online=False))


def test_a_node_comes_in_by_the_authority_of_its_bundle_and_no_word_of_it_is_heard(
    config: Config, broker: Broker
) -> None:
    where = address(config)
    assert "BEGIN CERTIFICATE" in where.tls_ca_pem
    with Wiretap(where.port) as tap:
        pinned = BrokerAddress(host="127.0.0.1", port=tap.port, tls_ca_pem=where.tls_ca_pem)
        assert isinstance(first_of((LinkUp, LinkDown), pinned), LinkUp)
        eventually(lambda: len(tap.heard) > 1500)
        heard = tap.heard
    assert heard.startswith(b"\x16\x03")  # a TLS handshake
    for clear in (b"MQTT", b"loa/1", b"lung-pang", PASSWORDS["lung-pang"].encode(), b"agenda", b"status"):
        assert clear not in heard


def test_a_node_that_pins_another_authority_refuses_this_broker(config: Config, broker: Broker, tmp_path: Path) -> None:
    stranger = authority.load_or_create(replace(config, data_dir=tmp_path / "stranger"), now_at=datetime.now(UTC))
    event = first_of(
        (LinkUp, LinkDown), BrokerAddress(host="127.0.0.1", port=config.broker.port, tls_ca_pem=stranger.pem)
    )
    assert isinstance(event, LinkDown)
    assert "certificate verify failed" in event.reason


def test_a_client_in_clear_text_is_let_in_by_nobody(config: Config, broker: Broker) -> None:
    with pytest.raises((Refused, ConnectionError)), _quick(Probe(config.broker.port, "lung-pang", "x")):
        pass


def test_the_station_itself_comes_in(config: Config, broker: Broker) -> None:
    """By its own listener, and by the one for everybody as where a folder is too deep for a socket."""
    for access in (broker.access, replace(broker.access, socket="")):
        connection = Connection(access, filters=(), on_message=lambda _message: None)
        connection.start()
        try:
            eventually(lambda connection=connection: connection.connected)
        finally:
            connection.stop()


def test_a_renewed_certificate_is_shown_without_a_restart(
    config: Config, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shown_at(config)
    monkeypatch.setattr(choice, "now", lambda: datetime.now(UTC) + timedelta(days=350))
    server_certificate.keep(config, now_at=datetime.now(UTC) + timedelta(days=350))
    broker.look_at_certificate()
    eventually(lambda: shown_at(config) != before)


def test_a_port_in_clear_text_stays_for_nodes_of_before_where_it_is_asked_for(config: Config) -> None:
    settings = replace(config.broker, plain_port=free_port("127.0.0.1"))
    chosen = choice.choose(replace(config, broker=settings))
    chosen.apply(CREDENTIALS)
    chosen.start()
    try:
        with Probe(settings.plain_port, "lung-pang", PASSWORDS["lung-pang"]):
            assert isinstance(first_of((LinkUp, LinkDown), address(config)), LinkUp)
    finally:
        chosen.stop()


def test_who_is_silent_in_the_handshake_is_sent_away_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broadcaster.delivery.broker.embedded.guarded.STRANGERS_SECONDS", 0.5)
    settings = BrokerSettings(kind="embedded", host="0.0.0.0", port=free_port("127.0.0.1"))
    chosen = choice.choose(Config(data_dir=tmp_path / "data", broker=settings))
    chosen.start()
    try:
        with socket.create_connection(("127.0.0.1", settings.port)) as silent:
            silent.settimeout(PATIENCE_SECONDS)
            assert silent.recv(1) == b""
    finally:
        chosen.stop()
    assert tls_listener.BACKLOG


def shown_at(config: Config) -> bytes:
    context = pinned_context(authority.certificate_file(config).read_text())
    with socket.create_connection(("127.0.0.1", config.broker.port), timeout=PATIENCE_SECONDS) as plain:
        try:
            with context.wrap_socket(plain, server_hostname="127.0.0.1") as secured:
                return secured.getpeercert(binary_form=True) or b""
        except ssl.SSLError:
            return b""


def _quick(probe: Probe) -> Probe:
    """It hears at once that it is not let in, or nothing."""
    lost: Callable[[], object] = probe._answered.set
    probe.client.on_disconnect = lambda *_: lost()
    return probe
