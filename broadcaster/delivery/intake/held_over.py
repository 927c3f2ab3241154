"""What other processes of this cell take in, kept for a while in case they die before they have."""

import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime

from broadcaster.delivery.connection import Incoming
from broadcaster.delivery.intake.companions import ALONE_SECONDS, MISSED

HOLD_SECONDS = ALONE_SECONDS * MISSED + 15.0
"""Longer than it takes to see that a process is dead."""
MOST = 20_000
"""Messages; what is dropped beyond that the nodes state again until it is acknowledged."""

_Entry = tuple[float, str, Incoming, datetime]


class HeldOver:
    """Filled by the networks' threads, looked through by the one that sees processes come and go."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._entries: deque[_Entry] = deque(maxlen=MOST)

    def keep(self, node: str, incoming: Incoming, received_at: datetime) -> None:
        """It is another's, as it seems now."""
        now = self._monotonic()
        with self._lock:
            while self._entries and now - self._entries[0][0] > HOLD_SECONDS:
                self._entries.popleft()
            self._entries.append((now, node, incoming, received_at))

    def take(self, takes: Callable[[str], bool]) -> list[tuple[Incoming, datetime]]:
        """What is ours after all, in the order it came; it is kept no longer."""
        now, mine = self._monotonic(), []
        with self._lock:
            others: deque[_Entry] = deque(maxlen=MOST)
            for each in self._entries:
                at, node, incoming, received_at = each
                if takes(node):
                    mine.append((incoming, received_at))
                elif now - at <= HOLD_SECONDS:
                    others.append(each)
            self._entries = others
        return mine
