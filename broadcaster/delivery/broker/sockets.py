"""Questions about a listening address."""

import os
import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from broadcaster.errors import Unavailable

LONGEST_SOCKET = 100
"""Bytes; the kernel takes no longer path of a Unix socket."""
_FOLDERS: dict[Path, int] = {}
"""Descriptors of folders too deep for it; kept open as long as this process lives."""


def reachable_socket(path: Path) -> str:
    """A name under which this process reaches the Unix socket: its path, or one by way of its opened folder."""
    if len(os.fsencode(path)) <= LONGEST_SOCKET:
        return str(path)
    return f"/proc/self/fd/{_opened(path.parent)}/{path.name}"


def _opened(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(KeyError):
        if os.path.samestat(os.fstat(_FOLDERS[folder]), folder.stat()):
            return _FOLDERS[folder]
    _FOLDERS[folder] = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    return _FOLDERS[folder]


def accepts(host: str, port: int) -> bool:
    """Whether somebody takes connections there now."""
    try:
        socket.create_connection((reachable(host), port), timeout=1).close()
    except OSError:
        return False
    return True


def reachable(host: str) -> str:
    """The address under which this machine reaches a listener on ``host``."""
    return {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # read, not bound


def refuse_taken(host: str, port: int) -> None:
    """Raises Unavailable when the address cannot be listened on."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise Unavailable(
            "broker.port_taken", field="broker.port", port=port, host=host, cause=error.strerror
        ) from None


def free_port(host: str) -> int:
    """A port nobody listens on now."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


@contextmanager
def many_allowed() -> Iterator[None]:
    """A child begun meanwhile may open as many connections as the system allows; a file for each node soon exceeds the
    1,024 that are usual. Set before it begins: once it has left the user root its limits are not ours to change."""
    usual, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (usual, most))
