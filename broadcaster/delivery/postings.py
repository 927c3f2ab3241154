"""The agendas at the broker: which of them still have to get there."""

import time
from collections.abc import Callable, Iterable, Mapping

from broadcaster.delivery import agendas
from broadcaster.delivery.connection import Connection
from broadcaster.delivery.holdings import AgendasHeld
from broadcaster.delivery.issuing import Issue
from broadcaster.delivery.stock import SOME_DAY, Stock
from broadcaster.delivery.tally import Tally
from broadcaster.protocol import topics

RESEND_SECONDS = 5.0
SOON_SECONDS = 120.0
"""What is due so soon does not wait until the broker has said which clips it holds."""


class Postings:
    """Used by the publisher's thread; ``held`` is filled by the network's, which hears our own agendas come back."""

    def __init__(
        self,
        connection: Connection,
        stock: Stock,
        *,
        station: str,
        tally: Tally,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.held = AgendasHeld()
        self._connection = connection
        self._stock = stock
        self._station = station
        self._tally = tally
        self._monotonic = monotonic
        self._issues: Mapping[str, Issue] = {}
        self._open: dict[str, float] = {}
        self._sent: dict[str, tuple[bytes, float]] = {}

    @property
    def waiting(self) -> int:
        """Agendas the broker is not known to hold as they should be."""
        return len(self._open)

    @property
    def _filter(self) -> str:
        return f"{topics.ROOT}/{self._station}/nodes/+/agenda"

    def learn(self) -> None:
        """On a new connection: nothing is known any more about any node."""
        self.held.forget()
        self._sent.clear()
        self._connection.subscribe(self._filter, qos=1)
        self._reopen()

    def doubt(self) -> None:
        """From time to time: the broker shall say again what it holds."""
        self.held.doubt()
        self._connection.subscribe(self._filter, qos=1)

    def take(self, issues: Mapping[str, Issue]) -> None:
        """From now on these are the agendas."""
        self._issues = issues
        self._reopen()

    def add(self, issues: Mapping[str, Issue], now_seconds: float) -> None:
        """These are new; what is ready of them is published at once."""
        self._issues = {**self._issues, **issues}
        for node, issue in issues.items():
            self._open[node] = agendas.urgency(issue.agenda)
            if self.held.settled:
                self._bring(node, self._open[node], soon=self._open[node] <= now_seconds + SOON_SECONDS)

    def send(self, now_seconds: float) -> None:
        """Publish what is ready. ``now_seconds`` is since 1970."""
        if not self.held.settled:
            return
        if self.held.drop_doubted():
            self._reopen()
        for node, urgency in list(self._open.items()):
            self._bring(node, urgency, soon=urgency <= now_seconds + SOON_SECONDS)

    def _bring(self, node: str, urgency: float, *, soon: bool) -> None:
        issue = self._issues[node]
        there = self.held.of(node) == issue.fingerprint
        if not self._stock.known() and (there or not soon):
            return
        ready = self._stock.ready(agendas.needed(issue.agenda), urgency=urgency)
        if there:
            self._stock.ready(agendas.stored_ahead(issue.agenda), urgency=SOME_DAY)
            del self._open[node]
        elif ready:
            self._post(issue)

    def withdraw(self) -> None:
        """Clear the agendas of nodes that are no longer ours."""
        for node in self.held.nodes() - set(self._issues):
            if self._publish(node, b""):
                self.held.saw(node, b"")

    def _reopen(self) -> None:
        self._open = dict(sorted(self._mismatches(), key=lambda pair: pair[1]))

    def _mismatches(self) -> Iterable[tuple[str, float]]:
        for node, issue in self._issues.items():
            if self.held.of(node) != issue.fingerprint:
                yield node, agendas.urgency(issue.agenda)

    def _post(self, issue: Issue) -> None:
        node = issue.agenda.node
        fingerprint, at = self._sent.get(node, (b"", 0.0))
        under_way = fingerprint == issue.fingerprint and self._monotonic() - at < RESEND_SECONDS
        if not under_way and self._publish(node, issue.token):
            self._sent[node] = (issue.fingerprint, self._monotonic())
            self._tally.count("agendas_published")

    def _publish(self, node: str, token: bytes) -> bool:
        return self._connection.publish(topics.agenda(self._station, node), token, retain=True) is not None
