"""Three builds that are wrong on purpose, for the tests that prove that the judge sees it. None is in the product.

Usage for a station: python -m tests.chaos.faults.broken send-once <arguments of loa station>
"""

import sys
from collections.abc import Callable
from typing import Any

SOUND = "-"
"""The build as it is."""


def forget_on_start() -> None:
    """A node without a ledger: what it played before this start it does not know."""
    from speaker_node.memory.database import LedgerDatabase

    opened = LedgerDatabase.__init__

    def forgetful(self: LedgerDatabase, *args: Any, **more: Any) -> None:
        opened(self, *args, **more)
        self._connection.execute("DELETE FROM play")

    LedgerDatabase.__init__ = forgetful  # type: ignore[method-assign]


def leave_to_the_system() -> None:
    """A ledger with ``synchronous=OFF``: what it wrote is on the card whenever the kernel gets round to it."""
    from speaker_node.memory.database import LedgerDatabase

    opened = LedgerDatabase.__init__

    def careless(self: LedgerDatabase, *args: Any, **more: Any) -> None:
        opened(self, *args, **more)
        self._connection.execute("PRAGMA synchronous = OFF")

    LedgerDatabase.__init__ = careless  # type: ignore[method-assign]


def send_once() -> None:
    """A station that publishes each agenda a single time and believes that it arrived, whatever becomes of it."""
    from broadcaster.delivery.issued import Issue
    from broadcaster.delivery.postings import Postings

    sent: set[bytes] = set()
    bring = Postings._post

    def post(self: Postings, issue: Issue) -> None:
        if issue.signed.fingerprint not in sent:
            bring(self, issue)
            sent.add(issue.signed.fingerprint)

    Postings._post = post  # type: ignore[method-assign]


BREAKS: dict[str, Callable[[], None]] = {
    "no-ledger": forget_on_start,
    "sync-off": leave_to_the_system,
    "send-once": send_once,
}


def apply(fault: str) -> None:
    """Break this process; ``-`` leaves it as it is."""
    if fault != SOUND:
        BREAKS[fault]()


if __name__ == "__main__":
    from loa.daemons import station

    apply(sys.argv[1])
    sys.exit(station(sys.argv[2:]))
