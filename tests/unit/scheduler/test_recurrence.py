"""Recurrence, against an independent reference and at the calendar's edges."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.errors import Invalid
from scheduler.recurrence import parse

VIETNAM = "Asia/Ho_Chi_Minh"


def instants(rule: dict[str, Any], first: str, last: str, zone: str = VIETNAM, paused: date | None = None) -> list[str]:
    """Local times between two local dates, both included."""
    tz = ZoneInfo(zone)
    from_at = datetime.fromisoformat(first).replace(tzinfo=tz)
    until_at = datetime.fromisoformat(last).replace(tzinfo=tz) + timedelta(days=1)
    found = parse(rule, timezone=zone, paused_until_on=paused).starts(from_at=from_at, until_at=until_at)
    return [f"{at.astimezone(tz):%a %d/%m %H:%M}" for at in found]


def weekly(**rule: Any) -> dict[str, Any]:
    return {"weekdays": [0, 1, 2, 3, 4, 5, 6], "times": ["17:00"], **rule}


def test_a_slot_recurs_on_its_weekdays_at_each_of_its_times() -> None:
    rule = weekly(weekdays=[0, 5], times=["17:00", "05:00"])
    assert instants(rule, "2026-11-16", "2026-11-22") == [
        "Mon 16/11 05:00", "Mon 16/11 17:00", "Sat 21/11 05:00", "Sat 21/11 17:00"
    ]  # fmt: skip


def test_sunday_plays() -> None:
    assert instants(weekly(weekdays=[6]), "2026-11-16", "2026-11-22") == ["Sun 22/11 17:00"]


def test_the_first_and_the_last_day_of_a_range_are_included() -> None:
    rule = weekly(first_on="2026-11-20", last_on="2026-11-22")
    assert instants(rule, "2026-11-01", "2026-11-30") == ["Fri 20/11 17:00", "Sat 21/11 17:00", "Sun 22/11 17:00"]


def test_excepted_dates_are_left_out() -> None:
    rule = weekly(except_on=["2026-11-21"])
    assert instants(rule, "2026-11-20", "2026-11-22") == ["Fri 20/11 17:00", "Sun 22/11 17:00"]


def test_a_pause_ends_after_its_last_day() -> None:
    found = instants(weekly(), "2026-11-20", "2026-11-22", paused=date(2026, 11, 21))
    assert found == ["Sun 22/11 17:00"]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"kind": "monthly", "days": [1, 15], "times": ["05:00"]}, ["01/02", "15/02", "01/03", "15/03"]),
        ({"kind": "monthly", "days": [-1], "times": ["05:00"]}, ["28/02", "31/03"]),
        ({"kind": "monthly", "days": [31], "times": ["05:00"]}, ["31/03"]),
        ({"kind": "monthly_weekday", "nth": 1, "weekday": 0, "times": ["05:00"]}, ["02/02", "02/03"]),
        ({"kind": "monthly_weekday", "nth": 5, "weekday": 6, "times": ["05:00"]}, ["29/03"]),
        ({"kind": "monthly_weekday", "nth": -1, "weekday": 5, "times": ["05:00"]}, ["28/02", "28/03"]),
        ({"kind": "yearly", "month": 3, "day": 8, "times": ["05:00"]}, ["08/03"]),
    ],
)
def test_other_kinds_recur_by_month_and_year(rule: dict[str, Any], expected: list[str]) -> None:
    assert [each.split()[1] for each in instants(rule, "2026-02-01", "2026-03-31")] == expected


def test_the_29th_of_february_recurs_in_leap_years_only() -> None:
    rule = {"kind": "yearly", "month": 2, "day": 29, "times": ["05:00"]}
    assert instants(rule, "2026-01-01", "2032-12-31") == ["Tue 29/02 05:00", "Sun 29/02 05:00"]


def test_a_time_the_clocks_skip_in_spring_still_happens_once() -> None:
    rule = weekly(times=["02:30"])
    assert instants(rule, "2026-03-28", "2026-03-30", "Europe/Berlin") == [
        "Sat 28/03 02:30", "Sun 29/03 03:30", "Mon 30/03 02:30"
    ]  # fmt: skip


def test_two_times_that_become_one_instant_in_spring_happen_once() -> None:
    rule = weekly(times=["02:30", "03:30"])
    assert instants(rule, "2026-03-29", "2026-03-29", "Europe/Berlin") == ["Sun 29/03 03:30"]


def test_a_time_that_comes_twice_in_autumn_happens_once() -> None:
    found = list(
        parse(weekly(times=["02:30"]), timezone="Europe/Berlin").starts(
            from_at=datetime(2026, 10, 24, 22, tzinfo=UTC), until_at=datetime(2026, 10, 25, 22, tzinfo=UTC)
        )
    )
    assert found == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]


def test_a_zone_that_skipped_a_whole_day_keeps_its_instants_ascending_and_distinct() -> None:
    found = list(
        parse(weekly(), timezone="Pacific/Apia").starts(
            from_at=datetime(2011, 12, 28, tzinfo=UTC), until_at=datetime(2012, 1, 3, tzinfo=UTC)
        )
    )
    assert found == sorted(set(found))


def dates(rule: dict[str, Any], first: str, last: str) -> list[str]:
    return [each.split()[1] for each in instants({"times": ["05:00"], **rule}, first, last)]


def test_the_first_and_the_fifteenth_of_the_lunar_month_recur_leap_months_included() -> None:
    rule = {"kind": "lunar_monthly", "days": [1, 15]}
    assert dates(rule, "2025-06-20", "2025-08-31") == ["25/06", "09/07", "25/07", "08/08", "23/08"]


def test_the_last_day_of_a_lunar_month_is_the_29th_or_the_30th() -> None:
    assert dates({"kind": "lunar_monthly", "days": [-1]}, "2026-01-15", "2026-03-20") == ["18/01", "16/02", "18/03"]


def test_a_lunar_date_of_the_year_recurs_once_a_year() -> None:
    rule = {"kind": "lunar_yearly", "month": 6, "day": 1}
    assert dates(rule, "2024-01-01", "2026-12-31") == ["06/07", "25/06", "14/07"]


def test_the_eve_of_the_lunar_new_year_is_found_in_short_and_in_long_months() -> None:
    rule = {"kind": "lunar_yearly", "month": 12, "day": -1}
    assert dates(rule, "2025-01-01", "2027-12-31") == ["28/01", "16/02", "05/02"]


def test_a_single_date_may_have_times_of_its_own() -> None:
    rule = weekly(times_on={"2026-11-21": ["07:00", "19:00"]})
    found = instants(rule, "2026-11-20", "2026-11-22")
    assert found == ["Fri 20/11 17:00", "Sat 21/11 07:00", "Sat 21/11 19:00", "Sun 22/11 17:00"]


def test_a_date_is_moved_to_a_day_the_rule_does_not_fall_on() -> None:
    rule = weekly(weekdays=[5], except_on=["2026-11-21"], times_on={"2026-11-22": ["18:00"]})
    assert instants(rule, "2026-11-14", "2026-11-28") == ["Sat 14/11 17:00", "Sun 22/11 18:00", "Sat 28/11 17:00"]


@pytest.mark.parametrize(
    ("holidays", "expected"),
    [("play", ["30/04", "01/05", "02/05"]), ("skip", ["02/05"]), ("only", ["30/04", "01/05"])],
)
def test_public_holidays_are_played_skipped_or_the_only_days(holidays: str, expected: list[str]) -> None:
    assert dates(weekly(holidays=holidays), "2026-04-30", "2026-05-02") == expected


def test_lunar_holidays_are_holidays() -> None:
    assert dates(weekly(holidays="only"), "2026-02-01", "2026-04-30") == [
        "16/02", "17/02", "18/02", "19/02", "26/04", "30/04"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "lunar_monthly", "days": [31], "times": ["05:00"]},
        {"kind": "lunar_yearly", "month": 13, "day": 1, "times": ["05:00"]},
        {"kind": "monthly", "days": [0], "times": ["05:00"]},
        weekly(holidays="sometimes"),
        weekly(times_on=["2026-11-21"]),
        {"weekdays": [0]},
        weekly(times=["25:00"]),
        weekly(kind="hourly"),
        weekly(first_on="soon"),
        {"kind": "monthly", "times": ["05:00"]},
    ],
)
def test_a_rule_that_cannot_be_read_is_refused(rule: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as caught:
        parse(rule, timezone=VIETNAM)
    assert caught.value.field == "rule"


DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
ZONES = st.sampled_from([VIETNAM, "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
WEEKDAYS = st.sets(st.integers(0, 6), min_size=1)
TIMES = st.sets(st.times().map(lambda each: each.replace(second=0, microsecond=0)), min_size=1, max_size=3)


@settings(deadline=None, max_examples=40)
@given(WEEKDAYS, TIMES, ZONES, DAYS, st.integers(1, 800), st.integers(0, 400), st.sets(st.integers(0, 800), max_size=5))
def test_weekly_recurrence_agrees_with_dateutil_over_years(
    weekdays: set[int], times: set[time], zone: str, first: date, length: int, start: int, skipped: set[int]
) -> None:
    tz = ZoneInfo(zone)
    last, excepted = first + timedelta(days=length), {first + timedelta(days=each) for each in skipped}
    from_at = datetime.combine(first + timedelta(days=start), time(12), UTC)
    until_at = from_at + timedelta(days=200)
    expected = set()
    for each in times:
        naive = rrule.rrule(
            rrule.WEEKLY,
            dtstart=datetime.combine(first, each),
            until=datetime.combine(last, each),
            byweekday=sorted(weekdays),
        )
        expected |= {at.replace(tzinfo=tz).astimezone(UTC) for at in naive if at.date() not in excepted}
    rule = {
        "weekdays": sorted(weekdays),
        "times": [f"{each:%H:%M}" for each in times],
        "first_on": first.isoformat(),
        "last_on": last.isoformat(),
        "except_on": [each.isoformat() for each in excepted],
    }
    found = list(parse(rule, timezone=zone).starts(from_at=from_at, until_at=until_at))
    assert found == sorted(at for at in expected if from_at <= at < until_at)


MONTH_RULES = st.one_of(
    st.sets(st.integers(1, 31) | st.integers(-31, -1), min_size=1, max_size=4).map(
        lambda days: ({"kind": "monthly", "days": sorted(days)}, {"freq": rrule.MONTHLY, "bymonthday": sorted(days)})
    ),
    st.tuples(st.sampled_from([1, 2, 3, 4, 5, -1, -2]), st.integers(0, 6)).map(
        lambda pair: (
            {"kind": "monthly_weekday", "nth": pair[0], "weekday": pair[1]},
            {"freq": rrule.MONTHLY, "byweekday": rrule.weekday(pair[1], pair[0])},
        )
    ),
    DAYS.map(
        lambda day: (
            {"kind": "yearly", "month": day.month, "day": day.day},
            {"freq": rrule.YEARLY, "bymonth": day.month, "bymonthday": day.day},
        )
    ),
)


@settings(deadline=None, max_examples=40)
@given(MONTH_RULES, DAYS)
def test_monthly_and_yearly_recurrence_agree_with_dateutil(
    rules: tuple[dict[str, Any], dict[str, Any]], day: date
) -> None:
    ours, reference = rules
    from_at, until_at = datetime.combine(day, time(), UTC), datetime.combine(day + timedelta(days=700), time(), UTC)
    found = list(parse({**ours, "times": ["05:00"]}, timezone="UTC").starts(from_at=from_at, until_at=until_at))
    naive = rrule.rrule(dtstart=datetime.combine(day, time(5)), **reference)
    expected = naive.between(from_at.replace(tzinfo=None), until_at.replace(tzinfo=None), inc=True)
    assert [at.replace(tzinfo=None) for at in found] == [at for at in expected if at < until_at.replace(tzinfo=None)]
