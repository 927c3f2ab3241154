"""Services that messages are sent to, on this machine: well-behaved until they are asked to be anything else."""

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Heard:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes


Behaviour = Callable[["Handler"], None]


def well(handler: "Handler") -> None:
    """As each of the services does."""
    if handler.path.endswith("/access_token"):
        handler.answer(200, {"access_token": "moi", "refresh_token": "lam-moi-2", "expires_in": "90000"})
    else:
        handler.answer(200, {"ok": True, "result": {}, "id": "tin-1", "error": 0})


def hanging(handler: "Handler") -> None:
    """Says nothing until the double is closed."""
    handler.double.closing.wait(30)


def trickling(handler: "Handler") -> None:
    """A byte now and then: no silence is ever long."""
    with suppress(OSError):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not handler.double.closing.wait(0.05):
            handler.wfile.write(b"x")
            handler.wfile.flush()


def busy(handler: "Handler") -> None:
    handler.answer(429, {"ok": False}, {"Retry-After": "7"})


def broken(handler: "Handler") -> None:
    handler.answer(500, {"ok": False})


def page(handler: "Handler") -> None:
    """What a hotel's network answers to everything."""
    handler.answer_raw(200, b"<!DOCTYPE html><title>Wi-Fi</title>", {"Content-Type": "text/html"})


def redirecting(handler: "Handler") -> None:
    handler.answer(302, {}, {"Location": f"http://127.0.0.1:{handler.double.port}/inside"})


def halfway(handler: "Handler") -> None:
    """Promises more than it gives, and closes."""
    with suppress(OSError):
        handler.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"ok":')


def cut(handler: "Handler") -> None:
    """Takes the message and closes without a word."""


def foreign_token(handler: "Handler") -> None:
    handler.answer(401, {"ok": False, "error_code": 401})


class Handler(BaseHTTPRequestHandler):
    """Answers as its double is asked to."""

    double: "OutsideDouble"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.double.heard.append(Heard(self.path, dict(self.headers), body))
        self.close_connection = True
        with suppress(OSError):
            self.double.behaviour(self)

    def answer(self, status: int, body: dict[str, object], headers: dict[str, str] | None = None) -> None:
        kind = {"Content-Type": "application/json"}
        self.answer_raw(status, json.dumps(body).encode(), kind | (headers or {}))

    def answer_raw(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing in the tests' output."""


@dataclass
class OutsideDouble:
    """port: where it listens; heard: every request, in order; behaviour: how it answers the next ones."""

    port: int = 0
    behaviour: Behaviour = well
    heard: list[Heard] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64


@contextmanager
def outside_double() -> Iterator[OutsideDouble]:
    double = OutsideDouble()
    server = _Server(("127.0.0.1", 0), type("Bound", (Handler,), {"double": double}))
    double.port = server.server_address[1]
    thread = threading.Thread(target=lambda: server.serve_forever(0.02), daemon=True)
    thread.start()
    yield double
    double.closing.set()
    server.shutdown()
    server.server_close()
    thread.join(5)


@dataclass
class MailDouble:
    """letters: whole letters taken; refusing: the answer to a recipient, or none; silent: says nothing at all."""

    port: int = 0
    letters: list[bytes] = field(default_factory=list)
    refusing: bytes = b""
    silent: bool = False
    closing: threading.Event = field(default_factory=threading.Event)


class _MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True


class _Talk(socketserver.StreamRequestHandler):
    double: MailDouble

    def handle(self) -> None:
        if self.double.silent:
            self.double.closing.wait(30)
            return
        self.say(b"220 loa.test")
        with suppress(OSError):
            for line in self.rfile:
                if not self.reply(line.strip().upper()):
                    return

    def say(self, words: bytes) -> None:
        self.wfile.write(words + b"\r\n")

    def reply(self, line: bytes) -> bool:
        if line.startswith(b"RCPT"):
            self.say(self.double.refusing or b"250 ok")
        elif line == b"DATA":
            self.say(b"354 go on")
            letter = b""
            while (part := self.rfile.readline()) not in (b".\r\n", b""):
                letter += part
            self.double.letters.append(letter)
            self.say(b"250 taken")
        else:
            self.say(b"221 bye" if line == b"QUIT" else b"250 ok")
        return line != b"QUIT"


@contextmanager
def mail_double() -> Iterator[MailDouble]:
    """A mail server without TLS, as much of RFC 5321 as a client asks of it."""
    double = MailDouble()
    server = _MailServer(("127.0.0.1", 0), type("BoundTalk", (_Talk,), {"double": double}))
    double.port = server.server_address[1]
    thread = threading.Thread(target=lambda: server.serve_forever(0.02), daemon=True)
    thread.start()
    yield double
    double.closing.set()
    server.shutdown()
    server.server_close()
    thread.join(5)
