"""The station's threads for the levels above: each level has its own, so that one that hangs holds up no other."""

import logging
import random
import threading
import time
from collections.abc import Callable

from broadcaster.errors import LoaError
from broadcaster.exchange.link import WAIT_SECONDS, Commune, UpperLink
from broadcaster.station.exchange import intake, upper_levels
from broadcaster.station.rows import changes
from broadcaster.station.schema import UpperLevel

LOOK_SECONDS = 1.0
LEAST_SECONDS, MOST_SECONDS = 1.0, 60.0
"""Between two questions: after a good answer, and at most after bad ones."""
NODES_SECONDS = 60.0
EXPIRE_SECONDS = 30.0

log = logging.getLogger(__name__)
Turn = Callable[[UpperLink, UpperLevel], None]


class ExchangeRunner:
    """Several stations may run it: an offer is taken in once, and a report is the same whoever sends it."""

    def __init__(
        self,
        commune: Commune,
        *,
        wait_seconds: int = WAIT_SECONDS,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._commune = commune
        self._wait_seconds = wait_seconds
        self._jitter = jitter
        self._running: set[str] = set()
        self._expired_at = float("-inf")

    def run(self, stop: threading.Event) -> None:
        """Begin with every level as it is added; those that were closed end by themselves."""
        while not stop.wait(LOOK_SECONDS):
            try:
                for level in self._open_ones():
                    if level.id not in self._running:
                        self._running.add(level.id)
                        self._begin(level.id, stop)
                self._expire()
            except LoaError as error:
                log.warning("the exchange waits: %s", error)

    def _open_ones(self) -> list[UpperLevel]:
        with self._commune.database.reading() as s:
            return upper_levels.listing(s)

    def _expire(self) -> None:
        if self._running and time.monotonic() - self._expired_at >= EXPIRE_SECONDS:
            self._expired_at = time.monotonic()
            with self._commune.database.session(gives_way=True) as s:
                intake.expire(s, now_at=self._commune.clock())

    def _begin(self, level_id: str, stop: threading.Event) -> None:
        link = UpperLink(self._commune, level_id)
        for name, turn in (("pull", self._pull), ("sounds", self._fetch), ("push", Pushing(self._commune))):
            work = (link, level_id, turn, stop)
            threading.Thread(target=self._repeat, args=work, name=f"exchange-{name}", daemon=True).start()

    def _repeat(self, link: UpperLink, level_id: str, turn: Turn, stop: threading.Event) -> None:
        """Turn after turn until the level is closed; what hinders stands at the level."""
        pause = Pause(self._jitter)
        while not stop.wait(pause.seconds):
            try:
                with self._commune.database.reading() as s:
                    level = upper_levels.get(s, level_id)
                if level.closed_at is not None:
                    return
                turn(link, level)
                pause.good()
            except LoaError as error:
                self._note(link, error)
                pause.bad()
            except Exception:  # outermost of one turn: whatever the other side answers, the next turn comes
                log.exception("an upper level could not be worked with")
                pause.bad()

    def _pull(self, link: UpperLink, level: UpperLevel) -> None:
        if level.joined_at is None:
            link.join()
        else:
            link.pull(wait_seconds=self._wait_seconds)

    @staticmethod
    def _fetch(link: UpperLink, level: UpperLevel) -> None:
        if level.joined_at is not None:
            link.fetch_sounds()

    @staticmethod
    def _note(link: UpperLink, error: LoaError) -> None:
        log.info("an upper level waits: %s", error)
        try:
            link.note_trouble(error)
        except LoaError as busy:
            log.warning("the exchange waits: %s", busy)


class Pushing:
    """Reports to one level: looks what became of its offers when something changed, then sends what waits."""

    def __init__(self, commune: Commune) -> None:
        self._commune = commune
        self._known: tuple[int, ...] = ()
        self._nodes_at = float("-inf")

    def __call__(self, link: UpperLink, level: UpperLevel) -> None:
        if level.joined_at is None:
            return
        if (current := self._news()) != self._known:
            link.look()
            self._known = current
        due = time.monotonic() - self._nodes_at >= NODES_SECONDS
        more = link.push(with_nodes=due)
        while more:
            more = link.push()
        if due:
            self._nodes_at = time.monotonic()

    def _news(self) -> tuple[int, ...]:
        """Rises when something may have become of an offer."""
        with self._commune.database.reading() as s:
            counters = changes.read(s)
        return tuple(counters[name] for name in ("announcements", "deliveries", "slots"))


class Pause:
    """How long to wait before the next turn: longer after every bad one, never the same for two communes."""

    def __init__(self, jitter: Callable[[], float]) -> None:
        self._jitter = jitter
        self.seconds = 0.0

    def good(self) -> None:
        self.seconds = LEAST_SECONDS * 0.5

    def bad(self) -> None:
        self.seconds = min(MOST_SECONDS, max(LEAST_SECONDS, self.seconds * 2)) * (0.75 + 0.5 * self._jitter())
