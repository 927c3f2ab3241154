"""A card's refusals in plain words."""

import errno
import os
import sqlite3

import pytest

from speaker_node.memory.card_errors import card_cause


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "thẻ đã đầy"),
        (errno.EROFS, "thẻ chỉ còn đọc được"),
        (errno.EIO, "thẻ đọc ghi bị lỗi"),
        (errno.ENODEV, "No such device"),
    ],
)
def test_what_the_kernel_refuses_is_said_in_plain_words(number: int, words: str) -> None:
    assert card_cause(OSError(number, os.strerror(number))) == words


def test_what_sqlite_refuses_is_said_in_plain_words() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE page (content BLOB)")
    connection.execute("PRAGMA max_page_count = 2")
    with pytest.raises(sqlite3.OperationalError) as full:
        connection.execute("INSERT INTO page VALUES (zeroblob(100000))")
    connection.execute("PRAGMA query_only = ON")
    with pytest.raises(sqlite3.OperationalError) as read_only:
        connection.execute("DELETE FROM page")
    connection.close()
    assert (card_cause(full.value), card_cause(read_only.value)) == ("thẻ đã đầy", "thẻ chỉ còn đọc được")
    assert card_cause(sqlite3.DatabaseError("database disk image is malformed")) == "database disk image is malformed"
