"""A new station's ready texts for emergencies: put into its book as soon as somebody could release them."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from broadcaster.errors import LoaError
from broadcaster.station.database.engine import Database
from broadcaster.station.emergencies import phrasebook

log = logging.getLogger(__name__)
LOOK_SECONDS = 10.0


class ReadyTextsThread:
    """Looks every few seconds until it is done, then rests; their clips are made when nobody waits for another."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def run(self, stop: threading.Event) -> None:
        """Until ``stop``. A database that does not answer is waited for."""
        while not stop.wait(LOOK_SECONDS):
            if self.look():
                stop.wait()

    def look(self) -> bool:
        """Ship them if it is time; True when that is behind us."""
        try:
            with self._database.session() as s:
                return phrasebook.ship(s, now_at=self._clock())
        except LoaError as error:
            log.warning("the ready texts are shipped later: %s", error)
            return False
