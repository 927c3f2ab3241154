"""What the station needs of a broker it runs."""

from collections.abc import Iterable
from typing import Protocol

from broadcaster.delivery.broker.access import BrokerAccess
from broadcaster.delivery.broker.credentials import Credential


class Broker(Protocol):
    """A broker this process starts and stops, or one that runs elsewhere.

    kind: ``mosquitto``, ``embedded`` or ``external``, for the start-up line and the log.
    access: the station's own account at it.
    """

    @property
    def kind(self) -> str: ...

    @property
    def access(self) -> BrokerAccess: ...

    def start(self) -> None:
        """Listen. Returns when connections are accepted; raises Unavailable, which says what to do, when it cannot."""

    def stop(self) -> None:
        """Stop listening and release everything; harmless when it does not run."""

    def apply(self, credentials: Iterable[Credential]) -> None:
        """From now on exactly these nodes (and the station) may connect; all others are cut off within seconds."""

    def look_at_certificate(self) -> None:
        """Have new connections shown the certificate as it is now, issued anew where it has to be. Raises LoaError."""
