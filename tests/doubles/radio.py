"""A radio station on this machine that misbehaves as asked: streams, HLS, redirects, silence, stalls."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np

from tests.doubles.recorders import Recorder, note

Answer = Callable[[BaseHTTPRequestHandler], None]
MP3 = Recorder("mp3", "libmp3lame", bit_rate=64_000)
AAC = Recorder("adts", "aac", bit_rate=64_000)
OGG = Recorder("ogg", "libopus", rate=48_000, bit_rate=64_000)
TRANSPORT = Recorder("mpegts", "aac", bit_rate=64_000)


class Radio:
    """``answers``: what stands at each path; ``asked``: paths in the order in which they were asked for."""

    def __init__(self, address: str) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.over = threading.Event()
        self._address = address

    def url(self, path: str) -> str:
        return f"{self._address}{path}"

    def stalls(self, content: bytes, kind: str = "audio/mpeg") -> Answer:
        """Sends this, and then nothing for as long as the station is on."""

        def answer(request: BaseHTTPRequestHandler) -> None:
            _head(request, kind)
            request.wfile.write(content)
            request.wfile.flush()
            self.over.wait(60)

        return answer


@contextmanager
def radio() -> Iterator[Radio]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            station.asked.append(self.path)
            answer = station.answers.get(self.path)
            if answer is None:
                self.send_error(404)
                return
            try:
                answer(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *_args: object) -> None:
            return None

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_args: object) -> None:
            return None

    server = Server(("127.0.0.1", 0), Handler)
    station = Radio(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield station
    finally:
        station.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def plays(content: bytes, kind: str = "audio/mpeg") -> Answer:
    """Sends it all and ends."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        _head(request, kind)
        request.wfile.write(content)

    return answer


def redirects(target: str, status: int = 302) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Location", target)
        request.send_header("Content-Length", "0")
        request.end_headers()

    return answer


def shoutcast(content: bytes) -> Answer:
    """As SHOUTcast 1 answered."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"ICY 200 OK\r\nicy-name: Dai\r\ncontent-type: audio/mpeg\r\n\r\n" + content)

    return answer


def playlist(*texts: str) -> Answer:
    """Each asking gets the next of these; the last again and again."""
    left = list(texts)

    def answer(request: BaseHTTPRequestHandler) -> None:
        text = left.pop(0) if len(left) > 1 else left[0]
        plays(text.encode(), "application/vnd.apple.mpegurl")(request)

    return answer


def media(addresses: Sequence[str], *, first: int = 0, ended: bool = True, extra: str = "") -> str:
    """An HLS playlist; ``extra`` goes before its segments."""
    lines = ["#EXTM3U", "#EXT-X-TARGETDURATION:2", f"#EXT-X-MEDIA-SEQUENCE:{first}", *extra.splitlines()]
    for address in addresses:
        lines += address.split() if address.startswith("#") else ["#EXTINF:2.0,", address]
    return "\n".join([*lines, *(["#EXT-X-ENDLIST"] if ended else [])]) + "\n"


def silence(seconds: float) -> bytes:
    return MP3.record(np.zeros((1, round(44_100 * seconds)), np.float32))


def tune(seconds: float, *, recorder: Recorder = MP3, pitch_hz: float = 440.0) -> bytes:
    return recorder.record(note(seconds, rate=recorder.rate, pitch_hz=pitch_hz))


def _head(request: BaseHTTPRequestHandler, kind: str) -> None:
    request.send_response(200)
    request.send_header("Content-Type", kind)
    request.end_headers()
