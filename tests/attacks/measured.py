"""How long people wait while somebody attacks."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def repeatedly(act: Callable[[], object], *, every_seconds: float = 0.05) -> Iterator[list[float]]:
    """Do it again and again on a thread of its own for the length of the block; the seconds each took."""
    took: list[float] = []
    ending = threading.Event()

    def run() -> None:
        while not ending.wait(every_seconds):
            began = time.monotonic()
            act()
            took.append(time.monotonic() - began)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield took
    finally:
        ending.set()
        thread.join(60)
