"""Quiet hours at their edges."""

from datetime import UTC, datetime, timedelta

import pytest

from broadcaster.protocol.agenda import Policy, QuietHours
from speaker_node.deciding.quiet import is_quiet, touches_quiet

NIGHT = Policy(quiet_hours=(QuietHours(from_minute=21 * 60, to_minute=5 * 60),))
NOON_REST = Policy(quiet_hours=(QuietHours(from_minute=690, to_minute=780),))


def _vietnam(hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 3, 2, hour, minute, second, tzinfo=UTC) - timedelta(hours=7)


@pytest.mark.parametrize(
    ("hour", "minute", "second", "quiet"),
    [(20, 59, 59, False), (21, 0, 0, True), (23, 59, 59, True), (0, 0, 0, True), (4, 59, 59, True), (5, 0, 0, False)],
)
def test_a_stretch_past_midnight_includes_its_beginning_and_not_its_end(
    hour: int, minute: int, second: int, quiet: bool
) -> None:
    assert is_quiet(NIGHT, _vietnam(hour, minute, second)) is quiet


def test_a_stretch_within_a_day() -> None:
    assert not is_quiet(NOON_REST, _vietnam(11, 29))
    assert is_quiet(NOON_REST, _vietnam(11, 30))
    assert not is_quiet(NOON_REST, _vietnam(13))


def test_a_play_touches_quiet_when_any_moment_of_it_does() -> None:
    assert not touches_quiet(NIGHT, _vietnam(20, 50), _vietnam(21))
    assert touches_quiet(NIGHT, _vietnam(20, 50), _vietnam(21, 0, 1))
    assert touches_quiet(NIGHT, _vietnam(4, 59, 59), _vietnam(5, 10))
    assert not touches_quiet(NIGHT, _vietnam(5), _vietnam(5, 10))
    assert touches_quiet(NIGHT, _vietnam(6), _vietnam(6) + timedelta(hours=20))


def test_without_quiet_hours_nothing_is_quiet() -> None:
    assert not touches_quiet(Policy(), _vietnam(0), _vietnam(23))


def test_an_unknown_zone_is_read_as_vietnams() -> None:
    odd = Policy(timezone="Sao/Hoa", quiet_hours=NIGHT.quiet_hours)
    assert is_quiet(odd, _vietnam(22))
