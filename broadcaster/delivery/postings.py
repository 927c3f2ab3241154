"""The agendas at the broker: which of them still have to get there."""

import time
from collections.abc import Callable, Collection, Iterable, Mapping

from broadcaster.delivery.agendas import Duty
from broadcaster.delivery.clips.stock import SOME_DAY, Stock
from broadcaster.delivery.connection import Connection
from broadcaster.delivery.counters import DeliveryCounters
from broadcaster.delivery.exact_questions import ExactQuestions
from broadcaster.delivery.holdings import AgendasHeld
from broadcaster.delivery.issued import Issue
from broadcaster.protocol.mqtt import topics

RESEND_SECONDS = 5.0
WINDOW = 500
"""Agendas under way at once: enough to keep a broker busy, few enough that no alarm queues behind a province."""
SOON_SECONDS = 120.0
"""What is due so soon does not wait until the broker has said which clips it holds."""


class Postings:
    """Used by the publisher's thread; ``held`` is filled by the network's, which hears our own agendas come back.

    An agenda that is not at the broker is *open*; once sent it is *under way* until it is heard, or sent again.
    """

    def __init__(
        self,
        connection: Connection,
        stock: Stock,
        *,
        station: str,
        tally: DeliveryCounters,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.held = AgendasHeld()
        self._connection = connection
        self._stock = stock
        self._station = station
        self._tally = tally
        self._monotonic = monotonic
        self._issues: dict[str, Issue] = {}
        self._left: frozenset[str] = frozenset()
        self._open: dict[str, None] = {}
        self._under_way: dict[str, bytes] = {}
        self._numbers: dict[int, str] = {}
        self._taken: dict[str, float] = {}
        self._question: int | None = None
        self._exact = ExactQuestions(connection, lambda node: topics.agenda(station, node))
        self._unasked = False
        self._asked: set[str] = set()

    @property
    def waiting(self) -> int:
        """Agendas the broker is not known to hold as they should be."""
        return len(self._open) + len(self._under_way)

    @property
    def held_up(self) -> bool:
        """Whether agendas wait only for others to arrive."""
        return bool(self._open) and len(self._under_way) >= WINDOW

    def learn(self) -> None:
        """On a new connection: nothing is known any more about any node."""
        self.held.forget()
        self._under_way.clear()
        self._numbers.clear()
        self._exact.forget()
        self._asked.clear()
        self._unasked = True
        self._reopen()
        self._ask()

    def doubt(self) -> None:
        """From time to time: the broker shall say again what it holds."""
        self.held.doubt()
        self._unasked = True
        self._ask()

    def take(self, issues: Mapping[str, Issue], *, unsent: Collection[str] = ()) -> None:
        """From now on these are the agendas. Those of ``unsent`` nodes are not sent: they obey another machine, whose
        agendas are left at the broker."""
        self._left = frozenset(unsent)
        self._issues = {node: issue for node, issue in issues.items() if node not in self._left}
        self._reopen()

    def add(self, issues: Mapping[str, Issue], now_seconds: float) -> None:
        """These are new; what is ready of them is published at once."""
        self._issues.update(issues)
        for node in issues:
            self._under_way.pop(node, None)
            self._open[node] = None
        self._asked -= issues.keys()  # no broker holds what was signed just now
        if len(self._open) > len(issues):
            self._open = self._by_urgency(self._open)
        self.send(now_seconds)

    def send(self, now_seconds: float) -> None:
        """Publish what is ready. ``now_seconds`` is since 1970."""
        if not self.held.settled:
            return
        self._ask_exactly()
        if not self._exact.busy and self.held.drop_doubted():
            self._reopen()
        self._note_heard()
        self._give_up_waiting()
        ready: dict[Duty, bool] = {}
        for node in list(self._open):
            if self.held_up:
                return
            issue = self._issues[node]
            if node in self._asked and issue.duty.urgency > now_seconds + SOON_SECONDS:
                continue
            if issue.duty not in ready:
                ready[issue.duty] = self._is_ready(issue.duty, now_seconds)
            if ready[issue.duty]:
                self._post(issue)

    def acknowledge(self, number: int) -> None:
        """The broker has taken a message, which from now on should be heard within seconds, or our question."""
        if number == self._question:
            self._question = None
            self.held.answered()
            return
        if self._exact.acknowledge(number):
            self.held.answered()
            return
        node = self._numbers.pop(number, None)
        if node is not None and node in self._under_way:
            self._taken.pop(node, None)
            self._taken[node] = self._monotonic()

    def withdraw(self) -> None:
        """Clear the agendas of nodes that are no longer ours."""
        for node in self.held.nodes() - set(self._issues) - self._left:
            if self._publish(node, b"") is not None:
                self.held.saw(node, b"")

    def _ask(self) -> None:
        """QoS 0: an answer that is lost costs one agenda sent again, to acknowledge every answer costs more."""
        self._question = self._connection.subscribe(f"{topics.ROOT}/{self._station}/nodes/+/agenda")

    def _ask_exactly(self) -> None:
        """Ask one by one for what the broker did not say it holds when it was asked for everything; what of it does not
        sound soon waits for the answer."""
        if self._exact.busy or not self.held.quiet:
            return
        if self._asked:
            self._asked.clear()
            self._exact.end()
        if self._unasked and self._question is None:
            self._unasked = False
            missing = self._issues.keys() - self.held.fingerprints().keys()
            self._asked = (missing - self._under_way.keys()) | (self.held.doubted() & self._issues.keys())
            self._exact.begin(sorted(self._asked))

    def _reopen(self) -> None:
        held, sent = self.held.fingerprints(), self._under_way
        wanted = {node: issue.signed.fingerprint for node, issue in self._issues.items()}
        self._under_way = {node: mark for node, mark in sent.items() if wanted.get(node) == mark}
        missing = [node for node, mark in wanted.items() if mark not in (held.get(node), self._under_way.get(node))]
        self._open = self._by_urgency(missing)

    def _by_urgency(self, nodes: Iterable[str]) -> dict[str, None]:
        return dict.fromkeys(sorted(nodes, key=lambda node: self._issues[node].duty.urgency))

    def _note_heard(self) -> None:
        """What is at the broker as it should be is done; the clips it speaks of shall be there, too."""
        if not self._issues or not self._stock.known():
            return  # the news waits
        done: set[Duty] = set()
        for node, mark in self.held.news().items():
            issue = self._issues.get(node)
            if issue is not None and issue.signed.fingerprint == mark:
                self._open.pop(node, None)
                self._under_way.pop(node, None)
                done.add(issue.duty)
        for duty in done:
            self._stock.ready(duty.needed, urgency=duty.urgency)
            self._stock.ready(duty.stored_ahead, urgency=SOME_DAY)

    def _give_up_waiting(self) -> None:
        """What the broker took and was not heard is sent again."""
        for node, at in list(self._taken.items()):
            if node in self._under_way and self._monotonic() - at < RESEND_SECONDS:
                return  # all others were taken later
            del self._taken[node]
            if self._under_way.pop(node, None) is not None:
                self._open[node] = None

    def _is_ready(self, duty: Duty, now_seconds: float) -> bool:
        if not self._stock.known() and duty.urgency > now_seconds + SOON_SECONDS:
            return False
        return self._stock.ready(duty.needed, urgency=duty.urgency)

    def _post(self, issue: Issue) -> None:
        number = self._publish(issue.node, issue.signed.token)
        if number is not None:
            self._numbers[number] = issue.node
            self._taken.pop(issue.node, None)
            self._under_way[issue.node] = issue.signed.fingerprint
            del self._open[issue.node]
            self._tally.count("agendas_published")

    def _publish(self, node: str, token: bytes) -> int | None:
        return self._connection.publish(topics.agenda(self._station, node), token, retain=True)
