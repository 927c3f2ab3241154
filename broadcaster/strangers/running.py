"""Start the bounded process, give it the bytes, wait no longer than allowed, and take its answer."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO

from broadcaster.strangers.bounds import BoundedResult, Bounds, Refused

_CHILD = Path(__file__).with_name("child.py")
_ROOT = Path(__file__).parents[2]
_AT_ONCE = BoundedSemaphore(2)
"""A village machine has few cores: the third reading waits for one of the first two."""
_TOO_LONG = frozenset((signal.SIGXCPU, signal.SIGKILL))
_PASSED_VARIABLES = ("PATH", "TESSDATA_PREFIX", "LD_LIBRARY_PATH")


def run(
    function: str, data: bytes, *, options: Mapping[str, object] | None = None, bounds: Bounds | None = None
) -> BoundedResult:
    """Call ``function`` ("package.module:name") on ``data`` in a process of its own.

    The function takes ``(data: bytes, options: dict)`` and gives ``(facts, content)``: a mapping that JSON can carry,
    and bytes. It sees no environment of ours, no network and no file but the interpreter's and our code (each where
    the system can hold it). Raises Refused, with the function's own code or one of the house's.
    """
    limits = bounds or Bounds()
    order: dict[str, object] = {
        "root": str(_ROOT),
        "function": function,
        "options": dict(options or {}),
        "bounds": {name: getattr(limits, name) for name in Bounds.__slots__},
    }
    with (
        _AT_ONCE,
        tempfile.TemporaryDirectory(prefix="loa-stranger-") as folder,
        tempfile.TemporaryFile() as asked,
        tempfile.TemporaryFile() as answered,
    ):
        asked.write(data)
        asked.seek(0)
        process = _start(order | {"folder": folder}, asked=asked, answered=answered)
        status = _wait(process, limits)
        answered.seek(0)
        return _answer(status, answered.read(2 * limits.answer_bytes))


def _start(order: dict[str, object], *, asked: IO[bytes], answered: IO[bytes]) -> "subprocess.Popen[bytes]":
    folder = str(order["folder"])
    return subprocess.Popen(  # noqa: S603 (our own interpreter and our own file)
        [sys.executable, "-I", "-B", str(_CHILD), json.dumps(order)],
        stdin=asked,
        stdout=answered,
        stderr=subprocess.DEVNULL,
        env=_environment(folder),
        cwd=folder,
        start_new_session=True,
    )


def _environment(folder: str) -> dict[str, str]:
    passed = {name: os.environ[name] for name in _PASSED_VARIABLES if name in os.environ}
    # One thread each: a library that reserves a stack per core would run into the limit of address space.
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OMP_THREAD_LIMIT"), "1")
    return passed | one | {"LANG": "C.UTF-8", "HOME": folder, "TMPDIR": folder}


def _wait(process: "subprocess.Popen[bytes]", bounds: Bounds) -> int:
    try:
        return process.wait(timeout=bounds.seconds)
    except subprocess.TimeoutExpired as error:
        raise Refused("took_too_long", seconds=bounds.seconds) from error
    finally:
        # The whole session goes, whatever the process started.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _answer(status: int, written: bytes) -> BoundedResult:
    if -status in _TOO_LONG:
        raise Refused("took_too_long", signal=-status)
    head, _, content = written.partition(b"\n")
    try:
        said = json.loads(head)
        facts, guards, refusal, length = said["facts"], tuple(said["guards"]), said["refused"], said["length"]
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("crashed", signal=max(0, -status)) from error
    if refusal is not None:
        raise Refused(refusal, **facts)
    if len(content) != length:
        raise Refused("too_much_answer")
    return BoundedResult(facts=facts, content=content, guards=guards)
