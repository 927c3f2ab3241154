"""Who writes without end lets others go first, and is not kept out for ever."""

import threading
import time
from pathlib import Path

import pytest

from broadcaster.station.database import write_queue
from broadcaster.station.database.write_queue import WriteQueue


def test_who_gives_way_begins_after_whoever_is_at_it(tmp_path: Path) -> None:
    mine, other = WriteQueue(tmp_path / "turns"), WriteQueue(tmp_path / "turns")
    order: list[str] = []

    def give_way() -> None:
        with mine.taken(gives_way=True):
            order.append("second")

    with other.taken(gives_way=False):
        thread = threading.Thread(target=give_way)
        thread.start()
        thread.join(0.05)
        order.append("first")
    thread.join(5)
    assert order == ["first", "second"]


def test_it_keeps_nobody_waiting_while_it_writes(tmp_path: Path) -> None:
    mine, other = WriteQueue(tmp_path / "turns"), WriteQueue(tmp_path / "turns")
    with mine.taken(gives_way=True), other.taken(gives_way=False), other.taken(gives_way=False):
        pass


def test_it_gives_way_for_a_bounded_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_queue, "LONGEST_SECONDS", 0.05)
    began = time.monotonic()
    with WriteQueue(tmp_path / "turns").taken(gives_way=False), WriteQueue(tmp_path / "turns").taken(gives_way=True):
        assert time.monotonic() - began >= 0.05


def test_where_no_file_can_be_had_the_transaction_goes_on_all_the_same(tmp_path: Path) -> None:
    with WriteQueue(tmp_path / "nowhere" / "turns").taken(gives_way=True), WriteQueue(None).taken(gives_way=False):
        pass
