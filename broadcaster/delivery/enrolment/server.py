"""Enrolment: one address, over TLS by the station's own authority, that trades a secret for a bundle."""

import asyncio
import logging
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from broadcaster.certificates import authority, server_certificate
from broadcaster.certificates.server_certificate import ServerCertificate
from broadcaster.config import Config
from broadcaster.delivery.broker.admission import Admission, AdmissionLimits
from broadcaster.delivery.enrolment import offers
from broadcaster.delivery.enrolment.request import HEAD_BYTES, EnrolmentRequest, answer, read_request

log = logging.getLogger(__name__)
PATIENCE_SECONDS = 15.0
"""For the whole of a request, its handshake included; 64 kbit/s with 400 ms on the way takes four."""
LIMITS = AdmissionLimits(waiting=64, of_address=16, admitted=0)
BACKLOG = 64
AGAIN_SECONDS = 5.0
"""Between tries for a port that somebody else has; a station started again at once may meet its former self."""
LookUp = Callable[[EnrolmentRequest], bytes | None]
"""What is answered; None when there is nothing."""


class EnrolmentServer:
    """Open while the station runs, on a thread of its own; a port that cannot be had closes enrolment alone, until it
    can."""

    def __init__(self, config: Config, clock: Callable[[], datetime], *, again_seconds: float = AGAIN_SECONDS) -> None:
        self._config = config
        self._clock = clock
        self._again_seconds = again_seconds
        self._stopped = threading.Event()
        self._waiting: threading.Thread | None = None
        self._room: _Room | None = None
        self._certificate: ServerCertificate | None = None
        self._closed = False

    @property
    def crowded(self) -> bool:
        """Whether strangers had to be sent away lately."""
        return self._room is not None and self._room.admission.crowded

    @property
    def closed(self) -> bool:
        """Whether codes are offered and nobody can come in by one: the port cannot be had."""
        return self._closed

    def start(self) -> None:
        host, port = self._config.broker.host, self._config.enrolment.port
        if not port:
            return
        self._certificate = server_certificate.own(self._config, self._clock)
        try:
            self._open(_listen(host, port), self._certificate)
        except OSError as error:
            self._closed = True
            log.warning("no enrolment by code: port %d on %s cannot be had: %s", port, host, error)
            self._waiting = threading.Thread(
                target=self._try_again, args=(host, port, self._certificate), name="enrolment-port", daemon=True
            )
            self._waiting.start()

    def look_at_certificate(self) -> None:
        """Have new nodes shown the certificate as it is now. Raises LoaError."""
        if self._certificate is not None:
            self._certificate.look()

    def stop(self) -> None:
        self._stopped.set()
        if self._waiting is not None:
            self._waiting.join(5)
        if self._room is not None:
            self._room.stop()
        self._room = None

    def _open(self, listening: socket.socket, certificate: ServerCertificate) -> None:
        self._room = _Room(listening, certificate.context, self._answer)
        self._room.start()

    def _try_again(self, host: str, port: int, certificate: ServerCertificate) -> None:
        while not self._stopped.wait(self._again_seconds):
            with suppress(OSError):
                self._open(_listen(host, port), certificate)
                self._closed = False
                log.info("enrolment by code: port %d on %s is free now", port, host)
                return

    def _answer(self, asked: EnrolmentRequest) -> bytes | None:
        if asked.authority:
            return authority.certificate_file(self._config).read_bytes()
        if not asked.secret:
            return None
        return offers.take(offers.folder(self._config), asked.secret, now_at=self._clock())


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family, backlog=BACKLOG)
    listening.setblocking(False)
    return listening


class _Room:
    """One event loop: however many connect, they cost one thread and a bounded number of files."""

    def __init__(self, listening: socket.socket, context: ssl.SSLContext, look_up: LookUp) -> None:
        self.admission = Admission(LIMITS)
        self._listening = listening
        self._look_up = look_up
        self._context = context
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="enrolment", daemon=True)
        self._work: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._end)
        self._thread.join(5)

    def _end(self) -> None:
        if self._work is not None:
            self._work.cancel()

    def _run(self) -> None:
        with self._listening, suppress(asyncio.CancelledError):
            self._work = self._loop.create_task(self._receive())
            self._loop.run_until_complete(self._work)
        self._loop.close()

    async def _receive(self) -> None:
        async with asyncio.TaskGroup() as visits:
            while True:
                try:
                    connection, address = await self._loop.sock_accept(self._listening)
                except OSError as error:
                    log.warning("enrolment: nobody can be let in now: %s", error)
                    await asyncio.sleep(1)
                    continue
                visits.create_task(self._visit(connection, str(address[0])))

    async def _visit(self, connection: socket.socket, address: str) -> None:
        visitor = self.admission.arrive(address, _cancel_current())
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._serve(connection, address)
        except (OSError, ValueError, EOFError, TimeoutError, asyncio.CancelledError):
            log.debug("enrolment: %s did not come through", address)
        finally:
            self.admission.leave(visitor)
            connection.close()

    async def _serve(self, connection: socket.socket, address: str) -> None:
        """The handshake belongs to the visit: whoever is silent in it keeps nobody else waiting."""
        reader = asyncio.StreamReader(limit=HEAD_BYTES)
        protocol = asyncio.StreamReaderProtocol(reader)
        transport, _ = await self._loop.connect_accepted_socket(lambda: protocol, connection, ssl=self._context)
        try:
            asked = await read_request(reader)
            content = self._look_up(asked)
            if not asked.authority:
                log.info("enrolment: %s %s", address, "got its bundle" if content else "was refused")
            writer = asyncio.StreamWriter(transport, protocol, reader, self._loop)
            writer.write(answer(content))
            await writer.drain()
            writer.close()
            await writer.wait_closed()
        finally:
            transport.abort()


def _cancel_current() -> Callable[[], None]:
    """What ends the present task when it is called."""
    task = asyncio.current_task()

    def cancel() -> None:
        if task is not None:
            task.cancel()

    return cancel
