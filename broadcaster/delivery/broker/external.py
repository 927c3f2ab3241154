"""A broker somebody else runs: EMQX, RabbitMQ, VerneMQ, or a Mosquitto of the province."""

from collections.abc import Iterable

from broadcaster.delivery.broker.access import BrokerAccess
from broadcaster.delivery.broker.credentials import Credential


class External:
    """Nothing to start. Its accounts and rules, those of ``rights``, are kept by its own administrator."""

    kind = "external"

    def __init__(self, access: BrokerAccess) -> None:
        self.access = access

    def start(self) -> None:
        """It runs already."""

    def stop(self) -> None:
        """It runs on."""

    def apply(self, credentials: Iterable[Credential]) -> None:
        """Its accounts are not ours to change."""

    def look_at_certificate(self) -> None:
        """Its certificate is not ours to renew."""
