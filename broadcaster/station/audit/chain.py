"""How an entry of the audit trail is sealed: a keyed hash over it and over the seal before. Pure.

Without the key nobody can make an entry that fits, nor a whole chain; with the key still nobody can make one that fits
the heads which nodes, reports and backups hold.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

FIRST = "0" * 64
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was done.

    at: when.
    by_id, by_name: who; None and "hệ thống" when nobody did.
    action: what, such as ``node.revoked``.
    subject: on what, such as ``node:lung-pang``.
    details: plain JSON values.
    address: from where it was asked: an IP address, or empty.
    """

    at: datetime
    by_id: str | None
    by_name: str
    action: str
    subject: str
    details: dict[str, Any] = field(default_factory=dict)
    address: str = ""


def seal(key: bytes, act: Act, *, number: int, previous: str) -> str:
    """HMAC-SHA256 in hex of the act at its place behind the seal ``previous``."""
    at = act.at.astimezone(UTC).isoformat(timespec="microseconds")
    content = [number, previous, at, act.by_id, act.by_name, act.action, act.subject, act.details, act.address]
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.digest(key, plain.encode(), "sha256").hex()


def derived_key(seed: bytes) -> bytes:
    """The chain's key out of the station's private seed (HKDF-SHA256 of RFC 5869 with one block): who has the
    database has neither."""
    extracted = hmac.digest(b"loa audit chain", seed, "sha256")
    return hmac.digest(extracted, b"1\x01", hashlib.sha256)
