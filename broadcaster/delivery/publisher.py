"""Keeps the broker as the database wants it: every node's agenda, and the clips the agendas speak of."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, SimpleQueue

from sqlalchemy.exc import SQLAlchemyError

from broadcaster.delivery.broker.credentials import Credential
from broadcaster.delivery.clips.stock import Stock
from broadcaster.delivery.connection import Connection, Incoming
from broadcaster.delivery.copies.watch import CopyWatch
from broadcaster.delivery.issued import Issue
from broadcaster.delivery.issuing import Issuer, WantedAgendas
from broadcaster.delivery.postings import Postings
from broadcaster.errors import LoaError
from broadcaster.protocol.errors import ProtocolError
from broadcaster.protocol.mqtt import topics
from broadcaster.protocol.wants import Wants

log = logging.getLogger(__name__)

TICK_SECONDS = 0.05
"""How long a change in the database waits to be seen, at most."""
REFRESH_SECONDS = 30.0
"""Agendas also change by time alone: items come within reach, and what is over goes."""
TIDY_SECONDS = 60.0
TROUBLE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Outlets:
    """What the publisher reports to and asks.

    in_use: the clips somebody still needs.
    on_credentials: gets the accounts of all nodes whenever they were read.
    """

    in_use: Callable[[], set[str]]
    on_credentials: Callable[[Iterable[Credential]], None]


class Publisher:
    """One thread of its own does the work; the other threads only leave notes (``hear``, ``wish``)."""

    def __init__(
        self,
        issuer: Issuer,
        connection: Connection,
        stock: Stock,
        postings: Postings,
        *,
        outlets: Outlets,
        clock: Callable[[], datetime],
        reconcile_seconds: float,
        watch: CopyWatch | None = None,
    ) -> None:
        self.stock = stock
        self.postings = postings
        self._issuer = issuer
        self._connection = connection
        self._outlets = outlets
        self._clock = clock
        self._watch = watch
        self._reconcile_seconds = reconcile_seconds
        self._wants: SimpleQueue[Wants] = SimpleQueue()
        self._session: int | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._picture: WantedAgendas | None = None
        self._done_at: dict[str, float] = {}

    def start(self) -> None:
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(10)
        self._thread = None

    def wish(self, wants: Wants) -> None:
        """The network's thread says: a node misses chunks."""
        self._wants.put(wants)

    def hear(self, incoming: Incoming) -> bool:
        """The network's thread says: this came in. True when it was the publisher's: an agenda or a chunk."""
        try:
            where = topics.parse(incoming.topic)
        except ProtocolError:
            return False
        if isinstance(where, topics.ChunkTopic):
            self.stock.held.saw(where.sha256, where.index, len(incoming.payload))
            return True
        if isinstance(where, topics.NodeTopic) and where.leaf == "agenda":
            self.postings.held.saw(where.node, incoming.payload)
            return True
        return False

    def step(self) -> None:
        """One round: look, plan, send. Raises LoaError or SQLAlchemyError when the database does not answer."""
        session = self._connection.session
        if session not in (None, self._session):
            self._session = session
            self._learn()
        self._note_acknowledged()
        self._look()
        self._grant()
        if session is not None:
            self._reconcile()
            self.postings.send(self._clock().timestamp())
            self.stock.pump()
            self._tidy()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.step()
                pause_seconds = TICK_SECONDS / 10 if self.stock.waiting or self.postings.held_up else TICK_SECONDS
            except (LoaError, SQLAlchemyError) as error:
                log.warning("the publisher waits for the database: %s", error)
                pause_seconds = TROUBLE_SECONDS
            except Exception:  # outermost loop of a thread whose end would silence the village
                log.exception("the publisher failed and goes on")
                pause_seconds = TROUBLE_SECONDS
            self._stopping.wait(pause_seconds)

    def _learn(self) -> None:
        """On a new connection, about which nothing is known."""
        self._connection.acknowledged()  # numbers of the old connection, which the new one gives out again
        self.stock.learn()
        self.postings.learn()
        self._done_at["reconcile"] = time.monotonic()

    def _look(self) -> None:
        """Read the database when it changed, and now and then anyway."""
        picture = self._picture
        changed = picture is None or self._issuer.counters() != picture.counters
        learnt = self._learn_from_nodes(force=changed)
        current = picture and not changed and not self._is_old(picture)
        if current and not learnt and not self._is_due("refresh", REFRESH_SECONDS):
            return
        self._done_at["refresh"] = time.monotonic()
        self._send_clips_ahead()
        self._picture = self._issuer.refresh(self._send_at_once)
        self.postings.take(self._picture.issues, unsent=self._watch.rules.unsent if self._watch is not None else ())
        self._outlets.on_credentials(self._picture.credentials)

    def _learn_from_nodes(self, *, force: bool) -> bool:
        """Whether there is something to issue. What nodes obey waits where the database does; orders do not."""
        try:
            return self._watch is not None and self._watch.look(force=force)
        except (LoaError, SQLAlchemyError) as error:
            log.warning("what the nodes obey cannot be looked at: %s", error)
            return False

    def _note_acknowledged(self) -> None:
        for number in self._connection.acknowledged():
            if not self.stock.acknowledge(number):
                self.postings.acknowledge(number)

    def _send_clips_ahead(self) -> None:
        """The bulk of an order, and the same for all its nodes, is under way while their agendas are worked out."""
        if self._connection.connected and self.stock.known():
            for ref, urgency in self._issuer.sounding():
                self.stock.ready([ref], urgency=urgency)
            self.stock.pump()

    def _send_at_once(self, issues: Mapping[str, Issue]) -> None:
        """While the next are written, the broker passes these on, and the clips they need."""
        if self._connection.connected:
            self._note_acknowledged()
            self.postings.add(issues, self._clock().timestamp())
            self.stock.pump()

    def _grant(self) -> None:
        issues = self._picture.issues if self._picture else {}
        try:
            while True:
                wants = self._wants.get_nowait()
                issue = issues.get(wants.node)
                for wanted in wants.chunks if issue else ():
                    self.stock.grant(wants.node, wanted, issue.duty.pieces if issue else ())
        except Empty:
            return

    def _reconcile(self) -> None:
        """Ask the broker again for the agendas it holds; chunks are cared for by what nodes miss."""
        if self._is_due("reconcile", self._reconcile_seconds):
            self._done_at["reconcile"] = time.monotonic()
            self.postings.doubt()

    def _tidy(self) -> None:
        alone = self._watch is None or self._watch.alone
        known = alone and self.stock.known() and self.postings.held.settled
        if known and self._picture and self._is_due("tidy", TIDY_SECONDS):
            self._done_at["tidy"] = time.monotonic()
            duties = {issue.duty for issue in self._picture.issues.values()}
            current = {clip.sha256 for duty in duties for clip in duty.pieces}
            self.stock.tidy(current | self._outlets.in_use())
            self.postings.withdraw()

    def _is_old(self, picture: WantedAgendas) -> bool:
        return picture.old_at is not None and self._clock() >= picture.old_at

    def _is_due(self, what: str, every_seconds: float) -> bool:
        return time.monotonic() - self._done_at.get(what, float("-inf")) >= every_seconds
