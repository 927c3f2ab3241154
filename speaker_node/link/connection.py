"""The node's one connection to the broker. The only file that imports paho.

A fresh client for every connection: nothing half-sent is carried over, because agenda, clip store and outbox know
what is still to be done. Each connection has its own number, and so has its last will.
"""

import random
import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from broadcaster.protocol.clock import ClockQuestion
from broadcaster.protocol.codec import encode
from broadcaster.protocol.enrolment import NodeBundle
from broadcaster.protocol.gauges.readings import Readings
from broadcaster.protocol.mqtt import topics
from broadcaster.protocol.receipts import Receipts
from broadcaster.protocol.status import NodeStatus
from broadcaster.protocol.wants import Wants
from speaker_node.events import Event, LinkDown, LinkUp, LiveArrived, ProbeAnswered
from speaker_node.link.inbound import event_from
from speaker_node.link.packet_gate import PacketGate
from speaker_node.setup.pinned_tls import pinned_context

CONNECT_SECONDS = 30.0
KEEPALIVE_SECONDS = 600
"""paho pings at this rhythm whatever else is said, 160 bytes each time; that the line is dead is found out sooner."""
DEAD_SECONDS = 150
"""What was said and not acknowledged by the other machine for so long ends the connection; a heartbeat is soon said."""
IN_FLIGHT = 2
SHORTEST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
SETTLED_SECONDS = 10.0
"""A connection that lasted so long was a real one; two nodes with one identity throw each other out sooner."""
OVERHEAD_BYTES = 140
"""What one message costs besides topic and payload: TCP/IP both ways, MQTT header, acknowledgement."""
Topic = str


@dataclass(frozen=True, slots=True)
class LinkTimes:
    """connect_seconds: limit of one attempt; shortest_pause_seconds, longest_pause_seconds: between attempts."""

    connect_seconds: float = CONNECT_SECONDS
    shortest_pause_seconds: float = SHORTEST_PAUSE_SECONDS
    longest_pause_seconds: float = LONGEST_PAUSE_SECONDS


DEFAULT_TIMES = LinkTimes()


class BrokerConnection:
    """Keeps one connection standing and turns what arrives into events.

    bytes_moved: both ways since the start, estimated.
    alive_seconds: monotonic second at which it last connected, failed, spoke or heard.
    live_gate: what of live sound comes in at all.
    """

    def __init__(
        self,
        bundle: NodeBundle,
        *,
        post: Callable[[Event], None],
        next_connection: Callable[[], int],
        times: LinkTimes = DEFAULT_TIMES,
    ) -> None:
        """``next_connection`` gives a number higher than every one before; it is called from the link's thread."""
        self._bundle = bundle
        self._post = post
        self._next_connection = next_connection
        self._times = times
        self._client: mqtt.Client | None = None
        self._lost = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="link", daemon=True)
        self._stood_since = float("inf")
        self.live_gate = PacketGate()
        self.bytes_moved = 0
        self.alive_seconds = time.monotonic()

    def open(self) -> None:
        """Begin connecting, for ever."""
        self._thread.start()

    def close(self, goodbye: NodeStatus | None, *, timeout_seconds: float = 1.0) -> None:
        """Say goodbye when a connection stands, and end."""
        client = self._client
        self._closing.set()
        if client and goodbye and client.is_connected():
            said = client.publish(self._topic(topics.status), encode(goodbye), qos=1, retain=True)
            self._wait_until(said.is_published, timeout_seconds)
        if client:
            client.disconnect()
        self._lost.set()
        if self._thread.is_alive():
            self._thread.join(timeout_seconds)

    def publish(self, message: NodeStatus | Receipts | Wants | ClockQuestion | Readings) -> bool:
        """Publish on the topic of the message's class; False when no connection stands.

        What would be worth nothing if it came late is neither acknowledged nor kept.
        """
        where = {
            NodeStatus: topics.status,
            Receipts: topics.receipts,
            Wants: topics.wants,
            ClockQuestion: topics.clock,
            Readings: topics.sensor,
        }
        client = self._client
        if client is None or not client.is_connected():
            return False
        topic, payload = self._topic(where[type(message)]), encode(message)
        fleeting = isinstance(message, ClockQuestion) or (isinstance(message, NodeStatus) and message.unchanged)
        client.publish(
            topic, payload, qos=0 if fleeting else 1, retain=isinstance(message, NodeStatus) and not fleeting
        )
        self._count(topic, payload)
        return True

    def subscribe_chunks(self, chunks: Iterable[tuple[str, int]]) -> None:
        """Subscribe to chunks; the broker then sends what it holds."""
        wanted = [(topics.chunk(self._bundle.station, sha256, index), 1) for sha256, index in chunks]
        if wanted and self._client:
            self._client.subscribe(wanted)

    def unsubscribe_chunks(self, chunks: Iterable[tuple[str, int]]) -> None:
        """Unsubscribe from chunks that came."""
        done = [topics.chunk(self._bundle.station, sha256, index) for sha256, index in chunks]
        if done and self._client:
            self._client.unsubscribe(done)

    def subscribe_live(self, session: str) -> None:
        """Hear the packets of a session, which nobody sends again: QoS 0."""
        if self._client:
            self._client.subscribe(topics.live_filter(self._bundle.station, session), qos=0)

    def unsubscribe_live(self, session: str) -> None:
        """Hear it no longer."""
        if self._client:
            self._client.unsubscribe(topics.live_filter(self._bundle.station, session))

    def subscribe_sensors(self, senders: Sequence[str]) -> None:
        """Hear what these say of their gauges."""
        if senders and self._client:
            self._client.subscribe([(topics.sensor(self._bundle.station, each), 1) for each in senders])

    def probe(self) -> int | None:
        """Ask the broker for an answer that costs next to nothing: what the node hears already. ``ProbeAnswered`` tells
        the number returned here; None when no connection stands."""
        return self._client.subscribe(self._topic(topics.acks), qos=1)[1] if self._client else None

    def _run(self) -> None:
        pause = self._times.shortest_pause_seconds
        while not self._closing.is_set():
            self.alive_seconds = time.monotonic()
            number = self._next_connection()
            self._stood_since = float("inf")
            reason = self._connection(number)
            self._client = None
            self._post(LinkDown(number, reason))
            settled = time.monotonic() - self._stood_since > SETTLED_SECONDS
            pause = self._times.shortest_pause_seconds if settled else pause
            self._closing.wait(pause * random.uniform(0.5, 1.5))  # noqa: S311 - spreads reconnects, no secret
            pause = min(self._times.longest_pause_seconds, pause * 2)

    def _connection(self, number: int) -> str:
        """One connection from its first byte to its loss; why it ended."""
        self._lost.clear()
        broker = self._bundle.broker
        why: list[str] = []
        client = self._new_client(number, why)
        self._client = client
        try:
            client.connect(broker.host, broker.port, keepalive=KEEPALIVE_SECONDS)
        except (OSError, ValueError) as error:
            return str(error)
        client.loop_start()
        self._lost.wait()
        client.loop_stop()
        return why[-1] if why else ""

    def _new_client(self, number: int, why: list[str]) -> mqtt.Client:
        bundle = self._bundle
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"{bundle.station}.{bundle.node}",
            clean_session=True,
            reconnect_on_failure=False,
        )
        client.username_pw_set(bundle.username, bundle.password)
        if bundle.broker.tls_ca_pem:
            client.tls_set_context(pinned_context(bundle.broker.tls_ca_pem))
        client.connect_timeout = self._times.connect_seconds
        client.max_inflight_messages_set(IN_FLIGHT)
        will = NodeStatus(node=bundle.node, connection=number, online=False)
        client.will_set(self._topic(topics.status), encode(will), qos=1, retain=True)
        client.on_socket_open = _prepare
        client.on_connect = lambda client, _u, _f, code, _p: self._connected(client, number, code, why)
        client.on_disconnect = lambda _c, _u, _f, code, _p: self._disconnected(str(code), why)
        client.on_subscribe = lambda _c, _u, number, _codes, _p: self._post(ProbeAnswered(number))
        client.on_message = lambda _c, _u, message: self._arrived(message)
        return client

    def _connected(self, client: mqtt.Client, number: int, code: Any, why: list[str]) -> None:
        if code.is_failure:
            self._disconnected(str(code), why)
            return
        mine = (topics.agenda, topics.acks, topics.clock_reply)
        client.subscribe([(self._topic(leaf), 1) for leaf in mine])
        self._stood_since = time.monotonic()
        self._post(LinkUp(number))

    def _disconnected(self, reason: str, why: list[str]) -> None:
        why.append(reason)
        self._lost.set()

    def _arrived(self, message: mqtt.MQTTMessage) -> None:
        arrived = time.monotonic()
        payload = bytes(message.payload)
        self._count(message.topic, payload)
        event = event_from(message.topic, payload, station=self._bundle.station, arrived_seconds=arrived)
        if isinstance(event, LiveArrived) and not self.live_gate.admits(arrived):
            return
        if event:
            self._post(event)

    def _topic(self, leaf: Callable[[str, str], Topic]) -> Topic:
        return leaf(self._bundle.station, self._bundle.node)

    def _count(self, topic: str, payload: bytes) -> None:
        self.alive_seconds = time.monotonic()
        self.bytes_moved += len(topic) + len(payload) + OVERHEAD_BYTES

    @staticmethod
    def _wait_until(done: Callable[[], bool], timeout_seconds: float) -> None:
        until = time.monotonic() + timeout_seconds
        while not done() and time.monotonic() < until:
            time.sleep(0.01)


def _prepare(_client: mqtt.Client, _data: Any, opened: Any) -> None:
    """Acknowledgements and receipts are small; waiting for each other (Nagle, delayed ACK) costs them 40 ms. And the
    kernel would try for a quarter of an hour to reach a machine that is gone."""
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, DEAD_SECONDS * 1000)
