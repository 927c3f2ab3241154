"""A stand-in for the endpoint gTTS talks to, on this machine; it answers well or misbehaves as it is told."""

import base64
import io
import json
import ssl
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import numpy as np
import soundfile

SAMPLE_RATE = 24_000
_MS_PER_SYLLABLE = 220


@cache
def mp3_of(text: str, *, ms_per_syllable: int = _MS_PER_SYLLABLE, level: float = 0.4) -> bytes:
    """A hum about as long as ``text`` would take, as MP3; made once, as a slow answer would be another misbehaviour."""
    seconds = len(text.split()) * ms_per_syllable / 1000
    hum = level * np.sin(2 * np.pi * 220 * np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE)
    file = io.BytesIO()
    soundfile.write(file, hum.astype(np.float32), SAMPLE_RATE, format="MP3")
    return file.getvalue()


def answer_with(audio: bytes) -> bytes:
    """``audio`` in the wrapping that the real endpoint uses."""
    encoded = base64.b64encode(audio).decode()
    return (")]}'\n\n" + rf'[["wrb.fr","jQ1olc","[\"{encoded}\"]",null,null,null,"generic"]]' + "\n").encode()


@dataclass
class GoogleTts:
    """What the stand-in was asked, and how it is to answer.

    misbehaviour: applied to every request while ``times`` lasts; empty answers well.
    times: how many requests still meet the misbehaviour.
    heard: the texts asked for, in order of arrival.
    released: ends every stall at once.
    """

    url: str = ""
    misbehaviour: str = ""
    times: int = 1_000_000
    heard: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def misbehave(self, how: str, *, times: int = 1_000_000) -> None:
        self.misbehaviour, self.times = how, times

    def behave(self) -> None:
        self.misbehaviour = ""

    def next_misbehaviour(self) -> str:
        if not self.misbehaviour or self.times <= 0:
            return ""
        self.times -= 1
        return self.misbehaviour


class _Handler(BaseHTTPRequestHandler):
    double: ClassVar[GoogleTts]
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        text = _text_asked_for(self.rfile.read(length).decode())
        self.double.heard.append(text)
        how = self.double.next_misbehaviour()
        getattr(self, f"_answer_{how}" if how else "_answer_well")(text)

    def _answer_well(self, text: str) -> None:
        self._send(200, answer_with(mp3_of(text)))

    def _answer_stall(self, text: str) -> None:
        self.double.released.wait(30)
        self.close_connection = True

    def _answer_drip(self, text: str) -> None:
        """A byte now and then: every single wait is short, the whole never ends."""
        self._head(200, 1_000_000)
        while not self.double.released.wait(0.05):
            try:
                self.wfile.write(b" ")
            except OSError:
                break
        self.close_connection = True

    def _answer_empty(self, text: str) -> None:
        self._send(200, b"")

    def _answer_no_audio(self, text: str) -> None:
        self._send(200, b')]}\'\n\n[["wrb.fr","jQ1olc",null,null,null,[3],"generic"]]\n')

    def _answer_too_many(self, text: str) -> None:
        self._send(429, b"<html>Too many requests</html>")

    def _answer_html(self, text: str) -> None:
        self._send(200, b"<!doctype html><title>Log in to the free Wi-Fi</title>")

    def _answer_redirect(self, text: str) -> None:
        self._send(302, b"")

    def _answer_error(self, text: str) -> None:
        self._send(503, b"")

    def _answer_cut_short(self, text: str) -> None:
        """The connection ends in the middle of the answer."""
        body = answer_with(mp3_of(text))
        with suppress(OSError):
            self._head(200, len(body))
            self.wfile.write(body[: len(body) // 2])
        self.close_connection = True

    def _answer_truncated(self, text: str) -> None:
        """A whole answer around half an MP3."""
        audio = mp3_of(text)
        self._send(200, answer_with(audio[: len(audio) // 2 + 7]))

    def _answer_half(self, text: str) -> None:
        """Whole frames, but only the beginning of the sentence."""
        self._send(200, answer_with(mp3_of(text, ms_per_syllable=40)))

    def _answer_wrong(self, text: str) -> None:
        self._send(200, answer_with(bytes(range(256)) * 40))

    def _answer_silence(self, text: str) -> None:
        self._send(200, answer_with(mp3_of(text, level=0.0)))

    def _answer_endless(self, text: str) -> None:
        self._send(200, b"x" * 6_000_000)

    def _head(self, status: int, length: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def _send(self, status: int, body: bytes) -> None:
        try:
            self._head(status, len(body))
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def log_message(self, *args: object) -> None:
        """A test's output is its own."""


def _text_asked_for(body: str) -> str:
    request = json.loads(urllib.parse.parse_qs(body)["f.req"][0])
    return str(json.loads(request[0][0][1])[0])


@contextmanager
def google_tts(*, certificate: Path | None = None, key: Path | None = None) -> Iterator[GoogleTts]:
    """The stand-in, listening on a free port of this machine; over TLS when given a certificate."""
    double = GoogleTts()
    handler = type("Handler", (_Handler,), {"double": double})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        double.url = f"{_secured(server, certificate, key)}://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield double
        finally:
            double.released.set()
            server.shutdown()
            thread.join()


def _secured(server: ThreadingHTTPServer, certificate: Path | None, key: Path | None) -> str:
    if certificate is None:
        return "http"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.handle_error = lambda *args: None  # type: ignore[method-assign]
    return "https"
