"""One station at a broker that several share: what its accounts are called there, and what each may read and write."""

from collections.abc import Iterable
from dataclasses import dataclass

from broadcaster.config import Config
from broadcaster.delivery.broker.access import STATION_USER
from broadcaster.delivery.broker.credentials import Credential
from broadcaster.delivery.broker.rights import ALL_READ, NODE_READS, NODE_WRITES, SENSORS, may_read, may_write
from broadcaster.protocol.mqtt.topics import ROOT

CLIENT = "station-"
"""Begins the station's client ids, see ``delivery.connection``; a node's is the station's id, a point and its own."""


@dataclass(frozen=True, slots=True)
class Tenancy:
    """station: its id; user: its own account; prefix: of the nodes' names."""

    station: str
    user: str
    prefix: str = ""

    @classmethod
    def of(cls, config: Config) -> "Tenancy":
        return cls(config.station.id, config.broker.username or STATION_USER, config.broker.node_prefix)

    @property
    def tree(self) -> str:
        return f"{ROOT}/{self.station}"

    def named(self, credentials: Iterable[Credential]) -> dict[str, Credential]:
        """The nodes' accounts by what they are called there, in the order of these names."""
        named = {self.prefix + each.username: each for each in credentials}
        return dict(sorted(named.items()))

    def node_of(self, username: str) -> str:
        """The node that is called so there; empty when none can be."""
        return username.removeprefix(self.prefix) if username.startswith(self.prefix) else ""

    def reads(self, username: str) -> list[str]:
        """Filters it may read."""
        if username == self.user:
            return [f"{self.tree}/#"]
        mine = f"{self.tree}/nodes/{self.node_of(username)}"
        return [*(f"{mine}/{leaf}" for leaf in NODE_READS), *(f"{self.tree}/{branch}/#" for branch in ALL_READ)]

    def writes(self, username: str) -> list[str]:
        """Filters it may write."""
        if username == self.user:
            return [f"{self.tree}/#"]
        own = self.node_of(username)
        return [*(f"{self.tree}/nodes/{own}/{leaf}" for leaf in NODE_WRITES), f"{self.tree}/{SENSORS}/{own}"]

    def may_read(self, username: str, topic_or_filter: str) -> bool:
        return may_read(self.station, self._subject(username), topic_or_filter)

    def may_write(self, username: str, topic: str) -> bool:
        return may_write(self.station, self._subject(username), topic)

    def client_of(self, username: str) -> str:
        """How its client ids begin."""
        return CLIENT if username == self.user else f"{self.station}.{self.node_of(username)}"

    def _subject(self, username: str) -> str:
        return STATION_USER if username == self.user else self.node_of(username)
