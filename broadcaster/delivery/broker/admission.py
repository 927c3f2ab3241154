"""How many clients a listener admits: so many wait at once, and when another comes the one that waited longest goes.

Whoever belongs here says so within a moment, and is never the one that has waited longest: a thousand idle connections
keep nobody out.
"""

import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass

CROWDED_SECONDS = 60.0
"""So long after somebody was sent away the listener counts as crowded."""


@dataclass(frozen=True, slots=True)
class AdmissionLimits:
    """waiting: strangers at once; of_address: of them from one address; admitted: connections of those let in; of_name:
    of them under one name."""

    waiting: int
    of_address: int
    admitted: int
    of_name: int = 1


@dataclass(eq=False, slots=True)
class BrokerClient:
    """address: whence; send_away: closes the connection, and must be quick; name: as whom it was let in."""

    address: str
    send_away: Callable[[], None]
    name: str = ""


class Admission:
    """Used by the one thread of an event loop; ``crowded`` may be asked from any."""

    def __init__(self, limits: AdmissionLimits, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._monotonic = monotonic
        self._waiting: dict[BrokerClient, None] = {}
        self._admitted: dict[BrokerClient, None] = {}
        self._sent_away_at = float("-inf")

    @property
    def crowded(self) -> bool:
        """Whether somebody had to go lately."""
        return self._monotonic() - self._sent_away_at < CROWDED_SECONDS

    def arrive(self, address: str, send_away: Callable[[], None]) -> BrokerClient:
        """A stranger comes; another may have to go."""
        visitor = BrokerClient(network_of(address), send_away)
        neighbours = [each for each in self._waiting if each.address == visitor.address]
        if len(neighbours) >= self._limits.of_address:
            self._send_away(neighbours[0])
        elif len(self._waiting) >= self._limits.waiting:
            self._send_away(next(iter(self._waiting)))
        self._waiting[visitor] = None
        return visitor

    def admit(self, visitor: BrokerClient, name: str) -> bool:
        """It has said who it is; False when too many are inside. Too many under one name: the first of them goes."""
        if len(self._admitted) >= self._limits.admitted:
            self._sent_away_at = self._monotonic()
            return False
        namesakes = [each for each in self._admitted if each.name == name]
        if len(namesakes) >= self._limits.of_name:
            self._send_away(namesakes[0])
        self._waiting.pop(visitor, None)
        self._admitted[visitor] = None
        visitor.name = name
        return True

    def leave(self, visitor: BrokerClient) -> None:
        """It is gone, however it went."""
        self._waiting.pop(visitor, None)
        self._admitted.pop(visitor, None)

    def _send_away(self, visitor: BrokerClient) -> None:
        self._sent_away_at = self._monotonic()
        self.leave(visitor)
        visitor.send_away()


def network_of(address: str) -> str:
    """The address, or for IPv6 the network one subscriber is given: he has 2**64 addresses of it."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(getattr(found, "ipv4_mapped", None) or found)
