"""The tokens of the commune's official account at Zalo, sealed in one row."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec
from sqlalchemy.orm import Session

from broadcaster.errors import Unavailable
from broadcaster.station.notices.sealing import Sealer
from broadcaster.station.rows import settings
from broadcaster.station.rows.inserting import put
from broadcaster.station.schema import Setting

_ROW = "notices_official_account"
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class AccountTokens:
    """access: what messages are sent with, until ``expires_at``; refresh: worth one renewal.

    first: what the operator wrote into the configuration when these were made; another one begins anew.
    """

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime
    first: str = field(repr=False)


def read(s: Session, sealer: Sealer, *, first: str) -> AccountTokens:
    """The newest ones; nothing but the operator's own where there are none of it yet."""
    sealed = settings.read(s, _ROW)
    try:
        known = msgspec.json.decode(sealer.open(sealed), type=AccountTokens) if sealed else None
    except (Unavailable, msgspec.DecodeError):
        known = None
    return known if known is not None and known.first == first else AccountTokens("", first, _NEVER, first)


def write(s: Session, sealer: Sealer, tokens: AccountTokens) -> None:
    put(s, Setting, {"key": _ROW, "value": sealer.seal(msgspec.json.encode(tokens).decode())}, key="key")
