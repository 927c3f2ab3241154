"""Numbers for connections: each higher than every one before, also after a power cut or on a fresh card.

Seconds since 1970 serve when the clock is past the day this was written: then even a card that forgot everything, or
takes no more writes, gives higher numbers than before.
"""

import threading
import time
from collections.abc import Callable

from speaker_node.memory.database import LedgerDatabase

NAME = "connection"
BLOCK = 1000
SANE_SECONDS = 1_790_000_000


class ConnectionNumbers:
    """Reserves a block on the card and hands it out from memory, to the link's thread."""

    def __init__(self, database: LedgerDatabase, *, wall: Callable[[], float] = time.time) -> None:
        self._database = database
        self._lock = threading.Lock()
        seconds = int(wall())
        self._reserved = database.number(NAME)
        self._last = max(self._reserved, seconds if seconds > SANE_SECONDS else 0)
        self.reserve()

    def reserve(self) -> None:
        """Keep enough numbers in reserve; to be called now and then from the thread that owns the database."""
        with self._lock:
            low = self._reserved - self._last < BLOCK // 2
            upto = max(self._last, self._reserved) + BLOCK
        if low:
            self._database.raise_number(NAME, upto)
            self._reserved = upto

    def next(self) -> int:
        """The next number."""
        with self._lock:
            self._last += 1
            return self._last
