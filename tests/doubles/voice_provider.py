"""A stand-in for every provider of online voices, on this machine; it answers well or misbehaves as it is told."""

import base64
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from tests.doubles.google_tts import mp3_of


@dataclass
class VoiceProvider:
    """What it was asked, and how it is to answer.

    misbehaviour: applied while ``times`` lasts; empty answers well. not_yet: how often a link is 404 first.
    heard: the words asked for; requests: path, headers and body of each request.
    """

    url: str = ""
    misbehaviour: str = ""
    times: int = 1_000_000
    not_yet: int = 0
    heard: list[str] = field(default_factory=list)
    requests: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def next_misbehaviour(self) -> str:
        if not self.misbehaviour or self.times <= 0:
            return ""
        self.times -= 1
        return self.misbehaviour


class _Handler(BaseHTTPRequestHandler):
    double: ClassVar[VoiceProvider]
    protocol_version = "HTTP/1.1"
    number = 0

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.double.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        words = _words(self.path, body)
        self.double.heard.append(words)
        self.number = len(self.double.heard) - 1
        how = self.double.next_misbehaviour()
        statuses = {"too_many": 429, "expired": 401, "forbidden": 403, "unpaid": 402, "error": 503}
        if how in statuses:
            self._send(statuses[how], b"<html>secret-key-123 refused</html>")
        elif how == "stall":
            self.double.released.wait(30)
            self.close_connection = True
        elif how == "html":
            self._send(200, b"<!doctype html><title>Log in to the free Wi-Fi</title>")
        elif how == "quota":
            self._send(200, json.dumps({"error": 1, "status": 0, "message": "quota exceeded"}).encode())
        elif how == "elsewhere":
            self._send(200, json.dumps({"error": 0, "status": 1, "async": "https://evil.example/a.mp3"}).encode())
        else:
            self._answer(words, how)

    def do_GET(self) -> None:
        self.double.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}, ""))
        if self.double.not_yet > 0:
            self.double.not_yet -= 1
            self._send(404, b"not yet")
        elif self.path.startswith("/api/v1/tts/"):
            self.number = int(self.path.rpartition("-")[2])
            self._send(200, json.dumps({"status": 1, "result": {"audio_link": self._link()}}).encode())
        else:
            number = int(self.path.removeprefix("/sound-").removesuffix(".mp3"))
            self._send(200, _sound(self.double.heard[number], self.double.next_misbehaviour()))

    def _answer(self, words: str, how: str) -> None:
        if self.path.startswith("/hmi/"):
            self.double.times += bool(how)  # the sound is behind the link, and what is wrong with it too
            self._send(200, json.dumps({"async": self._link(), "error": 0}).encode())
        elif self.path == "/api/v1/tts":
            self.double.times += bool(how)
            self._send(200, json.dumps({"status": 1, "result": {"request_id": f"r-{self.number}"}}).encode())
        elif "synthesize" in self.path and self.path.startswith("/v1/"):
            self._send(200, json.dumps({"audioContent": base64.b64encode(_sound(words, how)).decode()}).encode())
        else:
            self._send(200, _sound(words, how))

    def _link(self) -> str:
        return f"{self.double.url}/sound-{self.number}.mp3"

    def _send(self, status: int, body: bytes) -> None:
        with suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """A test's output is its own."""


def _words(path: str, body: str) -> str:
    if path.startswith("/hmi/"):
        return body
    if body.startswith("<speak"):
        return re.sub(r"<[^>]+>", "", body)
    facts: dict[str, Any] = json.loads(body)
    return str(facts.get("text") or facts.get("input_text") or facts["input"]["text"])


def _sound(words: str, how: str) -> bytes:
    whole = mp3_of(words)
    return {
        "half_a_file": whole[: len(whole) // 2 + 7],
        "half": mp3_of(words, ms_per_syllable=40),
        "another_language": mp3_of(words, ms_per_syllable=3500),
        "silence": mp3_of(words, level=0.0),
        "no_sound": b"",
        "noise": bytes(range(256)) * 40,
    }.get(how, whole)


@contextmanager
def voice_provider() -> Iterator[VoiceProvider]:
    """The stand-in, listening on a free port of this machine."""
    double = VoiceProvider()
    handler = type("Handler", (_Handler,), {"double": double})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        double.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield double
        finally:
            double.released.set()
            server.shutdown()
            thread.join()
