"""The station's own sign of life, for the console and for whoever started it."""

import logging
import os
import socket
import threading
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from broadcaster.errors import LoaError
from broadcaster.station.database.engine import Database
from broadcaster.station.rows import heartbeats

log = logging.getLogger(__name__)
BEAT_SECONDS = 10.0


class HeartbeatThread:
    """Writes down every few seconds that the part called ``name`` is alive, and what ``keep`` adds to it."""

    def __init__(
        self,
        name: str,
        database: Database,
        clock: Callable[[], datetime],
        *,
        keep: Callable[[Session], None] = lambda _s: None,
    ) -> None:
        self._name = name
        self._database = database
        self._clock = clock
        self._keep = keep
        self._process = f"{socket.gethostname()}:{os.getpid()}"

    def run(self, stop: threading.Event) -> None:
        """Until ``stop``. A database that does not answer is waited for: the nodes keep playing meanwhile."""
        while True:
            try:
                with self._database.session() as s:
                    heartbeats.beat(s, self._name, now_at=self._clock(), detail={"process": self._process})
                    self._keep(s)
            except LoaError as error:
                log.warning("the sign of life could not be written: %s", error)
            if stop.wait(BEAT_SECONDS):
                return
