from datetime import UTC, datetime
from pathlib import Path

from broadcaster.speech.online.spending import Spending


def test_a_month_is_spent_and_the_next_begins_anew(tmp_path: Path) -> None:
    now = [datetime(2026, 12, 31, tzinfo=UTC)]
    spending = Spending(tmp_path / "s.json", most=100, clock=lambda: now[0])
    assert spending.spend("fpt", 60)
    assert not spending.spend("fpt", 41)
    assert spending.spend("fpt", 40)
    assert spending.spend("vbee", 100)
    assert (spending.spent("fpt"), spending.spent("vbee")) == (100, 100)
    now[0] = datetime(2027, 1, 1, tzinfo=UTC)
    assert spending.spent("fpt") == 0
    assert spending.spend("fpt", 100)


def test_two_processes_share_what_is_spent_and_none_is_no_limit(tmp_path: Path) -> None:
    one, two = (Spending(tmp_path / "s.json", most=0) for _ in range(2))
    assert all(each.spend("fpt", 1_000_000) for each in (one, two))
    assert one.spent("fpt") == 2_000_000


def test_a_file_spoiled_by_a_power_cut_begins_anew(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text('{"2026-12": {"fp')
    spending = Spending(tmp_path / "s.json", most=10)
    assert spending.spent("fpt") == 0
    assert spending.spend("fpt", 10)
    assert not spending.spend("fpt", 1)
