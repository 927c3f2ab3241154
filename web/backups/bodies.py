"""What programs send and are answered about backups."""

from datetime import datetime

from web.api.bodies import Answer, Request


class BackupPlace(Answer, frozen=True, kw_only=True):
    """place: without its password; good_at: of the last good backup there; copies: how many lie there.

    fault: why the last try did not succeed, in a sentence; null when it did.
    """

    place: str
    good_at: datetime | None
    copies: int
    size_bytes: int
    fault: str | None


class Backups(Answer, frozen=True, kw_only=True):
    """key_code: of the recovery key in force; waiting_code: of one printed and not confirmed.

    fault: why none could be made at all; damaged: files that are not as they should be.
    """

    tried_at: datetime | None
    good_at: datetime | None
    places: list[BackupPlace]
    fault: str | None
    damaged: list[str]
    key_code: str | None
    waiting_code: str | None
    ssh_key: str | None


class PrintedKey(Answer, frozen=True, kw_only=True):
    """secret: shown this once; code: to be said back when it is on paper."""

    secret: str
    code: str


class ConfirmKey(Request, frozen=True, kw_only=True):
    """code: what the paper says."""

    code: str
