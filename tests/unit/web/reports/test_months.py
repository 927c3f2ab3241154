"""The months of a report."""

import pytest

from web.reports.pages import ReportQuery, month_of


@pytest.mark.parametrize(
    ("month", "before", "after"), [("2026-01", "2025-12", "2026-02"), ("2026-12", "2026-11", "2027-01")]
)
def test_months_follow_each_other_over_the_year(month: str, before: str, after: str) -> None:
    asked = ReportQuery(month_of(month))
    assert (f"{asked.before_on:%Y-%m}", f"{asked.next_on:%Y-%m}") == (before, after)
