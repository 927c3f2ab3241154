"""A line somebody listens to: everything that passes between a client and a listener is written down."""

import socket
import threading
from contextlib import suppress
from typing import Self


class Wiretap:
    """``with Wiretap(port) as tap:`` passes what comes to ``tap.port`` on to ``port`` and remembers it."""

    def __init__(self, port: int, at: int = 0) -> None:
        """``at``: the port of its own; 0 for a free one."""
        self._target = port
        self._listening = socket.create_server(("127.0.0.1", at))
        self.port = int(self._listening.getsockname()[1])
        self._heard: list[bytes] = []
        self._open: list[socket.socket] = []

    @property
    def heard(self) -> bytes:
        """Both ways, in the order in which it passed."""
        return b"".join(self._heard)

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for each in (self._listening, *self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
                server = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                return
            self._open += [client, server]
            for whence, whither in ((client, server), (server, client)):
                threading.Thread(target=self._pass_on, args=(whence, whither), daemon=True).start()

    def _pass_on(self, whence: socket.socket, whither: socket.socket) -> None:
        try:
            while data := whence.recv(65_536):
                self._heard.append(data)
                whither.sendall(data)
            whither.shutdown(socket.SHUT_WR)
        except OSError:
            return
