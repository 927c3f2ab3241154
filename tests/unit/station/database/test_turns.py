"""Who writes without end lets others go first, and is not kept out for ever."""

import threading
import time
from pathlib import Path

import pytest

from broadcaster.station.database import turns
from broadcaster.station.database.turns import Turns


def test_who_gives_way_begins_after_whoever_is_at_it(tmp_path: Path) -> None:
    mine, other = Turns(tmp_path / "turns"), Turns(tmp_path / "turns")
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
    mine, other = Turns(tmp_path / "turns"), Turns(tmp_path / "turns")
    with mine.taken(gives_way=True), other.taken(gives_way=False), other.taken(gives_way=False):
        pass


def test_it_gives_way_for_a_bounded_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST_SECONDS", 0.05)
    began = time.monotonic()
    with Turns(tmp_path / "turns").taken(gives_way=False), Turns(tmp_path / "turns").taken(gives_way=True):
        assert time.monotonic() - began >= 0.05


def test_where_no_file_can_be_had_the_transaction_goes_on_all_the_same(tmp_path: Path) -> None:
    with Turns(tmp_path / "nowhere" / "turns").taken(gives_way=True), Turns(None).taken(gives_way=False):
        pass
