"""A rule as an officer reads it."""

from typing import Any

import pytest

from broadcaster.refusals.sentences import sentence
from scheduler.rule_words import days_in_words


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({}, "hằng ngày"),
        ({"weekdays": [0, 6]}, "thứ Hai, Chủ nhật"),
        ({"kind": "monthly", "days": [1, -1]}, "hằng tháng: ngày 1, ngày cuối tháng"),
        ({"kind": "monthly_weekday", "nth": -1, "weekday": 5}, "thứ Bảy cuối cùng của tháng"),
        ({"kind": "yearly", "month": 9, "day": 2}, "hằng năm: ngày 2 tháng 9"),
        ({"kind": "lunar_monthly", "days": [1, 15]}, "âm lịch hằng tháng: mùng 1, rằm"),
        ({"kind": "lunar_yearly", "month": 1, "day": 15}, "âm lịch hằng năm: rằm tháng Giêng"),
        ({"kind": "lunar_yearly", "month": 12, "day": 23}, "âm lịch hằng năm: ngày 23 tháng Chạp"),
        ({"weekdays": [0], "holidays": "skip"}, "thứ Hai, trừ ngày lễ"),
        ({"kind": "monthly"}, "quy tắc lặp không đọc được"),
    ],
)
def test_every_kind_has_words(rule: dict[str, Any], words: str) -> None:
    assert sentence(days_in_words(rule)) == words
