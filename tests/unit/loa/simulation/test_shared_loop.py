"""Many nodes take turns in one thread: whoever has something to do, and nobody twice for one thing."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from loa.simulation.shared_loop import Inbox, SharedLoop
from speaker_node.events import StopAsked


class Turning:
    """Counts its turns; asks for the next one after so long."""

    def __init__(self, pause_seconds: float = 3600.0) -> None:
        self.pause_seconds = pause_seconds
        self.turns = 0
        self.goes_on = True
        self.turned = threading.Event()

    def turn(self) -> bool:
        self.turns += 1
        self.turned.set()
        return self.goes_on


@pytest.fixture
def loop() -> Iterator[SharedLoop]:
    made = SharedLoop()
    thread = threading.Thread(target=made.run, daemon=True)
    thread.start()
    yield made
    made.stop()
    thread.join(5)
    assert not thread.is_alive()


def wake(loop: SharedLoop, node: Any) -> None:
    loop.wake(node)
    assert node.turned.wait(5)


def test_a_node_that_is_woken_has_its_turn_and_then_rests(loop: SharedLoop) -> None:
    node = Turning()
    wake(loop, node)
    time.sleep(0.05)
    assert node.turns == 1


def test_a_node_gets_the_turn_it_asked_for(loop: SharedLoop) -> None:
    node = Turning(pause_seconds=0.02)
    wake(loop, node)
    until = time.monotonic() + 5
    while node.turns < 3:
        assert time.monotonic() < until
        time.sleep(0.01)
    node.goes_on = False


def test_a_node_that_has_ended_has_no_further_turn(loop: SharedLoop) -> None:
    node = Turning(pause_seconds=0.01)
    node.goes_on = False
    wake(loop, node)
    time.sleep(0.1)
    assert node.turns == 1


def test_what_is_due_is_done_in_its_order(loop: SharedLoop) -> None:
    done: list[int] = []
    finished = threading.Event()
    now = time.monotonic()
    loop.at(now + 0.06, finished.set)
    for number, seconds in enumerate((0.04, 0.02)):
        loop.at(now + seconds, lambda number=number: done.append(number))  # type: ignore[misc]
    assert finished.wait(5)
    assert done == [1, 0]


def test_what_is_put_into_an_inbox_wakes_its_owner_and_nobody_waits_at_it() -> None:
    inbox, woken = Inbox(), []
    inbox.wake = lambda: woken.append(True)
    inbox.put(StopAsked())
    assert woken == [True]
    assert inbox.get(timeout=60) == StopAsked()
