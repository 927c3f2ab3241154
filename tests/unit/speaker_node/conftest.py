"""A fresh database in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from speaker_node.memory.database import LedgerDatabase


@pytest.fixture
def database(tmp_path: Path) -> Iterator[LedgerDatabase]:
    opened = LedgerDatabase(tmp_path / "ledger.db", memory=tmp_path)
    yield opened
    opened.close()
