"""What a node is given once: who it is, whom it obeys, and how it reaches the broker."""

from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from broadcaster.protocol.codec import Message
from broadcaster.protocol.values import NodeId, ShortText, StationId


class BrokerAddress(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where the broker listens, as the node sees it.

    host, port: its address.
    tls_ca_pem: certificate authority to trust, PEM; empty for a plain connection on a private network.
    """

    host: Annotated[str, Meta(min_length=1, max_length=253)]
    port: Annotated[int, Meta(ge=1, le=65535)]
    tls_ca_pem: str = ""


class NodeBundle(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The file written by ``loa nodes add`` and read by ``loa node``. It is a secret: the owner alone may read it.

    station, node: the pair of names.
    name: the pole's name for people.
    station_key: the station's Ed25519 public key, 64 hex digits; pinned.
    username, password: this node's own credential at the broker.
    broker: where to find it.
    """

    LIMIT_BYTES: ClassVar[int] = 65_536

    station: StationId
    node: NodeId
    name: ShortText
    station_key: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
    username: ShortText
    password: Annotated[str, Meta(min_length=16, max_length=200)]
    broker: BrokerAddress
