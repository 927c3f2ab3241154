"""The body of the node, read from a board made of files."""

from pathlib import Path

import pytest

from broadcaster.protocol.reasons import TroubleCode
from speaker_node.body.health import Health
from speaker_node.errors import StorageFault
from speaker_node.memory.connection_numbers import BLOCK, ConnectionNumbers
from speaker_node.memory.database import LedgerDatabase


@pytest.fixture
def board(tmp_path: Path) -> Health:
    for name in ("sys", "proc", "data"):
        (tmp_path / name).mkdir()
    return Health(tmp_path / "data", sys=tmp_path / "sys", proc=tmp_path / "proc")


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_what_a_machine_does_not_have_is_not_reported(board: Health) -> None:
    health = board.read(bytes_this_month=7)
    assert (health.temperature_celsius, health.under_voltage, health.uptime_seconds) == (None, None, None)
    assert health.bytes_this_month == 7
    assert health.free_bytes


def test_a_pi_reports_heat_sagging_supply_and_uptime(board: Health, tmp_path: Path) -> None:
    _put(tmp_path / "sys/class/thermal/thermal_zone0/temp", "71234\n")
    _put(tmp_path / "sys/class/hwmon/hwmon1/in0_lcrit_alarm", "1\n")
    _put(tmp_path / "proc/uptime", "123.45 67.8\n")
    health = board.read(bytes_this_month=0)
    assert (health.temperature_celsius, health.under_voltage, health.uptime_seconds) == (71.2, True, 123)


def test_a_refusal_of_the_card_is_reported(board: Health) -> None:
    board.storage_fault = StorageFault(TroubleCode.FILE_NOT_WRITTEN, file="agenda.jws", cause="read_only")
    assert board.read(bytes_this_month=0).storage_fault == TroubleCode.FILE_NOT_WRITTEN


def test_connection_numbers_rise_across_power_cuts_and_beyond_one_block(database: LedgerDatabase) -> None:
    seen = [ConnectionNumbers(database).next() for _ in range(3)]
    numbers = ConnectionNumbers(database)
    for _ in range(3 * BLOCK):
        seen.append(numbers.next())
        numbers.reserve()
    seen.append(ConnectionNumbers(database).next())
    assert seen == sorted(set(seen))


def test_a_card_that_forgot_everything_gives_higher_numbers_than_before(
    database: LedgerDatabase, tmp_path: Path
) -> None:
    before = ConnectionNumbers(database, wall=lambda: 1_800_000_000.0).next()
    fresh = LedgerDatabase(tmp_path / "fresh.db", memory=tmp_path)
    assert ConnectionNumbers(fresh, wall=lambda: 1_800_090_000.0).next() > before
    fresh.close()


def test_a_board_in_1970_still_counts_upwards(database: LedgerDatabase) -> None:
    first = ConnectionNumbers(database, wall=lambda: 5.0).next()
    assert first < ConnectionNumbers(database, wall=lambda: 2.0).next()
