"""Every test ends by itself: a limit on each, which also ends what waits in a library that knows no limit.

At its limit a test is told in the middle of whatever it does, by SIGALRM in the main thread; the stacks of all threads
are written first. Playwright, locks, sockets and subprocesses let themselves be interrupted so. What does not (a
library stuck in C, a ``finally`` that waits in its turn) ends with its whole process some minutes later;
pytest-xdist counts that as a failure of the test and goes on in a new process.
"""

import faulthandler
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

LIMIT_SECONDS = 240.0
"""For each phase of a test that says nothing else with ``@pytest.mark.limit(seconds)``; ample for a loaded machine."""
GRACE_SECONDS = 60.0
ENDING_SECONDS = 60.0
"""For the process itself, once its last test is over: a thread that nobody joined must not keep it."""


class Overtime(pytest.fail.Exception):
    """A step took too long; whoever limited it may try another way."""


@dataclass
class _Deadline:
    """until: by the monotonic clock; what: took too long; error: how that is told; passed: it was told."""

    until: float
    what: str
    error: type[BaseException]
    passed: bool = False


_deadlines: list[_Deadline] = []
_terminal = 2


def pytest_configure() -> None:
    """Stacks go where a person sees them: pytest captures nothing yet."""
    global _terminal
    _terminal = os.dup(2)


def pytest_unconfigure() -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:  # a worker waits for the others, its master for nobody
        faulthandler.dump_traceback_later(ENDING_SECONDS, exit=True, file=_terminal)


@contextmanager
def within(seconds: float, what: str, *, error: type[BaseException] = Overtime) -> Iterator[None]:
    """Raises ``error`` in the block when it takes longer. May be nested; in threads beside the main one no limit."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    mine = _Deadline(time.monotonic() + seconds, f"{what} took longer than {seconds:g} s", error)
    _deadlines.append(mine)
    before = signal.signal(signal.SIGALRM, _expired)
    _arm()
    try:
        yield
    finally:
        _deadlines.remove(mine)
        _arm()
        signal.signal(signal.SIGALRM, before)


def _arm() -> None:
    """Ring at the earliest deadline; 0 rings never."""
    nearest = min((each.until for each in _deadlines if not each.passed), default=None)
    signal.setitimer(signal.ITIMER_REAL, 0 if nearest is None else max(0.001, nearest - time.monotonic()))


def _expired(_number: int, _frame: object) -> None:
    now = time.monotonic()
    late = next((each for each in _deadlines if each.until <= now and not each.passed), None)
    if late:
        late.passed = True
    _arm()
    if late:
        faulthandler.dump_traceback(_terminal)
        raise late.error(late.what)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    faulthandler.dump_traceback_later(3 * _limit(item) + GRACE_SECONDS, exit=True, file=_terminal)
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    with within(_limit(item), "setting up", error=pytest.fail.Exception):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    with within(_limit(item), "the test", error=pytest.fail.Exception):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    with within(_limit(item), "tearing down", error=pytest.fail.Exception):
        return (yield)


def _limit(item: pytest.Item) -> float:
    marker = item.get_closest_marker("limit")
    return float(marker.args[0]) if marker else LIMIT_SECONDS
