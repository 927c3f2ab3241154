"""How to reach a broker."""

from dataclasses import dataclass, field

STATION_USER = "@station"
"""The station's name at our own brokers. No node can be called that: a node id has no ``@``."""


@dataclass(frozen=True, kw_only=True)
class BrokerAccess:
    """One account at one broker.

    host, port: where it listens.
    username, password: the account; empty for a broker that knows none.
    tls_ca_file: certificate authority to trust, a PEM file; empty for a plain connection.
    in_flight: QoS 1 messages that may travel unacknowledged.
    connect_seconds: limit for one attempt to connect, answer included.
    socket: path of a Unix socket where the broker listens for the station alone; empty when there is none.
    """

    host: str
    port: int
    username: str = ""
    password: str = field(default="", repr=False)
    tls_ca_file: str = ""
    in_flight: int = 20
    connect_seconds: float = 30.0
    socket: str = ""
