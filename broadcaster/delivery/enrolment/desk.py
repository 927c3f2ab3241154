"""The enrolment desk: one address, over TLS, that trades a secret for a bundle."""

import logging
import socket
import ssl
import threading
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from broadcaster.config import Config
from broadcaster.delivery.enrolment import certificate, offers
from broadcaster.protocol.enrolment import PATH

log = logging.getLogger(__name__)
PATIENCE_SECONDS = 10.0
"""A client that is silent for so long is sent away."""
LONGEST_SECRET = 64


class EnrolmentDesk:
    """Open while the station runs; a port that cannot be had closes the desk and nothing else."""

    def __init__(self, config: Config, clock: Callable[[], datetime]) -> None:
        self._config = config
        self._clock = clock
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        host, port = self._config.broker.host, self._config.enrolment.port
        if not port:
            return
        path = offers.certificate_file(self._config)
        certificate.load_or_create(path)
        try:
            self._server = _Server((host, port), path, self._take)
        except OSError as error:
            log.warning("no enrolment by code: port %d on %s cannot be had: %s", port, host, error)
            return
        self._thread = threading.Thread(target=self._server.serve_forever, name="enrolment", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join(5)
        self._server = self._thread = None

    def _take(self, secret: str) -> bytes | None:
        return offers.take(offers.folder(self._config), secret, now_at=self._clock())


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], pem: Path, take: Callable[[str], bytes | None]) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.take = take
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(pem)
        super().__init__(address, _Handler)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """The handshake belongs to the request's own thread: a silent client must not keep others from the desk."""
        request.settimeout(PATIENCE_SECONDS)
        with self._context.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - as socketserver calls it
        log.info("enrolment: %s did not come through", client_address[0])


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        wanted = self.path == PATH and length.isdigit() and int(length) <= LONGEST_SECRET
        secret = self.rfile.read(int(length)).decode("ascii", "replace") if wanted else ""
        bundle = self.server.take(secret) if secret else None
        log.info("enrolment: %s %s", self.client_address[0], "got its bundle" if bundle else "was refused")
        self.send_response(HTTPStatus.OK if bundle else HTTPStatus.NOT_FOUND)
        self.send_header("Content-Length", str(len(bundle or b"")))
        self.end_headers()
        self.wfile.write(bundle or b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by http.server
        """Said above, without what was sent."""
