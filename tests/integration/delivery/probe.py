"""A bare MQTT client for tests: connects as anybody, remembers what it hears."""

import threading
from typing import Any, Self

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from tests.rig.running.busy import await_fact

PATIENCE_SECONDS = 60.0
"""For what happens within a moment: who waits in vain on a machine that is not loaded has failed all the same."""


class Refused(Exception):
    """The broker did not let the client in."""


class Probe:
    """``with Probe(port, username, password) as probe:`` is connected, or raises Refused."""

    def __init__(self, port: int, username: str = "", password: str = "", **options: Any) -> None:
        self.heard: list[MQTTMessage] = []
        self.lost = threading.Event()
        self._answered = threading.Event()
        self._subscribed = threading.Event()
        self._published: set[int] = set()
        self._reason: Any = None
        client_id = options.pop("client_id", "")
        clean = options.pop("clean_session", True)
        self.client = Client(
            CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=clean, reconnect_on_failure=False
        )
        if username:
            self.client.username_pw_set(username, password)
        if will := options.pop("will", None):
            self.client.will_set(*will, qos=1, retain=True)
        self.client.on_connect = self._on_connect
        self.client.on_message = lambda _client, _data, message: self.heard.append(message)
        self.client.on_subscribe = lambda *_: self._subscribed.set()
        self.client.on_publish = lambda _client, _data, mid, *_: self._published.add(mid)
        self.client.on_disconnect = lambda *_: self.lost.set()
        self._port = port

    def __enter__(self) -> Self:
        self.client.connect("127.0.0.1", self._port)
        self.client.loop_start()
        self._answered.wait(PATIENCE_SECONDS)
        if self._reason is None or self._reason.is_failure:
            self.__exit__()
            raise Refused(str(self._reason))
        return self

    def __exit__(self, *_: object) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def subscribe(self, topic_filter: str) -> None:
        self._subscribed.clear()
        self.client.subscribe(topic_filter, qos=1)
        assert self._subscribed.wait(PATIENCE_SECONDS)

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Returns when the broker has taken it."""
        mid = self.client.publish(topic, payload, qos=1, retain=retain).mid
        eventually(lambda: mid in self._published)

    def payloads(self, topic: str) -> list[bytes]:
        return [bytes(message.payload) for message in list(self.heard) if message.topic == topic]

    def drop(self) -> None:
        """Vanish without a goodbye, as a node does when its power fails."""
        sock = self.client.socket()
        assert sock is not None
        sock.shutdown(2)

    def _on_connect(self, _client: Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        self._reason = reason
        self._answered.set()


def eventually(condition: Any, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until the condition holds; fail when it does not in time, longer on a busy machine."""
    await_fact(condition, seconds=seconds)
