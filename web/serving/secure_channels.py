"""Connections to a console that speaks TLS itself."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from web.serving.channels import Channel, Server


class SecureChannel(Channel):
    """One connection over TLS. The handshake counts as part of asking: who is silent in it is late like everybody."""

    _shaken = False
    _wants_to_write = False

    def __init__(self, *parts: Any, **named: Any) -> None:
        self._talking = threading.Lock()  # answers are sent from the threads that make them, while the loop reads
        super().__init__(*parts, **named)

    def readable(self) -> bool:
        return bool(super().readable()) if self._shaken else not self._wants_to_write

    def writable(self) -> bool:
        if self._shaken or self.will_close:
            return bool(super().writable())
        return self._wants_to_write

    def handle_read_event(self) -> None:
        if self._shaken or self._shake():
            super().handle_read_event()

    def handle_write_event(self) -> None:
        if self._shaken or self.will_close or self._shake():
            super().handle_write_event()

    def handle_read(self) -> None:
        """All of what has come: the kernel does not tell of bytes that wait here deciphered."""
        while self.connected and not self.will_close:
            data = self._deciphered()
            if data is None:
                return
            if not data:
                self.handle_close()
                return
            self.last_activity = time.time()
            self.received(data)
            if not self._pending():
                return

    def _deciphered(self) -> bytes | None:
        """Empty at the end; None when no whole record has come."""
        try:
            with self._talking:
                return bytes(self.socket.recv(self.adj.recv_bytes))
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return None
        except OSError:
            return b""

    def send(self, data: bytes, do_close: bool = True) -> int:
        try:
            with self._talking:
                return int(self.socket.send(data))
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return 0
        except OSError:
            if do_close:
                self.handle_close()
            return 0

    def handle_close(self) -> None:
        """With a goodbye, as far as it goes out at once: the other side knows then that nothing was cut off."""
        if self._shaken and self.connected:
            with suppress(OSError, ValueError), self._talking:
                self.socket.unwrap()
        super().handle_close()

    def _pending(self) -> bool:
        with suppress(OSError, ValueError), self._talking:
            return bool(self.socket.pending())
        return False

    def _shake(self) -> bool:
        """One step of the handshake; whether it is done."""
        try:
            self.socket.do_handshake()
        except ssl.SSLWantReadError:
            self._wants_to_write = False
            return False
        except ssl.SSLWantWriteError:
            self._wants_to_write = True
            return False
        except OSError:  # no TLS, or none that we speak: a plain question is answered by nothing
            self.handle_close()
            return False
        self._shaken = True
        return True


class SecureServer(Server):
    """``context``: with which its channels speak."""

    channel_class = SecureChannel
    context: ssl.SSLContext

    def _newcomers(self) -> Iterator[tuple[socket.socket, Any]]:
        for connection, address in super()._newcomers():
            connection.setblocking(False)
            try:
                secured = self.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
            except OSError:  # it is gone already
                connection.close()
                continue
            yield secured, address
