"""Processes that begin with our libraries imported: they start in milliseconds, where a new interpreter works for two
seconds first, and tests that kill processes or let several run at once start dozens.

A server that runs nothing else imports once and forks; of the test's own process nothing is in what it forks.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import Any

IMPORTED = ["tests.integration.station.worker", "tests.integration.scheduler.planner"]
"""Before the first fork; what else a process needs it imports itself."""
ENDING_SECONDS = 60.0
_server = get_context("forkserver")
_server.set_forkserver_preload(IMPORTED)


@dataclass(frozen=True)
class Forked:
    """process: runs the function; line: what it says and what it is told. Ends when nobody listens any more."""

    process: ForkServerProcess
    line: "Connection[Any, Any]"

    def kill(self) -> None:
        """At whatever instruction it is, without a word."""
        self.process.kill()
        self.process.join(ENDING_SECONDS)


def start(run: Callable[..., None], *given: str) -> Forked:
    """``run(line, *given)`` in a process of its own, a function that its module has under its name."""
    ours, theirs = _server.Pipe()
    process = _server.Process(target=run, args=(theirs, *given), daemon=True)
    process.start()
    theirs.close()
    return Forked(process, ours)


@contextmanager
def running(run: Callable[..., None], *given: str) -> Iterator[Forked]:
    """For the length of the block; afterwards it may end by itself."""
    made = start(run, *given)
    try:
        yield made
    finally:
        made.line.close()
        made.process.join(ENDING_SECONDS)
        made.kill()
