"""The connection to the broker, as far as it can be seen without one."""

import socket
import time

from broadcaster.protocol.enrolment import BrokerAddress, NodeBundle
from speaker_node.link.connection import BrokerConnection


def test_what_the_node_says_leaves_at_once_and_a_dead_line_is_found_out_within_minutes() -> None:
    with socket.create_server(("127.0.0.1", 0)) as broker:
        link = BrokerConnection(_bundle(broker.getsockname()[1]), post=lambda event: None, next_connection=lambda: 1)
        link.open()
        heard, _ = broker.accept()
        with heard:
            heard.settimeout(5)
            assert heard.recv(1), "the first word to the broker comes after everything was set"
            opened = _opened(link)
            assert opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            assert 0 < opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) <= 180_000
            link.close(None)


def _opened(link: BrokerConnection) -> socket.socket:
    """The socket below, which nobody else needs to see."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        if link._client and (opened := link._client.socket()):
            return opened  # type: ignore[no-any-return,return-value]
        time.sleep(0.01)
    raise AssertionError("the link opened no socket")


def _bundle(port: int) -> NodeBundle:
    return NodeBundle(
        station="xa",
        node="loa-1",
        name="Loa 1",
        station_key="0" * 64,
        username="loa-1",
        password="mat-khau-de-thu-nghiem",
        broker=BrokerAddress(host="127.0.0.1", port=port),
    )
