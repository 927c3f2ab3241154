"""What a hostile file could make a library do, as functions for the bounded process."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from broadcaster.strangers import Refused

Given = tuple[dict[str, Any], bytes]


def backwards(data: bytes, options: dict[str, Any]) -> Given:
    print("a library that chatters")
    return {"asked": options}, data[::-1]


def surroundings(data: bytes, options: dict[str, Any]) -> Given:
    return {"environment": dict(os.environ), "session": os.getsid(0) == os.getpid(), "folder": str(Path.cwd())}, b""


def forever(data: bytes, options: dict[str, Any]) -> Given:
    while True:
        time.sleep(60)


def busy(data: bytes, options: dict[str, Any]) -> Given:
    while True:
        pass


def greedy(data: bytes, options: dict[str, Any]) -> Given:
    return {}, b"x" * options["bytes"]


def refusing(data: bytes, options: dict[str, Any]) -> Given:
    raise Refused("encrypted", pages=3)


def failing(data: bytes, options: dict[str, Any]) -> Given:
    raise ZeroDivisionError("a private detail")


def crashing(data: bytes, options: dict[str, Any]) -> Given:
    os.abort()


def opening(data: bytes, options: dict[str, Any]) -> Given:
    return {"text": Path(options["path"]).read_text("utf-8")}, b""


def writing(data: bytes, options: dict[str, Any]) -> Given:
    Path(options["path"]).write_bytes(b"x" * options["bytes"])
    return {}, b""


def calling(data: bytes, options: dict[str, Any]) -> Given:
    with socket.create_connection(("127.0.0.1", options["port"]), timeout=2):
        return {}, b""


def starting(data: bytes, options: dict[str, Any]) -> Given:
    done = subprocess.run([sys.executable, "-c", "print('started')"], capture_output=True, check=True)
    return {"said": done.stdout.decode()}, b""


def orphaning(data: bytes, options: dict[str, Any]) -> Given:
    child = subprocess.Popen(["/bin/sleep", "60"])
    return {"pid": child.pid}, b""
