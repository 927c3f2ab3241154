"""What came in and is not stored yet: every fact once, of each node's statuses only what still counts."""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice

from broadcaster.protocol.receipts import Receipt
from broadcaster.protocol.status import NodeStatus
from broadcaster.station.broadcasts.receipts import Stated
from broadcaster.station.nodes.statuses import ArrivedStatus

FACTS = 100_000
"""Facts that may wait. What comes then is not refused: its sender, the broker, waits."""
FACTS_OF_NODE = 20_000
TURN = 100
"""Facts of one node taken before it is the next one's turn."""
STATUSES_OF_NODE = 8


class Waiting:
    """Filled by the network's threads, emptied by the one that stores."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._facts: OrderedDict[str, dict[str, Stated]] = OrderedDict()
        self._count = 0
        self._statuses: dict[str, list[ArrivedStatus]] = {}

    @property
    def facts(self) -> int:
        """How many facts wait."""
        return self._count

    @property
    def statuses(self) -> int:
        """Of how many nodes a status waits."""
        return len(self._statuses)

    def add_facts(
        self, node_id: str, receipts: Iterable[Receipt], *, received_at: datetime, patience_seconds: float
    ) -> bool:
        """Keep these facts, after waiting for room. False when there was none in time, or when too many of this node
        wait: nothing of them is kept then, and nothing acknowledged."""
        until = time.monotonic() + patience_seconds
        with self._changed:
            while self._count >= FACTS:
                if not self._changed.wait(until - time.monotonic()):
                    return False
            mine = self._facts.setdefault(node_id, {})
            new = {each.receipt: Stated(node_id, each, received_at) for each in receipts if each.receipt not in mine}
            if len(mine) + len(new) > FACTS_OF_NODE:
                return False
            mine.update(new)
            self._count += len(new)
            self._changed.notify_all()
            return True

    def add_status(self, said: ArrivedStatus) -> None:
        """Keep it, and of what waits of this node only what it leaves standing."""
        with self._changed:
            pending = self._statuses.setdefault(said.status.node, [])
            pending[:] = [*_standing(pending, said), said][-STATUSES_OF_NODE:]
            self._changed.notify_all()

    def take_facts(self, most: int) -> list[Stated]:
        """So many of those that wait, every node in its turn. They wait no longer."""
        taken: list[Stated] = []
        with self._changed:
            while self._facts and len(taken) < most:
                node_id, mine = self._facts.popitem(last=False)
                some = [mine.pop(key) for key in list(islice(mine, min(TURN, most - len(taken))))]
                if mine:
                    self._facts[node_id] = mine
                taken += some
            self._count -= len(taken)
            self._changed.notify_all()
        return taken

    def take_statuses(self, most: int) -> dict[str, list[ArrivedStatus]]:
        """Of so many nodes all that waits, in the order it came."""
        with self._changed:
            some = list(self._statuses)[:most]
            return {node: self._statuses.pop(node) for node in some}

    def put_back(self, stated: Iterable[Stated]) -> None:
        """What could not be stored waits again, behind the others and beyond every bound."""
        with self._changed:
            for each in stated:
                mine = self._facts.setdefault(each.node_id, {})
                self._count += each.receipt.receipt not in mine
                mine.setdefault(each.receipt.receipt, each)

    def put_back_statuses(self, said: dict[str, list[ArrivedStatus]]) -> None:
        """The same for statuses; what came meanwhile is newer."""
        with self._changed:
            for node, earlier in said.items():
                self._statuses[node] = [*earlier, *self._statuses.get(node, ())][-STATUSES_OF_NODE:]

    def await_news(self, timeout_seconds: float) -> None:
        """Until something waits, or so long."""
        with self._changed:
            self._changed.wait_for(lambda: self._count or self._statuses, timeout_seconds)


def _standing(pending: Sequence[ArrivedStatus], new: ArrivedStatus) -> Sequence[ArrivedStatus]:
    """What of the pending is not made void by the new one, given that it comes after them.

    A whole status says everything anew, a heartbeat repeats the one before it. Starts that differ are all kept: two
    machines under one identity speak in turn.
    """
    if not pending:
        return pending
    if _is_whole(new.status) and new.fresh and all(_is_older(each.status, new.status) for each in pending):
        return ()
    last = pending[-1]
    again = (last.status.unchanged, last.status.boot, last.fresh) == (new.status.unchanged, new.status.boot, new.fresh)
    beat = new.status.unchanged and again and _is_older(last.status, new.status)
    return pending[:-1] if beat else pending


def _is_whole(status: NodeStatus) -> bool:
    return status.at is not None and not status.unchanged


def _is_older(status: NodeStatus, new: NodeStatus) -> bool:
    return status.connection <= new.connection and (status.at is None or status.boot == new.boot)
