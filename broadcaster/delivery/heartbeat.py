"""Written down every few seconds, and at once when the connection changes: how delivery is, and what hinders it."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from broadcaster.delivery.intake.companions import Companions
from broadcaster.errors import LoaError
from broadcaster.station.database.engine import Database
from broadcaster.station.rows import heartbeats

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
NAME = "publisher"

HindranceCheck = Callable[[], bool]


class DeliveryHeartbeat:
    """A thread of its own.

    ``detail`` gives plain JSON; ``connected`` is part of it. ``checks`` say of each hindrance by its name whether it is
    there. ``at_each_round`` is called several times a second. With each goes the sign of life of this process.
    """

    def __init__(
        self,
        database: Database,
        *,
        detail: Callable[[], dict[str, Any]],
        checks: dict[str, HindranceCheck],
        at_each_round: Callable[[], None],
        companions: Companions,
    ) -> None:
        self.checks = checks
        self._database = database
        self._detail = detail
        self._at_each_round = at_each_round
        self._companions = companions
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._ending.clear()
        self._thread = threading.Thread(target=self._run, name="publisher-heartbeat", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Say a last time that nothing is connected, and end."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join(5)

    def _run(self) -> None:
        said: object = None
        said_at = float("-inf")
        while True:
            self._see_companions()
            self._at_each_round()
            detail = self._detail() | {"hindrances": self._hindrances()}
            telling = (detail["connected"], detail["hindrances"])
            if telling != said or time.monotonic() - said_at >= self._companions.beat_seconds:
                self._say(detail)
                said, said_at = telling, time.monotonic()
            if self._ending.wait(LOOK_SECONDS):
                self._say(detail | {"connected": False}, last=True)
                return

    def _see_companions(self) -> None:
        try:
            self._companions.look()
        except LoaError as error:
            log.warning("other processes of this station cannot be looked for: %s", error)

    def _hindrances(self) -> list[str]:
        return sorted(name for name, check in list(self.checks.items()) if check())  # others are added

    def _say(self, detail: dict[str, Any], *, last: bool = False) -> None:
        """What hears nothing does not speak for the station while another process hears for it."""
        mine = self._companions
        try:
            with self._database.session() as s:
                if last:
                    mine.leave(s)
                else:
                    mine.sign(s, hears=detail["connected"])
                if detail["connected"] or not mine.together:
                    process = f"{mine.identity.host}:{mine.identity.pid}"
                    heartbeats.beat(s, NAME, now_at=mine.clock(), detail=detail | {"process": process})
        except LoaError as error:
            log.warning("the heartbeat could not be written: %s", error)
