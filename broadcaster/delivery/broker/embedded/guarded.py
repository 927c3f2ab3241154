"""amqtt with its holes closed (seen in 0.12), and with limits on whoever comes."""

import asyncio
import ssl
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from amqtt.adapters import StreamReaderAdapter, StreamWriterAdapter  # type: ignore[import-untyped]
from amqtt.broker import Broker as AmqttBroker  # type: ignore[import-untyped]
from amqtt.contexts import Action, ListenerConfig, ListenerType  # type: ignore[import-untyped]
from amqtt.session import Session  # type: ignore[import-untyped]

from broadcaster.delivery.broker.admission import Admission, AdmissionLimits, BrokerClient
from broadcaster.delivery.broker.embedded.meters import MeteredReader, StreamLimits
from broadcaster.delivery.broker.embedded.register import Register
from broadcaster.delivery.broker.embedded.tls_listener import TlsListener

OWN_LISTENER = "station"
"""Name of the listener only the station finds."""
EVERYBODY = "default"
"""Name of the one for everybody, which amqtt insists on; it may speak TLS."""
ADMISSION = AdmissionLimits(waiting=100, of_address=100, admitted=600, of_name=2)
"""The broker of the first five minutes: a handful of nodes, and far below the 1,024 files a process usually has."""
STRANGERS_SECONDS = 10.0
"""Within so long a client has said who it is."""
NODES = StreamLimits(packet_bytes=400_000, bytes_a_second=100_000, packets_a_second=50, burst_seconds=10)
"""A node says a few messages a second, and after a week away some hundred in a minute. The longest packet is the
longest that Mosquitto takes."""


class GuardedBroker(AmqttBroker):  # type: ignore[misc]  # amqtt has no types
    """Made by ``Embedded``, which gives it its register and its admission."""

    register: Register
    admission: Admission
    context: ssl.SSLContext | None = None
    """Of the listeners that speak TLS."""

    async def _create_server_instance(
        self, listener_name: str, listener_type: ListenerType, address: str | None, port: int, ssl_context: Any
    ) -> Any:
        """amqtt counts nobody in the handshake, and gives each a minute for it."""
        if listener_name != EVERYBODY or self.context is None:
            return await super()._create_server_instance(listener_name, listener_type, address, port, ssl_context)
        serve = partial(self.stream_connected, listener_name=listener_name)
        opened = TlsListener(self.context, self.admission, serve, handshake_seconds=STRANGERS_SECONDS)
        opened.open(address or "", port)
        return opened

    async def stream_connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, listener_name: str
    ) -> None:
        """It leaves the socket open when the client fails before it is admitted, or vanishes."""
        address, port = writer.get_extra_info("peername")[:2]
        visitor = self.admission.arrive(str(address), writer.transport.abort)
        deadline = asyncio.get_running_loop().time() + STRANGERS_SECONDS
        metered = MeteredReader(reader, NODES, deadline=deadline, abort=writer.transport.abort)
        self._visits[str(address), int(port)] = (visitor, metered)
        try:
            await super().stream_connected(metered, writer, listener_name)
        finally:
            del self._visits[str(address), int(port)]
            self.admission.leave(visitor)
            writer.close()

    async def open_own_listener(self, path: Path) -> None:
        """Before the start: listen for the station alone, which is neither counted nor slowed down."""
        self._subscriptions = _Subscriptions()
        self._visits: dict[tuple[str, int], tuple[BrokerClient, MeteredReader]] = {}
        self._own_server = await asyncio.start_unix_server(self._own_connected, path)

    async def close_own_listener(self) -> None:
        """Stop listening there."""
        self._own_server.close()

    async def _own_connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self.external_connected(StreamReaderAdapter(reader), _OwnWriter(writer), OWN_LISTENER)
        finally:
            writer.close()

    async def _authenticate(self, session: Session, listener: ListenerConfig) -> bool:
        """Who was let in is no stranger any more."""
        if not await super()._authenticate(session, listener):
            return False
        found = self._visits.get((session.remote_address, session.remote_port))
        if found is None:
            return True
        visitor, metered = found
        metered.deadline = None
        return self.admission.admit(visitor, session.username or "")

    async def _publish_retained_messages_for_subscription(
        self, subscription: tuple[str, int], session: Session
    ) -> None:
        """At every connection it sends the retained messages of everybody's subscriptions, unasked and unchecked."""
        topic_filter = subscription[0]
        own = any(held.client_id == session.client_id for held, _ in self.subscriptions.get(topic_filter, ()))
        if own and self.register.permits(session.username or "", topic_filter, Action.SUBSCRIBE):
            await super()._publish_retained_messages_for_subscription(subscription, session)


class _OwnWriter(StreamWriterAdapter):  # type: ignore[misc]  # amqtt has no types
    """A Unix socket has no peer's address, without which amqtt serves nobody."""

    def get_peer_info(self) -> tuple[str, int]:
        return OWN_LISTENER, 0


class _Subscriptions(dict[str, list[tuple[Session, int]]]):
    """While it passes a message on it waits for clients, and others subscribe meanwhile: the message was then lost to
    everybody further down the list."""

    def items(self) -> Any:
        return [(topic_filter, list(held)) for topic_filter, held in super().items()]

    def __iter__(self) -> Iterator[str]:
        return iter(list(super().__iter__()))
