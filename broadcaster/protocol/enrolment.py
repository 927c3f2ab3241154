"""What a node is given once: who it is, whom it obeys, and how it reaches the broker."""

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from broadcaster.protocol.codec import Message
from broadcaster.protocol.errors import Malformed
from broadcaster.protocol.values import NodeId, ShortText, StationId


class BrokerAddress(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where the broker listens, as the node sees it.

    host, port: its address.
    tls_ca_pem: certificate authority to pin, PEM; empty for a plain connection.
    """

    host: Annotated[str, Meta(min_length=1, max_length=253)]
    port: Annotated[int, Meta(ge=1, le=65535)]
    tls_ca_pem: str = ""


class NodeBundle(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The file written by ``loa nodes add`` and read by ``loa node``. It is a secret: the owner alone may read it.

    station, node: the pair of names.
    name: the node's name for people.
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


PATH = "/enrol"
"""Where the secret of a code is sent, as the body of a POST; the answer is the NodeBundle, once."""
AUTHORITY_PATH = "/authority"
"""Where a GET gives the certificate of the station's authority, PEM: public, and believed only by its fingerprint."""
_CODE = re.compile(r"^(?P<host>\S{1,253}):(?P<port>\d{1,5})/(?P<fingerprint>[a-z2-7]{26})/(?P<secret>[a-z2-7]{16})$")


@dataclass(frozen=True, slots=True)
class EnrolmentCode:
    """What a person carries from the station to a new node; worth one NodeBundle within a day.

    host, port: where the station hands it out, over TLS.
    fingerprint: of the station's own certificate authority, see ``fingerprint``; nothing is sent to a server whose
        certificate is not by it.
    secret: 16 letters and digits.
    """

    host: str
    port: int
    fingerprint: str
    secret: str

    def __str__(self) -> str:
        return f"{self.host}:{self.port}/{self.fingerprint}/{self.secret}"

    @classmethod
    def parse(cls, text: str) -> "EnrolmentCode":
        """Raises Malformed."""
        found = _CODE.match(text.strip().lower())
        if not found or not 0 < int(found["port"]) < 65_536:
            raise Malformed("not an enrolment code: host:port/fingerprint/secret", field="code")
        return cls(found["host"], int(found["port"]), found["fingerprint"], found["secret"])


def fingerprint(certificate: bytes) -> str:
    """128 bits of the SHA-256 of a certificate in DER, base32 in small letters."""
    return readable(hashlib.sha256(certificate).digest()[:16])


def readable(raw: bytes) -> str:
    """Base32 in small letters without padding: nothing in it is mistaken for something else."""
    return base64.b32encode(raw).decode().rstrip("=").lower()
