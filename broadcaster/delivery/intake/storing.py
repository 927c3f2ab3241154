"""The thread that writes down what nodes said, a little at a time, and then tells them."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from broadcaster.delivery.counters import DeliveryCounters
from broadcaster.delivery.intake.budgets import Budgets, Conduct
from broadcaster.delivery.intake.waiting import Waiting
from broadcaster.errors import Unavailable
from broadcaster.station.broadcasts import receipts
from broadcaster.station.broadcasts.receipts import Stated
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import statuses
from broadcaster.station.nodes.statuses import ArrivedStatus

log = logging.getLogger(__name__)

TRANSACTION_SECONDS = 0.05
"""A transaction aims at holding the database's lock so long; people's writes fit in between."""
FEWEST, MOST = 100, 1_000
"""Rows in one transaction. Fewer hold the lock hardly shorter: by itself a transaction costs as much as a hundred."""
ROUND_SECONDS = 0.1
"""What comes within so long is written together; a lone message after a silence at once."""
STATUS_SECONDS = 0.2
"""Statuses are written so often at most; of what a node says meanwhile the latest counts."""
IDLE_SECONDS = 0.5
TROUBLE_SECONDS = 0.5
"""Between two attempts when the database does not answer."""

Row = TypeVar("Row")
Acknowledge = Callable[[str, Sequence[str]], None]


class Pace:
    """Rows for the next transaction, from how long the last ones held the lock."""

    def __init__(self) -> None:
        self.rows = 200

    def took(self, rows: int, seconds: float) -> None:
        """So many rows took so long."""
        fitting = rows * TRANSACTION_SECONDS / max(seconds, 0.001)
        if rows >= self.rows or fitting < self.rows:
            self.rows = int(min(MOST, max(FEWEST, fitting)))

    def failed(self) -> None:
        self.rows = max(FEWEST, self.rows // 2)


class Storing:
    """Receipts first, then statuses; nothing is acknowledged before it is committed.

    ``acknowledge`` gets a node and the ids it may forget; ``budgets`` are charged for every fact that is new.
    """

    def __init__(
        self,
        database: Database,
        waiting: Waiting,
        *,
        acknowledge: Acknowledge,
        tally: DeliveryCounters,
        conduct: Conduct,
        budgets: Budgets,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._waiting = waiting
        self._acknowledge = acknowledge
        self._tally = tally
        self._conduct = conduct
        self._budgets = budgets
        self._clock = clock
        self._facts_pace, self._statuses_pace = Pace(), Pace()
        self._round_at = self._statuses_at = float("-inf")
        self._seen_errors: set[str] = set()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self.on_statuses: Callable[[], None] = lambda: None
        self.beside: Callable[[], None] = lambda: None
        self.hindered = False
        """Whether the database did not take what was last offered to it."""

    def start(self) -> None:
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="intake", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Store what has come in so far, as far as the database answers, then end."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(10)
        self._thread = None

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._waiting.await_news(IDLE_SECONDS)
            if self._waiting.facts < MOST:
                self._stopping.wait(max(0.0, self._round_at + ROUND_SECONDS - time.monotonic()))
            self._round()
            self.beside()
            if self.hindered:
                self._stopping.wait(TROUBLE_SECONDS)
        while self._waiting.facts or self._waiting.statuses:
            self._statuses_at = float("-inf")
            self._round()
            if self.hindered:
                return
        self.beside()

    def _round(self) -> None:
        """Facts first, then statuses when it is time."""
        self._round_at = time.monotonic()
        facts = self._waiting.take_facts(MOST)
        unwritten = self._unwritten(facts) if facts else []
        while unwritten:
            rows = self._facts_pace.rows
            if not self._attempt(self._keep_facts, unwritten[:rows], self._facts_pace):
                self._waiting.put_back(unwritten)
                return
            unwritten = unwritten[rows:]
        if time.monotonic() - self._statuses_at >= STATUS_SECONDS:
            self._statuses_at = time.monotonic()
            self._round_of_statuses()

    def _round_of_statuses(self) -> None:
        said = self._waiting.take_statuses(self._statuses_pace.rows)
        if said and not self._attempt(self._keep_statuses, list(said.items()), self._statuses_pace):
            self._waiting.put_back_statuses(said)

    def _unwritten(self, stated: Sequence[Stated]) -> Sequence[Stated]:
        """Those that have to be written. The others are acknowledged and take no lock: what is stored already, or about
        nothing this station knows, may come by the ten thousand. While orders lie in the spare all have to be written:
        only a transaction of the database takes the spare over."""
        if self._database.is_spared:
            return stated
        try:
            with self._database.reading() as s:
                found = receipts.look_up(s, stated)
        except Exception as error:  # noqa: BLE001  # whatever it is, the storing meets it again and knows what to do
            log.debug("what nodes say could not be looked up: %s", error)
            return stated
        unwritten = {id(each) for each in found.fresh}
        self._done([each for each in stated if id(each) not in unwritten], new=Counter(), unknown=found.unknown)
        return found.fresh

    def _attempt(self, keep: Callable[[Sequence[Row], Pace], None], rows: Sequence[Row], pace: Pace) -> bool:
        """Store the rows in one transaction; False when the database does not answer, and all of them wait still. A row
        it cannot take at all is looked for by halves, so that it spoils only itself."""
        try:
            keep(rows, pace)
        except Unavailable as error:
            pace.failed()
            if not self.hindered:
                log.warning("what nodes say waits for the database: %s", error)
            self.hindered = True
            return False
        except Exception as error:  # noqa: BLE001  # the last line of defence: no message may end the intake
            if len(rows) == 1:
                self._give_up(rows[0], error)
                return True
            half = len(rows) // 2
            return self._attempt(keep, rows[:half], pace) and self._attempt(keep, rows[half:], pace)
        self.hindered = False
        return True

    @contextmanager
    def _transaction(self, rows: int, pace: Pace) -> Iterator[Session]:
        """One that begins when nobody else is in one; how long it then holds the lock sets the pace."""
        with self._database.session(gives_way=True) as s:
            s.connection()
            began = time.monotonic()
            yield s
        pace.took(rows, time.monotonic() - began)

    def _give_up(self, row: object, error: Exception) -> None:
        node = row.node_id if isinstance(row, Stated) else str(row[0]) if isinstance(row, tuple) else "?"
        kind = type(error).__name__
        if kind not in self._seen_errors:
            log.error("what %s said could not be stored", node, exc_info=error)
        self._seen_errors.add(kind)
        self._tally.refuse(f"storing_{kind}", f"{node}: {error}")
        self._conduct.note(node, "unfit")

    def _keep_facts(self, stated: Sequence[Stated], pace: Pace) -> None:
        with self._transaction(len(stated), pace) as s:
            outcome = receipts.store_all(s, stated, now_at=self._clock())
        self._done(stated, new=outcome.new, unknown=outcome.unknown)

    def _done(self, stated: Sequence[Stated], *, new: Counter[str], unknown: Counter[str]) -> None:
        """These are in the database, or never will be: the nodes may forget them."""
        self._tally.count("receipts", len(stated))
        self._tally.count("receipts_unknown", unknown.total())
        self._conduct.note_all("unknown", unknown)
        self._budgets.charge_all(new)
        for node, ids in _by_node(stated).items():
            self._acknowledge(node, ids)

    def _keep_statuses(self, said: Sequence[tuple[str, Sequence[ArrivedStatus]]], pace: Pace) -> None:
        with self._transaction(len(said), pace) as s:
            moved = statuses.record_all(s, dict(said))
        self.on_statuses()
        self._tally.count("statuses", len(moved))
        self._tally.count("statuses_stale", len(said) - len(moved))


def _by_node(stated: Sequence[Stated]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in stated:
        found.setdefault(each.node_id, []).append(each.receipt.receipt)
    return found
