"""What a commune and the level above say to each other over HTTP; see ``docs/exchange.md``.

Downwards an :class:`UpperOffer`, upwards :class:`Reports`, each signed by whoever says it; a code pins the upper key.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from broadcaster.protocol.codec import Message
from broadcaster.protocol.enrolment import readable
from broadcaster.protocol.errors import Malformed
from broadcaster.protocol.values import BroadcastClass, Count, Instant, Sha256, ShortText, StationId

OFFER_TYPE, REPORTS_TYPE, IDENTITY_TYPE = "loa-offer+jws", "loa-reports+jws", "loa-upper-level+jws"
"""``typ`` in the header of each token."""
ROOT = "/exchange/1"
OFFERS_PATH = f"{ROOT}/bulletins"
"""Where the long poll is; the word is the exchange's own, in the programs it is an offer."""
MOST_REPORTS = 100
MOST_NODES = 120
"""In one message; of a commune with more nodes those that are silent come first."""
LONGEST_TEXT = 20_000
ItemId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{8,64}\Z")]
Mark = Annotated[str, Meta(pattern=r"^[0-9a-f]{0,64}\Z")]
"""The sha256 of a token in hexadecimal letters; empty before the first."""


class OfferSound(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """sha256: of the file, also where it is fetched; size_bytes: its length; name: what the file was called."""

    sha256: Sha256
    size_bytes: Count
    name: ShortText = ""


class UpperOffer(Message, frozen=True, kw_only=True, omit_defaults=True):
    """One announcement of the level above for one commune.

    upper, commune: who says it to whom.
    number: place in this commune's row, rising by one; previous: mark of the token before it.
    item: the announcement's id, the same for every commune.
    issued_at: when it was released.
    broadcast_class, drill, title, text, document_number: as in an announcement.
    sound: spoken instead of the text, when there is one.
    wished_at: when the level above would like it to sound; the commune decides.
    valid_until_at: after that it is over.
    withdraws: id of an earlier item that this one takes back; it then says nothing itself.
    """

    upper: StationId
    commune: StationId
    number: Count
    previous: Mark = ""
    item: ItemId
    issued_at: Instant
    broadcast_class: BroadcastClass = BroadcastClass.ROUTINE
    drill: bool = False
    title: ShortText = ""
    text: Annotated[str, Meta(max_length=LONGEST_TEXT)] = ""
    document_number: ShortText = ""
    sound: OfferSound | None = None
    wished_at: Instant | None = None
    valid_until_at: Instant | None = None
    withdraws: str = ""


ReportKind = Literal[
    "received", "prepared", "taken", "declined", "withdrawn", "expired", "refused", "planned", "cancelled", "aired"
]
"""What became of an item: seven states of the whole; planned and cancelled of a broadcast; aired of a node."""


class Report(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One fact about one item.

    report: its id, the commune's choice; the same id is the same fact.
    number: its place in what this commune reports, rising by one.
    item: what it is about.
    kind: which fact; at: when it happened.
    broadcast: of planned, cancelled and aired.
    begin_at: when it is planned for, or began.
    node, node_name, state: of aired: which node, and the state of its delivery.
    nodes: of planned: how many nodes.
    seconds, requested_seconds: of aired: sound that was played, and that was asked for.
    words: of declined, refused and aired: why, in plain words.
    """

    report: ItemId
    number: Count
    item: ItemId
    kind: ReportKind
    at: Instant
    broadcast: str = ""
    begin_at: Instant | None = None
    node: str = ""
    node_name: ShortText = ""
    state: str = ""
    nodes: Count = 0
    seconds: Annotated[int, Meta(ge=0, le=86_400)] = 0
    requested_seconds: Annotated[int, Meta(ge=0, le=86_400)] = 0
    words: ShortText = ""


class NodeStand(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How one node of the commune is. seen_at: when it was last heard; silent: whether somebody should look."""

    node: str
    name: ShortText
    unit: ShortText = ""
    seen_at: Instant | None = None
    silent: bool = False


class Reports(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What a commune states to one upper level.

    commune, upper: who says it to whom.
    sent_at: when.
    reports: facts that were not acknowledged yet, in order.
    nodes: how the nodes are now; empty when nothing is said about them.
    """

    commune: StationId
    upper: StationId
    sent_at: Instant
    reports: Annotated[tuple[Report, ...], Meta(max_length=MOST_REPORTS)] = ()
    nodes: Annotated[tuple[NodeStand, ...], Meta(max_length=MOST_NODES)] = ()


class UpperIdentity(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Who the upper level is, signed by the key that its codes name.

    upper, name: its id, and its name for people.
    key: Ed25519 public key, 64 hex digits.
    authority_pem: certificate authority to pin for TLS; empty where the public ones serve.
    """

    upper: StationId
    name: ShortText
    key: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
    authority_pem: Annotated[str, Meta(max_length=20_000)] = ""


class Joining(msgspec.Struct, frozen=True, kw_only=True):
    """What a commune sends for its code. key: the commune's Ed25519 public key, 64 hex digits."""

    secret: Annotated[str, Meta(max_length=64)]
    commune: StationId
    name: ShortText
    key: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]


class Joined(msgspec.Struct, frozen=True, kw_only=True):
    """token: what the commune shows from now on."""

    token: Annotated[str, Meta(min_length=16, max_length=200)]


class OffersAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The long poll's answer.

    items: tokens, in order; head: the highest number there is for this commune.
    reports_head: the highest number up to which all reports of the commune are stored.
    went_back: the upper level knows less than the commune has seen: it was restored from an older copy.
    """

    items: list[str]
    head: Count
    reports_head: Count = 0
    went_back: bool = False


class ReportsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """stored: ids of reports that are stored now; head: as ``OffersAnswer.reports_head``."""

    stored: list[str]
    head: Count


_CODE = re.compile(r"^(?P<url>https?://\S{1,300})/(?P<fingerprint>[a-z2-7]{26})/(?P<secret>[a-z2-7]{16})$")


@dataclass(frozen=True, slots=True)
class ExchangeCode:
    """What a person brings from the level above to a commune; worth one token within its time.

    url: where the exchange is, without its path; fingerprint: of the upper level's key, see ``key_fingerprint``;
    secret: 16 letters and digits.
    """

    url: str
    fingerprint: str
    secret: str

    def __str__(self) -> str:
        return f"{self.url}/{self.fingerprint}/{self.secret}"

    @classmethod
    def parse(cls, text: str) -> "ExchangeCode":
        """Raises Malformed."""
        found = _CODE.match(text.strip())
        if not found:
            raise Malformed("not an exchange code: address/fingerprint/secret", field="code")
        return cls(found["url"].rstrip("/"), found["fingerprint"], found["secret"])


def key_fingerprint(public_key: bytes) -> str:
    """128 bits of the SHA-256 of a public key, base32 in small letters."""
    return readable(hashlib.sha256(public_key).digest()[:16])


def mark_of(token: bytes) -> str:
    """By which the next offer names this one."""
    return hashlib.sha256(token).hexdigest()
