"""Numbers for connections: each higher than every one before, also after a power cut."""

import threading

from speaker_node.database import Database

NAME = "connection"
BLOCK = 1000


class ConnectionNumbers:
    """Reserves a block on the card and hands it out from memory, to the link's thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._last = database.number(NAME)
        self._reserved = self._last
        self.reserve()

    def reserve(self) -> None:
        """Keep enough numbers in reserve; to be called now and then from the thread that owns the database."""
        with self._lock:
            low = self._reserved - self._last < BLOCK // 2
            upto = self._last + BLOCK
        if low:
            self._database.raise_number(NAME, upto)
            self._reserved = upto

    def next(self) -> int:
        """The next number."""
        with self._lock:
            self._last += 1
            return self._last
