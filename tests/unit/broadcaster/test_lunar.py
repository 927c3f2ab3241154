"""The lunar calendar against published almanacs and against itself.

Every month of 2020–2035 is held against two tables (``tests/data/lunar/months.tsv`` names them): Hồ Ngọc Đức's for
Vietnam, and the Hong Kong Observatory's for China, from which ours differs only by its hour: 2030 begins a day earlier.
"""

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from broadcaster import lunar
from broadcaster.lunar import lunar_date, year_name

MONTHS = Path(__file__).parents[2] / "data" / "lunar" / "months.tsv"

NEW_YEARS = {
    2020: "2020-01-25", 2021: "2021-02-12", 2022: "2022-02-01", 2023: "2023-01-22", 2024: "2024-02-10",
    2025: "2025-01-29", 2026: "2026-02-17", 2027: "2027-02-06", 2028: "2028-01-26", 2029: "2029-02-13",
    2030: "2030-02-02", 2031: "2031-01-23", 2032: "2032-02-11", 2033: "2033-01-31", 2034: "2034-02-19",
    2035: "2035-02-08",
}  # fmt: skip
LEAP_MONTHS = {2020: 4, 2023: 2, 2025: 6, 2028: 5, 2031: 3, 2033: 11}
YEAR_NAMES = {
    2020: "Canh Tý", 2023: "Quý Mão", 2024: "Giáp Thìn", 2025: "Ất Tỵ", 2026: "Bính Ngọ", 2027: "Đinh Mùi",
    2028: "Mậu Thân", 2031: "Tân Hợi", 2032: "Nhâm Tý", 2033: "Quý Sửu", 2035: "Ất Mão",
}  # fmt: skip


def days_of(first: int, last: int) -> list[date]:
    count = (date(last + 1, 1, 1) - date(first, 1, 1)).days
    return [date(first, 1, 1) + timedelta(days=each) for each in range(count)]


def published() -> list[tuple[int, int, bool, date, date]]:
    """Year, month, leap, first day in Vietnam, first day in China."""
    lines = (line.split("\t") for line in MONTHS.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    rows = [row for row in lines if row[0] != "year"]
    return [(int(y), int(m), leap == "1", date.fromisoformat(v), date.fromisoformat(c)) for y, m, leap, v, c in rows]


def test_every_day_of_every_month_is_that_of_the_vietnamese_table() -> None:
    months = published()
    assert len(months) == 16 * 12 + len(LEAP_MONTHS)
    for (year, month, leap, first, _), (*_, after, _) in pairwise(months):
        for day in range((after - first).days):
            found = lunar_date(first + timedelta(days=day))
            assert (found.year, found.month, found.leap, found.day) == (year, month, leap, day + 1)


def test_it_differs_from_the_chinese_table_by_one_day_and_only_where_the_new_moon_is_in_the_last_hour_of_ours() -> None:
    differing = {vietnam: (china - vietnam).days for *_, vietnam, china in published() if vietnam != china}
    last_hour = {first for *_, first, _ in published() if 23 / 24 <= _new_moon_hour(first) < 1}
    assert set(differing.values()) == {1}
    assert set(differing) == last_hour
    assert {day.year for day in differing} == {2020, 2030, 2031, 2032, 2034}


def _new_moon_hour(first: date) -> float:
    """Part of the day, at UTC+7, that has gone by when the moon that begins this month is new."""
    lunation = round((first - date(2000, 1, 6)).days / lunar._LUNATION_DAYS)
    instant = lunar._new_moon(lunation) - lunar._CLOCK_DAYS + lunar._ZONE_DAYS + 0.5
    return instant % 1


@pytest.mark.parametrize(("year", "day"), NEW_YEARS.items())
def test_the_new_year_is_that_of_the_almanac(year: int, day: str) -> None:
    new_year = lunar_date(date.fromisoformat(day))
    assert (new_year.day, new_year.month, new_year.year, new_year.leap) == (1, 1, year, False)
    assert lunar_date(date.fromisoformat(day) - timedelta(days=1)).month == 12


def test_leap_months_are_those_of_the_almanac_and_no_others() -> None:
    found = {lunar_date(day).year: lunar_date(day).month for day in days_of(2020, 2035) if lunar_date(day).leap}
    assert found == LEAP_MONTHS


@pytest.mark.parametrize(
    ("solar", "lunar"),
    [
        ("2026-11-21", (13, 10, 2026)),
        ("2026-09-25", (15, 8, 2026)),
        ("2026-04-26", (10, 3, 2026)),
        ("2025-07-25", (1, 6, 2025)),
        ("2033-12-22", (1, 11, 2033)),
    ],
)
def test_single_dates_are_those_of_the_almanac(solar: str, lunar: tuple[int, int, int]) -> None:
    found = lunar_date(date.fromisoformat(solar))
    assert (found.day, found.month, found.year) == lunar


@pytest.mark.parametrize(("year", "name"), YEAR_NAMES.items())
def test_years_have_their_names(year: int, name: str) -> None:
    assert year_name(year) == name


def test_days_follow_one_another_and_months_have_29_or_30() -> None:
    before = lunar_date(date(1999, 12, 31))
    for day in days_of(2000, 2060):
        now = lunar_date(day)
        assert now.length in (29, 30)
        if now.day == 1:
            assert before.day == before.length
            assert now.month - before.month in ((0,) if now.leap else (1, -11))
        else:
            assert (now.day - 1, now.month, now.year, now.leap) == (before.day, before.month, before.year, before.leap)
        before = now


def test_a_date_the_formulas_were_not_checked_for_is_refused() -> None:
    with pytest.raises(ValueError, match="1899"):
        lunar_date(date(1899, 12, 31))
