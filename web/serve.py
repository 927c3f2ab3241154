"""The console on a port, until told to stop."""

import logging
import resource
import socket
import threading

from flask import Flask
from waitress import wasyncore  # type: ignore[import-untyped]
from waitress.adjustments import Adjustments  # type: ignore[import-untyped]

from broadcaster.certificates.server_certificate import LOOK_SECONDS, ServerCertificate
from broadcaster.errors import LoaError, Unavailable
from web.serving.channels import Server, family_of
from web.serving.secure_channels import SecureServer
from web.serving.threads import Threads
from web.shell.services import Services

log = logging.getLogger(__name__)


def serve(app: Flask, host: str, port: int, stop: threading.Event) -> None:
    """Answer requests until ``stop`` is set. Raises Unavailable when the port is taken.

    A page that is open live holds one thread; the application keeps some back for everything else.
    """
    with listen(host, port) as listening:
        serve_on(app, listening, stop)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 picks a free one. Raises Unavailable."""
    try:
        return socket.create_server((host, port), backlog=256)
    except OSError as error:
        raise Unavailable("console.port_taken", host=host, port=port, cause=error.strerror or error) from None


def serve_on(
    app: Flask, listening: socket.socket, stop: threading.Event, *, certificate: ServerCertificate | None = None
) -> None:
    """``certificate``: with which it speaks TLS, None for clear text."""
    parts: Services = app.extensions["loa"]
    allow_many_files()
    threads = Threads(parts.config.web.threads, on_crowded=parts.overload.note)
    kind, scheme = (Server, "http") if certificate is None else (SecureServer, "https")
    server = kind(app, {}, True, listening, threads, _adjustments(scheme), family_of(listening), False)
    server.on_crowded = parts.overload.note
    if certificate is not None:
        server.context = certificate.context
        watch = threading.Thread(target=_keep, args=(certificate, stop), name="certificate", daemon=True)
        watch.start()
    while not stop.is_set():
        wasyncore.loop(timeout=0.5, use_poll=True, map=server._map, count=1)
    parts.watcher.stop()
    threads.shutdown(timeout=2)
    wasyncore.close_all(server._map)


def _keep(certificate: ServerCertificate, stop: threading.Event) -> None:
    while not stop.wait(LOOK_SECONDS):
        try:
            certificate.look()
        except LoaError as error:
            log.error("the certificate cannot be renewed: %s", error)  # the one before is shown on


def _adjustments(scheme: str) -> Adjustments:
    """Limits of each connection; how many there may be is in ``channels.py``."""
    return Adjustments(
        connection_limit=1_000_000,
        channel_timeout=60,
        channel_request_lookahead=1,
        cleanup_interval=2,
        max_request_header_size=65_536,
        max_request_body_size=4_000_000,
        inbuf_overflow=65_536,
        ident=None,
        url_scheme=scheme,
    )


def allow_many_files() -> None:
    """As many as the system lets us have: a connection is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
