"""Who may come in at a broker that asks us, kept in memory."""

import hmac
from collections.abc import Iterable

from broadcaster.delivery.broker.cluster.tenancy import Tenancy
from broadcaster.delivery.broker.credentials import Credential
from broadcaster.station.nodes.credentials import verify_password


class AccountBook:
    """Read by the thread that answers the broker, replaced by any.

    ``password`` is the station's own there; empty when it has none, and then it is not admitted through us.
    """

    def __init__(self, tenancy: Tenancy, password: str) -> None:
        self.tenancy = tenancy
        self._password = password
        self._nodes: dict[str, Credential] = {}

    def replace(self, credentials: Iterable[Credential]) -> None:
        """From now on exactly these nodes."""
        self._nodes = self.tenancy.named(credentials)

    def knows(self, username: str) -> bool:
        return username in self._nodes or (username == self.tenancy.user and bool(self._password))

    def admits(self, username: str, password: str) -> bool:
        if username == self.tenancy.user:
            return bool(self._password) and hmac.compare_digest(password.encode(), self._password.encode())
        known = self._nodes.get(username)
        return known is not None and verify_password(password, known.password_hash)

    def may_read(self, username: str, topic_or_filter: str) -> bool:
        return self.knows(username) and self.tenancy.may_read(username, topic_or_filter)

    def may_write(self, username: str, topic: str) -> bool:
        return self.knows(username) and self.tenancy.may_write(username, topic)
