"""The station's connection to its broker: the only place here that knows paho."""

import logging
import random
import secrets
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from broadcaster.delivery.broker.access import BrokerAccess
from broadcaster.delivery.broker.sockets import reachable
from broadcaster.delivery.network import Network

log = logging.getLogger(__name__)

KEEPALIVE_SECONDS = 30
SHORTEST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 15.0
STOP_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message from the broker.

    retained: the broker had kept it; it may be old.
    """

    topic: str
    payload: bytes
    retained: bool


class Connection:
    """Connects, and connects again, for as long as it is started.

    Every attempt is a new session with a new client: nothing queued for a lost connection is ever sent in the next
    one, because what still matters is published again by whoever reconciles. ``on_message`` runs in the network's
    thread, must be quick and must not raise.
    """

    def __init__(
        self,
        access: BrokerAccess,
        *,
        filters: Sequence[str],
        on_message: Callable[[Incoming], None],
        on_disconnected: Callable[[], None] = lambda: None,
    ) -> None:
        self._access = access
        self._filters = tuple(filters)
        self._on_message = on_message
        self._on_disconnected = on_disconnected
        self._client: Client | None = None
        self._hears = not filters
        self._session = 0
        self._acked: SimpleQueue[int] = SimpleQueue()
        self._lost = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._said = ""

    @property
    def connected(self) -> bool:
        """Whether the broker let us in and, where there are filters, has said that it sends what matches them."""
        return self._client is not None and self._hears

    @property
    def session(self) -> int | None:
        """Number of the session that stands, another for each; None without one. What was learnt in an earlier one, and
        the numbers of its messages, mean nothing any more."""
        return self._session if self._client is not None else None

    def start(self) -> None:
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="broker-connection", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._lost.set()
        if self._thread is not None:
            self._thread.join(5)
        self._thread = None

    def publish(self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> int | None:
        """Hand a message over. Its number, which ``acknowledged`` reports later; None when there is no connection."""
        client = self._client
        if client is None:
            return None
        sent = client.publish(topic, payload, qos=qos, retain=retain)
        return sent.mid if sent.rc is MQTTErrorCode.MQTT_ERR_SUCCESS else None

    def acknowledged(self) -> list[int]:
        """Numbers of the messages and subscriptions the broker has taken since the last call; of this connection and
        earlier ones."""
        found: list[int] = []
        try:
            while True:
                found.append(self._acked.get_nowait())
        except Empty:
            return found

    def subscribe(self, topic_filter: str, *, qos: int = 0) -> int | None:
        """Its number, which ``acknowledged`` reports later; None when there is no connection."""
        client = self._client
        return client.subscribe(topic_filter, qos=qos)[1] if client is not None else None

    def subscribe_all(self, topics: Sequence[str], *, qos: int = 0) -> int | None:
        """The same for several at once, with one number."""
        client = self._client
        return client.subscribe([(each, qos) for each in topics])[1] if client is not None else None

    def unsubscribe_all(self, topics: Sequence[str]) -> None:
        if (client := self._client) is not None and topics:
            client.unsubscribe(list(topics))

    def unsubscribe(self, topic_filter: str) -> None:
        if (client := self._client) is not None:
            client.unsubscribe(topic_filter)

    def _run(self) -> None:
        pause_seconds = SHORTEST_PAUSE_SECONDS
        while not self._stopping.is_set():
            if self._attempt():
                pause_seconds = SHORTEST_PAUSE_SECONDS
            self._stopping.wait(pause_seconds * random.uniform(0.5, 1.5))  # noqa: S311  # spreads reconnects
            pause_seconds = min(pause_seconds * 2, LONGEST_PAUSE_SECONDS)

    def _attempt(self) -> bool:
        """One session from connect to loss; True when the broker let us in."""
        self._lost.clear()
        admitted = threading.Event()
        client = self._new_client(admitted)
        network = Network(client)
        try:
            if self._access.socket:
                _see_that_it_answers(self._access.socket)
            client.connect(*self._address(), keepalive=KEEPALIVE_SECONDS)
        except (OSError, ValueError) as error:
            network.close()
            self._say(f"broker at {self._access.host}:{self._access.port} cannot be reached: {error}")
            return False
        thread = threading.Thread(target=network.run, args=(self._lost,), name="broker-network", daemon=True)
        thread.start()
        self._lost.wait(self._access.connect_seconds)
        if admitted.is_set() and not self._stopping.is_set():
            self._lost.wait()
        self._client, self._hears = None, not self._filters
        client.disconnect()
        network.end()
        thread.join(STOP_SECONDS)
        if admitted.is_set():
            self._on_disconnected()
        return admitted.is_set()

    def _address(self) -> tuple[str, int]:
        """Our own listener at a broker of ours, where no stranger stands in the way; else the one for everybody."""
        if self._access.socket:
            return self._access.socket, 1
        return reachable(self._access.host), self._access.port

    def _bare_client(self) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"station-{secrets.token_hex(8)}",
            clean_session=True,
            reconnect_on_failure=False,
            transport="unix" if self._access.socket else "tcp",
        )
        client.connect_timeout = self._access.connect_seconds
        client.max_inflight_messages_set(self._access.in_flight)
        if self._access.username:
            client.username_pw_set(self._access.username, self._access.password)
        if self._access.tls_ca_file and not self._access.socket:
            client.tls_set(ca_certs=self._access.tls_ca_file)
        return client

    def _new_client(self, admitted: threading.Event) -> Client:
        client = self._bare_client()
        asked: list[int | None] = []

        def on_connect(client: Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
            if reason.is_failure:
                self._say(f"the broker refuses the station: {reason}")
                self._lost.set()
                return
            self._say(f"connected to the broker at {self._access.host}:{self._access.port}")
            if self._filters:
                asked.append(client.subscribe([(each, 1) for each in self._filters])[1])
            self._session += 1
            self._client = client
            admitted.set()

        def on_subscribe(_client: Client, _data: Any, mid: int, reasons: Any, _properties: Any) -> None:
            self._acked.put(mid)
            if mid in asked:
                self._hears = not any(reason.is_failure for reason in reasons)
                if not self._hears:
                    self._say("the broker refuses to tell the station what nodes say")

        client.on_socket_open = _send_at_once
        client.on_connect = on_connect
        client.on_message = self._receive
        client.on_publish = lambda _client, _data, mid, _reason, _properties: self._acked.put(mid)
        client.on_subscribe = on_subscribe
        client.on_disconnect = lambda *_: self._lost.set()
        return client

    def _receive(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        try:
            self._on_message(Incoming(message.topic, bytes(message.payload), bool(message.retain)))
        except Exception:  # outermost loop of the network: one message must not end the connection
            log.exception("a message on %s could not be handled", message.topic)

    def _say(self, sentence: str) -> None:
        """Log what is new; a broker that is down for a night is not worth ten thousand equal lines."""
        if sentence != self._said:
            log.warning(sentence) if "connected" not in sentence else log.info(sentence)
        self._said = sentence


def _send_at_once(_client: Client, _data: Any, opened: Any) -> None:
    """Without it a burst of agendas waits 40 ms for every window of acknowledgements (Nagle and delayed ACK)."""
    if opened.family != socket.AF_UNIX:
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _see_that_it_answers(path: str) -> None:
    """OSError where nobody listens; paho leaves a Unix socket open that it could not connect."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as trial:
        trial.connect(path)
