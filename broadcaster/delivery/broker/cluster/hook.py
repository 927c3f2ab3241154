"""The address at which an external broker asks this station about its nodes."""

import asyncio
import hmac
import ipaddress
import json
import logging
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

from broadcaster.delivery.broker.cluster.book import AccountBook
from broadcaster.delivery.broker.cluster.hook_answers import HookAnswer, answer
from broadcaster.network_settings import BrokerSettings

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 10.0
"""For one request, and between two on one connection."""
MOST_CONNECTIONS = 256
HEAD_BYTES, BODY_BYTES = 8_192, 16_384
BACKLOG = 256
_DENIED = HookAnswer(HTTPStatus.FORBIDDEN, "deny")


@dataclass(frozen=True, slots=True)
class HookRequest:
    """path: without query; fields: of query and body; stays: whether the connection is used again."""

    path: str
    fields: dict[str, str]
    stays: bool


class AccountHook:
    """A thread of its own while started. Plain HTTP: it listens on this machine, or on a private network with a token
    in the path (``/TOKEN/rabbitmq/user``). The accounts are in memory: no question waits for the database."""

    def __init__(self, settings: BrokerSettings, book: AccountBook) -> None:
        self._settings = settings
        self._book = book
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._ending: asyncio.Event | None = None
        self._open = 0
        self.port = settings.hook_port
        self.closed = False
        """Whether it shall listen and cannot."""

    def start(self) -> None:
        if not self._settings.hook_port:
            return
        host, port = self._settings.hook_host, self._settings.hook_port
        try:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            listening = socket.create_server((host, port), family=family, backlog=BACKLOG)
        except OSError as error:
            self.closed = True
            log.error("no broker can ask for accounts: port %d on %s cannot be had: %s", port, host, error)
            return
        self._loop = asyncio.new_event_loop()
        self._ending = asyncio.Event()
        self._thread = threading.Thread(target=self._run, args=(listening,), name="broker-hook", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if self._loop is not None and self._ending is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._ending.set)
            self._thread.join(5)
        self._thread = None

    def _run(self, listening: socket.socket) -> None:
        assert self._loop is not None
        with listening:
            self._loop.run_until_complete(self._serve(listening))
        self._loop.close()

    async def _serve(self, listening: socket.socket) -> None:
        assert self._ending is not None
        server = await asyncio.start_server(self._visit, sock=listening, limit=HEAD_BYTES)
        await self._ending.wait()
        server.close()
        visits = asyncio.all_tasks() - {asyncio.current_task()}
        for visit in visits:
            visit.cancel()
        await asyncio.gather(*visits, return_exceptions=True)
        await asyncio.sleep(0)  # closed connections are let go in the loop's next round

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._open >= MOST_CONNECTIONS:
            writer.close()
            return
        self._open += 1
        try:
            while await self._exchange(reader, writer):
                pass
        except (OSError, ValueError, EOFError, TimeoutError, asyncio.LimitOverrunError):
            log.debug("a question at the broker's hook did not come through")
        finally:
            self._open -= 1
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        async with asyncio.timeout(PATIENCE_SECONDS):
            request = await read_request(reader)
            said = self._answer(request, str(writer.get_extra_info("peername")[0]))
            writer.write(_written(said, stays=request.stays))
            await writer.drain()
        return request.stays

    def _answer(self, request: HookRequest, address: str) -> HookAnswer:
        path, token = request.path, self._settings.hook_token
        if token:
            given, _, rest = path.lstrip("/").partition("/")
            if not hmac.compare_digest(given.encode(), token.encode()):
                return _DENIED
            path = f"/{rest}"
        elif not _is_here(address):
            return _DENIED
        return answer(self._book, path, request.fields)


async def read_request(reader: asyncio.StreamReader) -> HookRequest:
    """One request. Raises EOFError at the end, ValueError for what is none."""
    head = await reader.readuntil(b"\r\n\r\n")
    line, *lines = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    method, _, rest = line.partition(" ")
    target, _, version = rest.rpartition(" ")
    headers = {name.strip().lower(): value.strip() for name, _, value in (each.partition(":") for each in lines)}
    length = headers.get("content-length", "0")
    if method not in ("GET", "POST") or not length.isdecimal() or int(length[:9]) > BODY_BYTES:
        raise ValueError("no question of a broker")
    body = (await reader.readexactly(int(length))).decode("utf-8", "replace")
    where = urlsplit(target)
    fields = dict(parse_qsl(where.query)) | _fields(body, headers.get("content-type", ""))
    return HookRequest(where.path, fields, version == "HTTP/1.1" and headers.get("connection", "").lower() != "close")


def _fields(body: str, kind: str) -> dict[str, str]:
    if "json" not in kind:
        return dict(parse_qsl(body))
    found = json.loads(body or "{}")
    if not isinstance(found, dict):
        raise ValueError("no question of a broker")
    return {str(name): str(value) for name, value in found.items() if value is not None}


def _written(said: HookAnswer, *, stays: bool) -> bytes:
    kind = "application/json" if said.body.startswith("{") else "text/plain"
    head = (
        f"HTTP/1.1 {said.status.value} {said.status.phrase}\r\nContent-Type: {kind}\r\n"
        f"Content-Length: {len(said.body)}\r\nConnection: {'keep-alive' if stays else 'close'}\r\n\r\n"
    )
    return (head + said.body).encode()


def _is_here(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False
