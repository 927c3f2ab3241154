"""Why a card refused, in words for whoever looks after the node."""

import errno
import sqlite3

_FULL = "thẻ đã đầy"
_READ_ONLY = "thẻ chỉ còn đọc được"
_FAULTY = "thẻ đọc ghi bị lỗi"
_OF_THE_KERNEL = {errno.ENOSPC: _FULL, errno.EDQUOT: _FULL, errno.EROFS: _READ_ONLY, errno.EIO: _FAULTY}
_OF_SQLITE = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_IOERR: _FAULTY,
    sqlite3.SQLITE_CANTOPEN: "không mở được tệp",
}
_PRIMARY = 0xFF
"""SQLite's extended codes carry the plain one in their lowest byte."""


def card_cause(error: OSError | sqlite3.Error) -> str:
    """A few words; the error's own where we have none."""
    if isinstance(error, OSError):
        return _OF_THE_KERNEL.get(error.errno or 0) or error.strerror or str(error)
    code: int = getattr(error, "sqlite_errorcode", 0)
    return _OF_SQLITE.get(code & _PRIMARY) or str(error)
