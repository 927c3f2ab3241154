"""Connections of somebody who has no business here: idle ones, and such that speak a byte at a time.

``python -m tests.attacks.strangers.connections PORT IDLE SLOW`` holds them, in a process of its own, until its input
ends; it says "ready" when they stand.
"""

import resource
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

IDLE, SLOW = 1_000, 500
DRIP_SECONDS = 0.5


@contextmanager
def many_connections(port: int, *, idle: int = IDLE, slow: int = SLOW) -> Iterator[None]:
    """So many of each for the length of the block."""
    command = [sys.executable, "-m", __name__, str(port), str(idle), str(slow)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        try:
            yield
        finally:
            process.stdin.close()
            process.wait(30)


def hold(port: int, idle: int, slow: int) -> None:
    """Whom the other side has sent away comes no more."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    connections = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(idle + slow)]
    alive = connections[idle:]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while not select.select([sys.stdin], [], [], DRIP_SECONDS)[0]:
        for connection in list(alive):
            try:
                connection.send(b"\x10")
            except OSError:
                alive.remove(connection)


if __name__ == "__main__":
    hold(*map(int, sys.argv[1:]))
