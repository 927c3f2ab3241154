"""A broker somebody else runs: EMQX, RabbitMQ, VerneMQ, or a Mosquitto of the province."""

import logging
import threading
from collections.abc import Iterable, Mapping

from broadcaster.delivery.broker.access import BrokerAccess
from broadcaster.delivery.broker.cluster.book import AccountBook
from broadcaster.delivery.broker.cluster.hook import AccountHook
from broadcaster.delivery.broker.cluster.management import Management
from broadcaster.delivery.broker.credentials import Credential
from broadcaster.errors import LoaError
from broadcaster.network_settings import BrokerSettings

log = logging.getLogger(__name__)
TROUBLE_SECONDS = 2.0
"""Between two attempts to tell it something."""


class External:
    """It runs already. It learns of accounts as its administrator arranged: it asks at our ``hook``, it is told through
    its ``management``, or it reads what ``loa broker export`` wrote."""

    kind = "external"

    def __init__(
        self,
        access: BrokerAccess,
        *,
        book: AccountBook | None = None,
        settings: BrokerSettings | None = None,
        management: Management | None = None,
    ) -> None:
        self.access = access
        self._book = book
        self._hook = AccountHook(settings, book) if settings and book else None
        self._management = management
        self._wanted: Mapping[str, Credential] = {}
        self._known: Mapping[str, Credential] | None = None
        self._changed = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self.untold = False
        """Whether it does not take what it is told."""

    @property
    def closed(self) -> bool:
        """Whether it cannot ask us, although it shall."""
        return self._hook is not None and self._hook.closed

    def start(self) -> None:
        self._stopping.clear()
        if self._hook is not None:
            self._hook.start()
        if self._management is not None:
            self._thread = threading.Thread(target=self._run, name="broker-accounts", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """It runs on."""
        self._stopping.set()
        self._changed.set()
        if self._thread is not None:
            self._thread.join(15)
        self._thread = None
        if self._hook is not None:
            self._hook.stop()

    def apply(self, credentials: Iterable[Credential]) -> None:
        """Returns at once; a broker that does not answer is told again and again."""
        if self._book is None:
            return
        nodes = tuple(credentials)
        self._book.replace(nodes)
        self._wanted = self._book.tenancy.named(nodes)
        self._changed.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._changed.wait()
            self._changed.clear()
            if not self._stopping.is_set() and not self._tell(self._wanted):
                self._changed.set()
                self._stopping.wait(TROUBLE_SECONDS)

    def _tell(self, wanted: Mapping[str, Credential]) -> bool:
        assert self._management is not None
        known = self._known
        try:
            if known is None:
                gone = self._management.admitted() - wanted.keys()
            else:
                gone = {name for name, each in known.items() if wanted.get(name) != each}
            self._management.cut_off(gone)
            new = {name: each for name, each in wanted.items() if known is None or known.get(name) != each}
            if new or known is None:
                self._management.admit(new)
        except LoaError as error:
            if not self.untold:
                log.error("the broker cannot be told who may come in: %s", error)
            self.untold = True
            return False
        self._known, self.untold = wanted, False
        return True

    def look_at_certificate(self) -> None:
        """Its certificate is not ours to renew."""
