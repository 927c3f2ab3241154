"""Secrets in rows, sealed with a key that lies beside the database and not in it; and the key browsers know us by.

Both are derived of the station's private seed: whoever restores the station has them again.
"""

import hashlib
import hmac
from base64 import b64decode, b64encode, urlsafe_b64encode
from functools import cached_property

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from broadcaster.errors import Unavailable

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve P-256."""


class Sealer:
    """``seed``: the station's private key, 32 bytes."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._box = SecretBox(_derived(seed, b"loa sealed secrets"))

    def seal(self, text: str) -> str:
        """The text as it may lie in a row."""
        return b64encode(bytes(self._box.encrypt(text.encode()))).decode()

    def open(self, sealed: str) -> str:
        """The text that was sealed. Raises Unavailable for what another station sealed."""
        try:
            return bytes(self._box.decrypt(b64decode(sealed))).decode()
        except (CryptoError, ValueError):
            raise Unavailable("notice.sealed_elsewhere") from None

    @cached_property
    def push_key(self) -> ec.EllipticCurvePrivateKey:
        """What messages to browsers are signed with (VAPID, RFC 8292)."""
        number = int.from_bytes(_derived(self._seed, b"loa web push"), "big") % (_ORDER - 1) + 1
        return ec.derive_private_key(number, ec.SECP256R1())

    @cached_property
    def push_public_key(self) -> str:
        """The same as browsers want it when they subscribe: base64url without padding."""
        point = self.push_key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return urlsafe_b64encode(point).decode().rstrip("=")


def _derived(seed: bytes, purpose: bytes) -> bytes:
    """HKDF-SHA256 of RFC 5869 with one block."""
    return hmac.digest(hmac.digest(purpose, seed, "sha256"), b"1\x01", hashlib.sha256)
