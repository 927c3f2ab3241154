"""A connection that keeps what it is given, for what only speaks and is answered by the test."""

from collections.abc import Sequence

from broadcaster.delivery.connection import Connection

STATION = "con-minh"


class Line(Connection):
    """A connection that keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.asked: list[str] = []
        self.exact: list[list[str]] = []
        self.ended: list[str] = []

    def publish(self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> int | None:
        self.sent.append(topic.removeprefix(f"loa/1/{STATION}/"))
        return len(self.sent)

    def subscribe(self, topic_filter: str, *, qos: int = 0) -> int | None:
        self.asked.append(topic_filter)
        return -len(self.asked)

    def subscribe_all(self, topics: Sequence[str], *, qos: int = 0) -> int | None:
        self.exact.append(list(topics))
        return -1000 - len(self.exact)

    def unsubscribe_all(self, topics: Sequence[str]) -> None:
        self.ended += topics

    def unsubscribe(self, topic_filter: str) -> None:
        self.asked.remove(topic_filter)
