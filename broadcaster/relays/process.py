"""The process that pulls one stream, watched: started, read from, and ended whatever it is doing."""

import json
import os
import selectors
import signal
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from broadcaster.refusals.reasons import Reason, decode
from broadcaster.relays.events import Event, Heard, Nothing, Over, StreamFound
from broadcaster.relays.settings import RelaySettings

TICK_SECONDS = 0.25
"""No longer does anybody wait who reads events."""
MOST_CONTENT = 4_000_000
_CHILD = Path(__file__).with_name("child.py")
_ROOT = Path(__file__).parents[2]
_HEAD = 5
_CRASHED = Reason("relay.crashed", error="")


@dataclass(frozen=True, slots=True)
class Order:
    """address: of the stream; seconds: how long it may be pulled; most_bytes: how much may come."""

    address: str
    seconds: float
    most_bytes: int


@contextmanager
def pulled(order: Order, settings: RelaySettings) -> Iterator[Iterator[Event]]:
    """Its events, ``Nothing`` among them at least every quarter of a second; the process is gone at the end."""
    with tempfile.TemporaryDirectory(prefix="loa-relay-") as folder:
        process = _start(order, settings, folder)
        try:
            yield _events(process)
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if process.stdout is not None:
                process.stdout.close()


def _start(order: Order, settings: RelaySettings, folder: str) -> "subprocess.Popen[bytes]":
    said = {
        "root": str(_ROOT),
        "folder": folder,
        "address": order.address,
        "seconds": order.seconds,
        "most_bytes": order.most_bytes,
        "behind_seconds": settings.behind_seconds,
        "private_networks": list(settings.private_networks),
        "playlist_hosts": list(settings.playlist_hosts),
    }
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OMP_THREAD_LIMIT"), "1")
    return subprocess.Popen(  # noqa: S603 (our own interpreter and our own file)
        [sys.executable, "-I", "-B", str(_CHILD), json.dumps(said)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        env={**one, "PATH": os.defpath, "LANG": "C.UTF-8", "HOME": folder, "TMPDIR": folder},
        cwd=folder,
        start_new_session=True,
    )


def _events(process: "subprocess.Popen[bytes]") -> Iterator[Event]:
    if process.stdout is None:
        raise AssertionError("the process was started with a pipe")
    pipe, buffer = process.stdout.fileno(), b""
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            if not selector.select(TICK_SECONDS):
                yield Nothing()
                continue
            block = os.read(pipe, 65_536)
            if not block:
                yield Over(_CRASHED)
                return
            buffer += block
            messages, buffer = _messages(buffer)
            for kind, content in messages:
                yield (event := _event(kind, content))
                if isinstance(event, Over):
                    return


def _messages(buffer: bytes) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Those that are whole, and the rest. What is longer than anything we say is the end."""
    found: list[tuple[bytes, bytes]] = []
    while len(buffer) >= _HEAD:
        (length,) = struct.unpack(">I", buffer[1:_HEAD])
        if length > MOST_CONTENT:
            return [*found, (b"?", b"")], b""
        if len(buffer) < _HEAD + length:
            break
        found.append((buffer[:1], buffer[_HEAD : _HEAD + length]))
        buffer = buffer[_HEAD + length :]
    return found, buffer


def _event(kind: bytes, content: bytes) -> Event:
    try:
        if kind == b"P":
            return Heard(content)
        if kind == b"I":
            said = json.loads(content)
            return StreamFound(str(said["container"]), str(said["codec"]))
        if kind == b"E":
            return Over(decode(content.decode()))
    except (ValueError, KeyError, TypeError):
        return Over(_CRASHED)
    return Over(_CRASHED)
