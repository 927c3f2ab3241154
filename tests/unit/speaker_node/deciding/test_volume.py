"""A node is never louder than its commune allows in this hour, except for a real emergency."""

from datetime import timedelta

import pytest

from broadcaster.protocol.agenda import AgendaItem, Policy
from broadcaster.protocol.values import BroadcastClass, ClockState
from speaker_node.clock.reading import TimeReading
from speaker_node.deciding.volume import allowed_percent
from tests.unit.speaker_node.situations import item, reading

HOURS = tuple(range(24))
"""In hour 12 at most 12 percent."""
POLICY = Policy(volume_percent=90, volume_profile=HOURS)


def later(hours: float) -> TimeReading:
    return reading(timedelta(hours=hours).total_seconds())


@pytest.mark.parametrize(("hours", "percent"), [(0, 12), (0.999, 12), (1, 13), (11.999, 23), (12, 0), (-0.001, 11)])
def test_the_hour_is_that_of_the_communes_clocks(hours: float, percent: int) -> None:
    assert allowed_percent(POLICY, later(hours), item("a", 0)) == percent


def test_the_hours_of_another_zone_are_its_own() -> None:
    assert allowed_percent(Policy(timezone="UTC", volume_profile=HOURS), later(0), None) == 5


def test_the_lower_of_hour_and_node_counts() -> None:
    assert allowed_percent(Policy(volume_percent=7, volume_profile=HOURS), later(0), None) == 7


@pytest.mark.parametrize(
    ("what", "percent"),
    [
        (item("a", 0, kind=BroadcastClass.EMERGENCY), 90),
        (item("a", 0, kind=BroadcastClass.EMERGENCY, drill=True), 12),
        (item("a", 0, kind=BroadcastClass.PRIORITY), 12),
    ],
)
def test_only_a_real_emergency_is_as_loud_as_the_node_may_ever_be(what: AgendaItem, percent: int) -> None:
    assert allowed_percent(POLICY, later(0), what) == percent


def test_hours_bind_nothing_while_the_hour_is_unknown() -> None:
    assert allowed_percent(POLICY, reading(0, state=ClockState.UNSYNCED), item("a", 0, live=True)) == 90
