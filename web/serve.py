"""The console on a port, until told to stop."""

import socket
import threading

from flask import Flask
from waitress import create_server, wasyncore  # type: ignore[import-untyped]

from broadcaster.errors import Unavailable
from web.shell.services import Services


def serve(app: Flask, host: str, port: int, stop: threading.Event) -> None:
    """Answer requests until ``stop`` is set. Raises Unavailable when the port is taken.

    A page that is open live holds one thread; the application keeps some back for everything else.
    """
    with listen(host, port) as listening:
        serve_on(app, listening, stop)


def listen(host: str, port: int) -> socket.socket:
    """An open door; port 0 picks a free one. Raises Unavailable."""
    try:
        return socket.create_server((host, port), backlog=256)
    except OSError as error:
        raise Unavailable("console.port_taken", host=host, port=port, cause=error.strerror or error) from None


def serve_on(app: Flask, listening: socket.socket, stop: threading.Event) -> None:
    parts: Services = app.extensions["loa"]
    server = create_server(
        app,
        sockets=[listening],
        threads=parts.config.web.threads,
        connection_limit=500,
        channel_timeout=60,
        channel_request_lookahead=1,
        max_request_body_size=4_000_000,
        ident=None,
    )
    while not stop.is_set():
        wasyncore.loop(timeout=0.5, map=server._map, count=1)
    parts.watcher.stop()
    server.task_dispatcher.shutdown(timeout=2)
    wasyncore.close_all(server._map)
