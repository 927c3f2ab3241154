"""Why a card refused, as a code where we have one."""

import errno
import sqlite3

from broadcaster.protocol.reasons import CardCause

_OF_THE_KERNEL = {
    errno.ENOSPC: CardCause.FULL,
    errno.EDQUOT: CardCause.FULL,
    errno.EROFS: CardCause.READ_ONLY,
    errno.EIO: CardCause.FAULTY,
}
_OF_SQLITE = {
    sqlite3.SQLITE_FULL: CardCause.FULL,
    sqlite3.SQLITE_READONLY: CardCause.READ_ONLY,
    sqlite3.SQLITE_IOERR: CardCause.FAULTY,
    sqlite3.SQLITE_CANTOPEN: CardCause.NOT_OPENED,
}
_PRIMARY = 0xFF
"""SQLite's extended codes carry the plain one in their lowest byte."""


def card_cause(error: OSError | sqlite3.Error) -> str:
    """A ``CardCause``; the error's own words where there is none for it."""
    if isinstance(error, OSError):
        return _OF_THE_KERNEL.get(error.errno or 0) or error.strerror or str(error)
    code: int = getattr(error, "sqlite_errorcode", 0)
    return _OF_SQLITE.get(code & _PRIMARY) or str(error)
