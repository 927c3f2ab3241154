"""Why a card refused, as a code that has words in every language."""

import errno
import os
import sqlite3

import pytest

from speaker_node.memory.card_errors import card_cause


@pytest.mark.parametrize(
    ("number", "cause"),
    [
        (errno.ENOSPC, "full"),
        (errno.EROFS, "read_only"),
        (errno.EIO, "faulty"),
        (errno.ENODEV, "No such device"),
    ],
)
def test_what_the_kernel_refuses_has_a_code(number: int, cause: str) -> None:
    assert card_cause(OSError(number, os.strerror(number))) == cause


def test_what_sqlite_refuses_has_a_code() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE page (content BLOB)")
    connection.execute("PRAGMA max_page_count = 2")
    with pytest.raises(sqlite3.OperationalError) as full:
        connection.execute("INSERT INTO page VALUES (zeroblob(100000))")
    connection.execute("PRAGMA query_only = ON")
    with pytest.raises(sqlite3.OperationalError) as read_only:
        connection.execute("DELETE FROM page")
    connection.close()
    assert (card_cause(full.value), card_cause(read_only.value)) == ("full", "read_only")
    assert card_cause(sqlite3.DatabaseError("database disk image is malformed")) == "database disk image is malformed"
