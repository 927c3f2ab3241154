"""The clips at the broker: what is missing goes up, what nobody needs any more is cleared."""

import logging
from collections.abc import Iterable

from broadcaster.delivery.clips.chunk_requests import ChunkRequests
from broadcaster.delivery.clips.uploads import Uploads
from broadcaster.delivery.connection import Connection
from broadcaster.delivery.counters import DeliveryCounters
from broadcaster.delivery.holdings import ChunksHeld
from broadcaster.protocol.agenda import ClipRef
from broadcaster.protocol.mqtt import chunks, topics
from broadcaster.protocol.wants import WantedChunks

log = logging.getLogger(__name__)

SOME_DAY = 1e12
"""Urgency of what is only stored ahead: after everything that has a time."""
CLEARED_AT_ONCE = 200


class Stock:
    """Used by the publisher's thread; ``held`` is filled by the network's."""

    def __init__(self, connection: Connection, uploads: Uploads, *, station: str, tally: DeliveryCounters) -> None:
        self.held = ChunksHeld()
        self._connection = connection
        self._uploads = uploads
        self._station = station
        self._tally = tally
        self._wishes = ChunkRequests()
        self._unreadable: set[str] = set()
        self._listening = False
        self._question: int | None = None

    @property
    def waiting(self) -> int:
        """Chunks on their way or queued."""
        return len(self._uploads)

    @property
    def unreadable(self) -> frozenset[str]:
        """Clips the station itself has lost."""
        return frozenset(self._unreadable)

    def learn(self) -> None:
        """On a new connection: ask the broker what it holds."""
        self._uploads.forget()
        self._unreadable.clear()
        self.held.forget()
        self._listening = True
        self._question = self._connection.subscribe(self._everything)

    def known(self) -> bool:
        """Whether the broker has answered. From then on its chunks are no longer echoed to us."""
        if self._listening and self.held.settled:
            self._listening = False
            self._connection.unsubscribe(self._everything)
        return not self._listening

    def ready(self, refs: Iterable[ClipRef], *, urgency: float) -> bool:
        """Whether the broker holds all of them, or gets them before anything that is sent now; what it lacks is queued.
        A clip the station itself has lost does not hold up the rest: the node will say what it misses."""
        lacking = [(ref, self.held.missing(ref)) for ref in refs if ref.sha256 not in self._unreadable]
        for ref, indexes in lacking:
            self._uploads.want(ref, indexes, urgency=urgency)
        return all(self._uploads.is_flying(ref, index) for ref, indexes in lacking for index in indexes)

    def grant(self, node: str, wanted: WantedChunks, refs: Iterable[ClipRef]) -> None:
        """Publish again what a node misses, if it is in its agenda."""
        ref = next((ref for ref in refs if ref.sha256 == wanted.sha256), None)
        if ref is None:
            self._tally.refuse("unknown_clip", f"{node} wants {wanted.sha256}, which is not in its agenda")
            return
        valid = [index for index in wanted.indexes if index < chunks.count(ref)]
        granted = self._wishes.grant(node, ref.sha256, valid)
        self._tally.count("chunks_wanted", len(granted))
        self._uploads.want(ref, granted, urgency=0.0)

    def acknowledge(self, number: int) -> bool:
        """The broker has taken a message; False when it was neither a chunk nor our question."""
        if number == self._question:
            self._question = None
            self.held.answered()
            return True
        taken = self._uploads.acknowledge(number)
        if taken is None:
            return False
        self.held.saw(*taken)
        self._tally.count("chunks_published")
        return True

    def pump(self) -> None:
        for sha256 in self._uploads.pump(self._publish):
            if sha256 not in self._unreadable:
                log.error("clip %s cannot be read from disk; its nodes will report it missing", sha256)
            self._unreadable.add(sha256)

    def tidy(self, in_use: Iterable[str]) -> None:
        """Clear some of what is of no use; the next call goes on. What was unreadable may have come back."""
        self._unreadable.clear()
        for sha256, index in self.held.surplus(in_use)[:CLEARED_AT_ONCE]:
            if self._publish(topics.chunk(self._station, sha256, index), b"") is None:
                return
            self.held.saw(sha256, index, 0)
            self._tally.count("chunks_cleared")

    @property
    def _everything(self) -> str:
        return f"{topics.ROOT}/{self._station}/clips/#"

    def _publish(self, topic: str, payload: bytes) -> int | None:
        return self._connection.publish(topic, payload, retain=True)
