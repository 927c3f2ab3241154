"""What the station signs, as JWS compact serialisation (RFC 7515) with EdDSA over Ed25519 (RFC 8037).

Agendas always, and acknowledgements when they travel by hand. The other way round a node signs the receipts that travel
by hand, with a key of its own that follows from its password: the station keeps only the public half.

The envelope is written out here because every general JOSE package measured takes 10 MB and more of a node's
45 MB; the cryptography itself is libsodium's. Interoperability with such a package is tested.
"""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import msgspec
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from broadcaster.protocol.agenda import Agenda, AgendaMark, AuditHead
from broadcaster.protocol.codec import AnyMessage, Message, decode, encode
from broadcaster.protocol.errors import (
    Expired,
    OutOfOrder,
    Oversized,
    Replayed,
    Superseded,
    Unsigned,
    WronglyAddressed,
)
from broadcaster.protocol.receipts import Acks, Receipts

TYPE = "loa-agenda+jws"
ACKS_TYPE = "loa-acks+jws"
RECEIPTS_TYPE = "loa-receipts+jws"
LIMIT_BYTES = Agenda.LIMIT_BYTES * 4 // 3 + 1024


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a node obeys and who it is.

    station, node: the only pair of names it listens to.
    key: the station's public key, pinned at enrolment (32 bytes).
    """

    station: str
    node: str
    key: bytes


def sign_agenda(agenda: Agenda, seed: bytes) -> bytes:
    """The agenda as a JWS under the Ed25519 private key with this 32-byte seed."""
    return sign(agenda, seed, TYPE)


def sign_acks(acks: Acks, seed: bytes) -> bytes:
    """Acknowledgements for a node without a link: over the broker the station's account is proof enough."""
    return sign(acks, seed, ACKS_TYPE)


def receipts_seed(password: str) -> bytes:
    """The 32-byte private seed by which a node signs receipts; its password holds 192 random bits."""
    return hmac.digest(password.encode(), RECEIPTS_TYPE.encode(), "sha256")


def sign_receipts(receipts: Receipts, seed: bytes) -> bytes:
    """Receipts for a stick: over the link the node's account at the broker is proof enough."""
    return sign(receipts, seed, RECEIPTS_TYPE)


NONE_YET = AgendaMark()


def open_agenda(
    token: bytes, audience: Audience, *, last: AgendaMark = NONE_YET, now_at: datetime | None = None
) -> Agenda:
    """The agenda in ``token``, if the node may obey it; see :func:`read_agenda` and :func:`check_order`."""
    agenda = read_agenda(token, audience)
    check_order(agenda, last=last, now_at=now_at)
    return agenda


def read_agenda(token: bytes, audience: Audience) -> Agenda:
    """The agenda in ``token``, signed by this node's station for this node; maybe an old one.

    Raises Oversized, Unsigned, Malformed or WronglyAddressed.
    """
    agenda = decode(Agenda, verify(token, audience.key))
    if (agenda.station, agenda.node) != (audience.station, audience.node):
        raise WronglyAddressed(f"agenda of {agenda.station} for {agenda.node}", field="node")
    return agenda


def check_order(agenda: Agenda, *, last: AgendaMark, now_at: datetime | None) -> None:
    """Let through what is newer than everything accepted before, and not over.

    ``last`` is the mark of the newest agenda accepted so far. ``now_at`` is None while the clock cannot be trusted;
    expiry is then not judged. Raises Superseded, Replayed, OutOfOrder or Expired.
    """
    if agenda.term < last.term:
        raise Superseded(f"agenda of term {agenda.term}; the term is {last.term} now", field="term")
    if agenda.mark == last:
        raise Replayed(f"agenda {agenda.number} was accepted before", field="number")
    if agenda.mark < last:
        raise OutOfOrder(f"agenda {agenda.number} is older than {last.number}", field="number")
    if now_at is not None and now_at >= agenda.expires_at:
        raise Expired(f"agenda {agenda.number} ended at {agenda.expires_at.isoformat()}", field="expires_at")


def open_acks(token: bytes, audience: Audience) -> Acks:
    """The acknowledgements in ``token``. Raises Oversized, Unsigned, Malformed or WronglyAddressed."""
    acks = decode(Acks, verify(token, audience.key, kind=ACKS_TYPE))
    if acks.node != audience.node:
        raise WronglyAddressed(f"acknowledgements for {acks.node}", field="node")
    return acks


def open_receipts(token: bytes, *, node: str, key: bytes) -> Receipts:
    """The receipts in ``token``, stated by this node. Raises Oversized, Unsigned, Malformed or WronglyAddressed."""
    receipts = decode(Receipts, verify(token, key, kind=RECEIPTS_TYPE))
    if receipts.node != node:
        raise WronglyAddressed(f"receipts of {receipts.node}", field="node")
    return receipts


def open_message(token: bytes, expected: type[AnyMessage], *, key: bytes, kind: str) -> AnyMessage:
    """The message in ``token``, signed by this key as this kind. Raises Oversized, Unsigned or Malformed."""
    return decode(expected, verify(token, key, kind=kind))


def sign_head(head: AuditHead, *, station: str, seed: bytes) -> AuditHead:
    """The same with the signature in base64url over the lines ``loa-audit-head``, station, entry and hash."""
    signed = SigningKey(seed).sign(_head_lines(head, station)).signature
    return msgspec.structs.replace(head, signature=_b64(signed).decode())


def is_head_of(head: AuditHead, *, station: str, key: bytes) -> bool:
    """Whether the station with this public key signed the head."""
    try:
        VerifyKey(key).verify(_head_lines(head, station), _unb64(head.signature.encode()))
    except (BadSignatureError, ValueError, Unsigned):
        return False
    return True


def verify(token: bytes, key: bytes, *, kind: str = TYPE) -> bytes:
    """The signed payload of a token of this kind; only the header is parsed before the signature holds.

    Raises Oversized or Unsigned.
    """
    if len(token) > LIMIT_BYTES:
        raise Oversized(f"signed message of {len(token)} bytes; at most {LIMIT_BYTES} are allowed")
    head, payload, signature = _three_parts(token)
    _check_header(_unb64(head), kind)
    try:
        VerifyKey(key).verify(head + b"." + payload, _unb64(signature))
    except (BadSignatureError, ValueError):
        raise Unsigned("the signature is another one's", field="signature") from None
    return _unb64(payload)


def key_id(public_key: bytes) -> str:
    """Short name of a public key, for logs and for the token's header."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def public_key(seed: bytes) -> bytes:
    """The 32-byte public key that belongs to a 32-byte private seed."""
    return bytes(SigningKey(seed).verify_key)


def sign(message: Message, seed: bytes, kind: str) -> bytes:
    """A token of this kind."""
    key, header = _prepared(seed, kind)
    signed = header + b"." + _b64(encode(message))
    return signed + b"." + _b64(key.sign(signed).signature)


@lru_cache(maxsize=8)
def _prepared(seed: bytes, kind: str) -> tuple[SigningKey, bytes]:
    """What is the same for all messages of a kind; a station signs thousands of agendas in a row."""
    key = SigningKey(seed)
    header = {"alg": "EdDSA", "typ": kind, "kid": key_id(bytes(key.verify_key))}
    return key, _b64(json.dumps(header, separators=(",", ":")).encode())


def _head_lines(head: AuditHead, station: str) -> bytes:
    return f"loa-audit-head\n{station}\n{head.entry}\n{head.hash}\n".encode()


def _three_parts(token: bytes) -> tuple[bytes, bytes, bytes]:
    parts = token.split(b".")
    if len(parts) != 3 or not all(parts):
        raise Unsigned("not a signed message: a JWS has three parts")
    return parts[0], parts[1], parts[2]


def _check_header(raw: bytes, kind: str) -> None:
    try:
        header = msgspec.json.decode(raw, type=dict[str, object])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Unsigned("the header is not JSON", field="header") from None
    if header.get("alg") != "EdDSA" or header.get("typ") != kind or "crit" in header:
        raise Unsigned(f"the header does not announce an EdDSA-signed {kind}", field="header")


def _b64(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def _unb64(text: bytes) -> bytes:
    try:
        return base64.b64decode(text + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Unsigned("not base64url", field="token") from None
