"""Ends of the audit chain as nodes say them back: those the station signed are kept in the database."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from broadcaster.errors import LoaError
from broadcaster.protocol import signing
from broadcaster.protocol.agenda import AuditHead
from broadcaster.station.audit import heads
from broadcaster.station.database.engine import Database

log = logging.getLogger(__name__)

REMEMBERED = 10_000
"""Heads that are known to be stored; a node repeats its own with every status."""
WAITING = 1_000


class AuditHeads:
    """``hear`` is called in a network's thread, ``store`` by whoever has time."""

    def __init__(self, database: Database, *, station: str, public_key: bytes, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._station = station
        self._public_key = public_key
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[AuditHead, None] = {}
        self._waiting: dict[AuditHead, str] = {}

    def hear(self, node: str, head: AuditHead) -> bool:
        """False for one that this station never signed."""
        with self._lock:
            if head in self._known or head in self._waiting:
                return True
        if not signing.is_head_of(head, station=self._station, key=self._public_key):
            return False
        with self._lock:
            if len(self._waiting) < WAITING:
                self._waiting[head] = node
        return True

    def store(self) -> None:
        """Keep what was heard since the last time; what the database does not take waits on."""
        with self._lock:
            waiting = dict(self._waiting)
        if not waiting:
            return
        said: dict[str, list[AuditHead]] = {}
        for head, node in waiting.items():
            said.setdefault(node, []).append(head)
        try:
            with self._database.session(gives_way=True) as s:
                heads.keep(s, said, now_at=self._clock())
        except LoaError as error:
            log.warning("heads of the audit chain wait for the database: %s", error)
            return
        self._stored(waiting)

    def _stored(self, heads_stored: dict[AuditHead, str]) -> None:
        with self._lock:
            for head in heads_stored:
                self._waiting.pop(head, None)
                self._known[head] = None
            while len(self._known) > REMEMBERED:
                del self._known[next(iter(self._known))]
