"""A listener that speaks TLS, in the shape amqtt expects of a server. The handshake belongs to the visit: whoever is
silent in it is counted like every stranger, and goes as they do."""

import asyncio
import logging
import socket
import ssl
from collections.abc import Awaitable, Callable

from broadcaster.delivery.broker.admission import Admission

log = logging.getLogger(__name__)
BACKLOG = 100
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class TlsListener:
    """Opened in the event loop; closed like an ``asyncio.Server``."""

    def __init__(
        self, context: ssl.SSLContext, admission: Admission, serve: Serve, *, handshake_seconds: float
    ) -> None:
        self._context = context
        self._admission = admission
        self._serve = serve
        self._handshake_seconds = handshake_seconds
        self._visits: set[asyncio.Task[None]] = set()
        self._receiving: asyncio.Task[None] | None = None
        self._listening: socket.socket | None = None

    def open(self, host: str, port: int) -> None:
        """Listen. Raises OSError."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listening = socket.create_server((host, port), family=family, backlog=BACKLOG)
        self._listening.setblocking(False)
        self._receiving = asyncio.get_running_loop().create_task(self._receive(self._listening))

    def close(self) -> None:
        """Let nobody in any more; who is inside stays."""
        if self._receiving is not None:
            self._receiving.cancel()
        if self._listening is not None:
            self._listening.close()

    async def wait_closed(self) -> None:
        """Until nobody is let in any more."""
        if self._receiving is not None:
            await asyncio.wait([self._receiving])

    async def _receive(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, address = await loop.sock_accept(listening)
            except OSError as error:
                log.warning("the broker can let nobody in now: %s", error)
                await asyncio.sleep(1)
                continue
            visit = loop.create_task(self._visit(connection, str(address[0])))
            self._visits.add(visit)
            visit.add_done_callback(self._visits.discard)

    async def _visit(self, connection: socket.socket, address: str) -> None:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        reader = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(reader)
        visitor = self._admission.arrive(address, lambda: None if task is None else _cancel(task))
        try:
            async with asyncio.timeout(self._handshake_seconds):
                transport, _ = await loop.connect_accepted_socket(lambda: protocol, connection, ssl=self._context)
        except (OSError, TimeoutError, asyncio.CancelledError):
            connection.close()
            return
        finally:
            self._admission.leave(visitor)
        await self._serve(reader, asyncio.StreamWriter(transport, protocol, reader, loop))


def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
