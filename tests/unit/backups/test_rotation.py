"""Seven days, four weeks, twelve months: counted in what there is."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from broadcaster.backups.rotation import Copies, staying

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 30, 19, 30, tzinfo=UTC)


def nights(count: int) -> list[datetime]:
    return [NOW - timedelta(days=days) for days in range(count)]


def test_two_years_of_nights_leave_days_weeks_and_months() -> None:
    stays = staying(nights(730), zone=ZONE, copies=Copies())
    assert set(nights(7)) <= stays
    assert len(stays) <= 7 + 4 + 12
    assert len({(at.astimezone(ZONE).year, at.astimezone(ZONE).month) for at in stays}) == 12


def test_a_station_that_stood_still_for_months_loses_nothing() -> None:
    old = [at - timedelta(days=200) for at in nights(7)]
    assert staying(old, zone=ZONE, copies=Copies()) == set(old)
    assert set(old[:6]) <= staying([NOW, *old], zone=ZONE, copies=Copies())


def test_of_several_a_day_the_newest_stays() -> None:
    hours = [NOW - timedelta(hours=hour) for hour in range(3)]
    assert staying(hours, zone=ZONE, copies=Copies()) == {NOW}


def test_rotation_day_by_day_reaches_the_same_as_at_once() -> None:
    left: set[datetime] = set()
    for at in reversed(nights(400)):
        left = staying([*left, at], zone=ZONE, copies=Copies())
    assert set(nights(7)) <= left
    assert len({at.astimezone(ZONE).month for at in left}) == 12


def test_the_newest_stays_whatever_is_configured() -> None:
    assert staying(nights(3), zone=ZONE, copies=Copies(0, 0, 0)) == {NOW}
