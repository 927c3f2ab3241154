"""The deciding of many nodes in one thread: each has its turn when something has come for it, or when it asked."""

import heapq
import queue
import random
import threading
import time
from collections import deque
from collections.abc import Callable

from speaker_node.agent import Agent
from speaker_node.events import Event

TICK_SECONDS = 20.0
"""A node with nothing to do looks at its clock so often; ten thousand that did so every second would fill a core."""


class Inbox(queue.SimpleQueue[Event]):
    """Where a node's events wait; whoever puts one in wakes the loop. Nobody ever waits at it."""

    def __init__(self) -> None:
        self.wake: Callable[[], None] = lambda: None

    def put(self, item: Event, block: bool = True, timeout: float | None = None) -> None:
        """See :class:`queue.SimpleQueue`."""
        super().put(item, block, timeout)
        self.wake()

    def get(self, block: bool = True, timeout: float | None = None) -> Event:
        """See :class:`queue.SimpleQueue`; the loop does the waiting."""
        del block, timeout
        return super().get_nowait()


class SharedLoop:
    """``run`` in one thread; everything else from any."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._ready: deque[Agent] = deque()
        self._is_ready: set[int] = set()
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = 0
        self._turns: dict[int, int] = {}
        self._ending = False

    def at(self, seconds: float, work: Callable[[], None]) -> None:
        """Do this at that instant of the monotonic clock."""
        with self._changed:
            self._numbers += 1
            heapq.heappush(self._due, (seconds, self._numbers, work))
            self._changed.notify()

    def wake(self, agent: Agent) -> None:
        """It shall have its turn."""
        with self._changed:
            if id(agent) not in self._is_ready:
                self._is_ready.add(id(agent))
                self._ready.append(agent)
                self._changed.notify()

    def stop(self) -> None:
        """Have ``run`` return."""
        with self._changed:
            self._ending = True
            self._changed.notify()

    def run(self) -> None:
        """Until ``stop``."""
        while True:
            agent, works = self._next()
            if agent is None and not works:
                return
            for work in works:
                work()
            if agent is not None:
                self._give_turn(agent)

    def _next(self) -> tuple[Agent | None, list[Callable[[], None]]]:
        """What is due, after waiting for it; nothing at all at the end."""
        with self._changed:
            while not self._ending:
                now = time.monotonic()
                works = []
                while self._due and self._due[0][0] <= now:
                    works.append(heapq.heappop(self._due)[2])
                if works or self._ready:
                    return self._taken(), works
                self._changed.wait(self._due[0][0] - now if self._due else None)
        return None, []

    def _taken(self) -> Agent | None:
        if not self._ready:
            return None
        agent = self._ready.popleft()
        self._is_ready.discard(id(agent))
        return agent

    def _give_turn(self, agent: Agent) -> None:
        if not agent.turn():
            return
        self._turns[id(agent)] = turn = self._turns.get(id(agent), 0) + 1
        pause_seconds = agent.pause_seconds
        if pause_seconds <= 0:
            self.wake(agent)
            return
        spread = random.uniform(0.5, 1.0) if pause_seconds == TICK_SECONDS else 1.0  # noqa: S311 - no secret
        self.at(time.monotonic() + pause_seconds * spread, lambda: self._wake_if_idle(agent, turn))

    def _wake_if_idle(self, agent: Agent, turn: int) -> None:
        """Unless it had another turn since, which made a plan of its own."""
        if self._turns.get(id(agent)) == turn:
            self.wake(agent)
