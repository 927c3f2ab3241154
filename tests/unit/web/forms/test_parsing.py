"""What people type, read; and refused by the name of the field."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from broadcaster.errors import Invalid
from web.forms import parsing

HOME = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.mark.parametrize(("typed", "meant"), [("50.000đ", 50_000), ("50,000 VNĐ", 50_000), ("", None)])
def test_a_sum_is_read_with_or_without_marks(typed: str, meant: int | None) -> None:
    assert parsing.dong(typed, field="amount") == meant


@pytest.mark.parametrize(("typed", "meant"), [("5h", "05:00"), ("5g30", "05:30"), ("17:05", "17:05"), ("mai", "mai")])
def test_a_time_is_read_as_people_write_it(typed: str, meant: str) -> None:
    assert parsing.written_clock(typed) == meant


@pytest.mark.parametrize("typed", ["25/12/2026", "25-12-2026", "25.12.2026", "2026-12-25"])
def test_a_day_is_read_as_people_and_programs_write_it(typed: str) -> None:
    assert parsing.written_day(typed, field="day") == date(2026, 12, 25)


def test_a_day_ends_a_second_before_the_next_in_the_commune() -> None:
    assert parsing.end_of_day("2026-12-25", HOME, field="day") == datetime(2026, 12, 25, 23, 59, 59, tzinfo=HOME)


def test_nothing_typed_is_nothing_or_what_stands_for_it() -> None:
    assert parsing.day(" ", field="day") is None
    assert parsing.moment("", HOME, field="at") is None
    assert parsing.sent_instant("", field="at") is None
    assert parsing.number_or("", field="volume", empty=100) == 100


@pytest.mark.parametrize(
    "read",
    [
        lambda: parsing.whole_number("mười", field="x"),
        lambda: parsing.number_or("1.5", field="x", empty=0),
        lambda: parsing.chosen_number("", field="x"),
        lambda: parsing.dong("nhiều", field="x"),
        lambda: parsing.day("2026-02-30", field="x"),
        lambda: parsing.day("0001-01-01", field="x"),
        lambda: parsing.written_day("", field="x"),
        lambda: parsing.moment("2026-12-25", HOME, field="x") and parsing.moment("hôm nay", HOME, field="x"),
        lambda: parsing.sent_instant("2026-12-25T05:00", field="x"),
        lambda: parsing.minute_of_day("25:00", field="x"),
    ],
)
def test_what_means_nothing_is_refused_by_the_name_of_its_field(read: Callable[[], object]) -> None:
    with pytest.raises(Invalid) as refused:
        read()
    assert refused.value.field == "x"


def test_at_least_one_zone_is_ticked() -> None:
    assert parsing.ticked_zones(["a", "b"]) == ["a", "b"]
    with pytest.raises(Invalid) as refused:
        parsing.ticked_zones([])
    assert refused.value.field == "zones"
