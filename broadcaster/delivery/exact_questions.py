"""Asking a broker for what it holds topic by topic, where it does not answer a question with wildcards.

RabbitMQ's MQTT plugin gives a subscription with wildcards what is published from then on, but nothing of what it keeps;
to a subscription of one topic it gives what it keeps there.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable

from broadcaster.delivery.connection import Connection

AT_ONCE = 100
"""Topics in one question; the next one waits until the broker has accepted it."""


class ExactQuestions:
    """Used by one thread.

    ``topic_of`` makes the topic of a node.
    """

    def __init__(self, connection: Connection, topic_of: Callable[[str], str]) -> None:
        self._connection = connection
        self._topic_of = topic_of
        self._left: deque[str] = deque()
        self._open: list[str] = []
        self._number: int | None = None

    @property
    def busy(self) -> bool:
        """Whether something is still to be asked, or not accepted yet."""
        return bool(self._left) or self._number is not None

    def forget(self) -> None:
        """On a new connection, which knows of no question."""
        self._left.clear()
        self._open.clear()
        self._number = None

    def begin(self, nodes: Iterable[str]) -> None:
        """Ask for these, a bounded number at a time."""
        self._left.extend(nodes)
        self._pump()

    def acknowledge(self, number: int) -> bool:
        """The broker has accepted a question; False when it was none of ours."""
        if number != self._number:
            return False
        self._number = None
        self._pump()
        return True

    def end(self) -> None:
        """All was answered: what is published from now on comes by the wildcard, and once."""
        for at in range(0, len(self._open), AT_ONCE):
            self._connection.unsubscribe_all(self._topics(self._open[at : at + AT_ONCE]))
        self._open.clear()

    def _pump(self) -> None:
        if self._number is not None or not self._left:
            return
        some = [self._left.popleft() for _ in range(min(AT_ONCE, len(self._left)))]
        self._number = self._connection.subscribe_all(self._topics(some))
        if self._number is None:
            self.forget()  # the connection is gone, and the next one is asked anew
        else:
            self._open += some

    def _topics(self, nodes: Collection[str]) -> list[str]:
        return [self._topic_of(node) for node in nodes]
