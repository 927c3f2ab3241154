"""Connections of somebody who has no business here: idle ones, and such that speak a byte at a time.

``python -m tests.attacks.strangers.connections PORT IDLE SLOW TLS`` holds them, in a process of its own, until its
input ends; it says "ready" when they stand.
"""

import resource
import select
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

IDLE, SLOW = 1_000, 500
DRIP_SECONDS = 0.5


@contextmanager
def many_connections(port: int, *, idle: int = IDLE, slow: int = SLOW, tls: bool = False) -> Iterator[None]:
    """So many of each for the length of the block. With ``tls`` the slow ones never end their handshake."""
    command = [sys.executable, "-m", __name__, *map(str, (port, idle, slow, int(tls)))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        try:
            yield
        finally:
            process.stdin.close()
            process.wait(30)


def hold(port: int, idle: int, slow: int, tls: int) -> None:
    """Whom the other side has sent away comes no more."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    connections = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(idle + slow)]
    alive, words = connections[idle:], _client_hello() if tls else b"\x10"
    said = 0
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while not select.select([sys.stdin], [], [], DRIP_SECONDS)[0]:
        for connection in list(alive):
            try:
                connection.send(words[said % len(words) :][:1])
            except OSError:
                alive.remove(connection)
        said += 1


def _client_hello() -> bytes:
    """What somebody says first who wants to speak TLS."""
    context = ssl.create_default_context()
    heard, said = ssl.MemoryBIO(), ssl.MemoryBIO()
    with suppress(ssl.SSLWantReadError):
        context.wrap_bio(heard, said, server_hostname="loa.example.vn").do_handshake()
    return said.read()


if __name__ == "__main__":
    hold(*map(int, sys.argv[1:]))
