"""How much longer things may take where many others are at work: a bound that holds on a quiet machine is stretched by
as many times as there is more work waiting than processors to do it."""

import os
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

FIRST_PAUSE_SECONDS, LAST_PAUSE_SECONDS = 0.01, 0.1


def slowness() -> float:
    """1 on a machine that has a processor for everybody, more where several wait for each (load of the last minute)."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def stretched(seconds: float) -> float:
    """What a bound of so many seconds comes to on this machine now."""
    return seconds * slowness()


def await_fact(fact: Callable[[], T], *, seconds: float, what: str = "it") -> T:
    """Ask until the fact is true, ever less often; its value. Fails when it is not true in time."""
    began = time.monotonic()
    pause = FIRST_PAUSE_SECONDS
    while not (found := fact()):
        waited = time.monotonic() - began
        assert waited < seconds or waited < stretched(seconds), f"{what} did not happen in {waited:.0f} s"
        time.sleep(pause)
        pause = min(LAST_PAUSE_SECONDS, 1.2 * pause)
    return found
