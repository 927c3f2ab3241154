"""Settings of relayed streams; the station's configuration composes them."""

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

Network = Annotated[str, Meta(pattern=r"^[0-9A-Fa-f.:]+(/\d{1,3})?\Z")]
Host = Annotated[str, Meta(pattern=r"^(\*\.)?[A-Za-z0-9.-]+\Z")]


@dataclass(frozen=True, kw_only=True)
class RelaySettings:
    """Streams of other stations.

    private_networks: addresses and networks inside the commune in which a stream may lie, such as 192.168.1.20; none of
        a private range is asked else.
    playlist_hosts: further hosts that a playlist may lead to; ``*.vov.vn`` means every name below it.
    stall_seconds: a stream from which nothing came for so long is left for the next.
    silent_seconds, silent_dbfs: so is one that stayed below this level for so long.
    behind_seconds: so is one whose playlist says that its newest sound is older than this.
    give_up_seconds: a relay on air ends when no stream has given sound for so long.
    """

    private_networks: tuple[Network, ...] = ()
    playlist_hosts: tuple[Host, ...] = ()
    stall_seconds: Annotated[float, Meta(ge=1, le=120)] = 5.0
    silent_seconds: Annotated[float, Meta(ge=2, le=300)] = 10.0
    silent_dbfs: Annotated[float, Meta(ge=-90, le=-20)] = -50.0
    behind_seconds: Annotated[float, Meta(ge=30, le=3600)] = 180.0
    give_up_seconds: Annotated[float, Meta(ge=10, le=3600)] = 120.0
