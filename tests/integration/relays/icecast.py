"""A real Icecast server, and a source that sends it a recording at the pace of its sound."""

import base64
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

_PASSWORD = "chỉ-để-thử".encode().hex()
_OWNER = "<changeowner><user>nobody</user><group>nogroup</group></changeowner>"
_CONFIGURATION = """<icecast>
  <limits><clients>20</clients><sources>4</sources><source-timeout>5</source-timeout><burst-size>32768</burst-size></limits>
  <authentication><source-password>{password}</source-password><admin-user>admin</admin-user>
    <admin-password>{password}</admin-password></authentication>
  <hostname>127.0.0.1</hostname>
  <listen-socket><port>{port}</port><bind-address>127.0.0.1</bind-address></listen-socket>
  <fileserve>0</fileserve>
  <paths><basedir>/usr/share/icecast2</basedir><logdir>{folder}</logdir><webroot>/usr/share/icecast2/web</webroot>
    <adminroot>/usr/share/icecast2/admin</adminroot></paths>
  <logging><accesslog>-</accesslog><errorlog>-</errorlog><loglevel>1</loglevel></logging>
  <security><chroot>0</chroot>{owner}</security>
</icecast>
"""

NEEDS_ICECAST = pytest.mark.skipif(shutil.which("icecast2") is None, reason="icecast2 is not installed")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextmanager
def icecast(folder: Path) -> Iterator[int]:
    """Its port."""
    port = _free_port()
    owner = _OWNER if os.geteuid() == 0 else ""
    file = folder / "icecast.xml"
    file.write_text(_CONFIGURATION.format(password=_PASSWORD, port=port, folder=folder, owner=owner))
    server = subprocess.Popen(
        ["icecast2", "-c", str(file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.kill()
        server.wait()


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError("icecast2 does not listen")


def connected(port: int, mount: str) -> socket.socket:
    """A source of MP3 that may send now; the caller closes it."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    login = base64.b64encode(f"source:{_PASSWORD}".encode()).decode()
    head = f"PUT {mount} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic {login}\r\nContent-Type: audio/mpeg\r\n"
    connection.sendall(f"{head}Expect: 100-continue\r\n\r\n".encode())
    answer = connection.recv(4096)
    assert b" 100 " in answer or b" 200 " in answer, answer
    return connection


@contextmanager
def sending(port: int, mount: str, content: bytes, *, bytes_a_second: int) -> Iterator[threading.Event]:
    """A source on the air until the block ends, or until the event is set: then it is gone at once. Its content comes
    again and again."""
    gone = threading.Event()
    connection = connected(port, mount)
    connection.sendall(content[:65_536])
    thread = threading.Thread(
        target=_send, args=(connection, content, bytes_a_second, gone), name="source", daemon=True
    )
    thread.start()
    try:
        yield gone
    finally:
        gone.set()
        thread.join()
        connection.close()


def _send(connection: socket.socket, content: bytes, bytes_a_second: int, gone: threading.Event) -> None:
    step = max(1, bytes_a_second // 5)
    at = 65_536 % len(content)
    with suppress(OSError):
        while not gone.wait(0.2):
            connection.sendall(content[at : at + step])
            at = (at + step) % len(content)
    connection.close()
