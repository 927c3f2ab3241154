"""A slot's rule as an officer reads it: on which days, in Vietnamese. Pure."""

from collections.abc import Mapping
from typing import Any

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_NTH = {1: "đầu tiên", 2: "thứ hai", 3: "thứ ba", 4: "thứ tư", 5: "thứ năm", -1: "cuối cùng"}


def days_in_words(rule: Mapping[str, Any]) -> str:
    """``mùng 1, rằm âm lịch hằng tháng``; a rule that cannot be read is said to be so."""
    try:
        words = _WORDS[rule.get("kind") or "weekly"](rule)
    except (KeyError, ValueError, TypeError, IndexError):
        return "quy tắc lặp không đọc được"
    holidays = {"skip": ", trừ ngày lễ", "only": ", chỉ khi trùng ngày lễ"}
    return words + holidays.get(str(rule.get("holidays")), "")


def _weekly(rule: Mapping[str, Any]) -> str:
    days = sorted(set(rule.get("weekdays") or range(7)))
    return "hằng ngày" if len(days) == 7 else ", ".join(_WEEKDAYS[day] for day in days)


def _monthly(rule: Mapping[str, Any]) -> str:
    return "hằng tháng: " + ", ".join(_solar_day(int(day)) for day in rule["days"])


def _monthly_weekday(rule: Mapping[str, Any]) -> str:
    return f"{_WEEKDAYS[rule['weekday']]} {_NTH[rule['nth']]} của tháng"


def _yearly(rule: Mapping[str, Any]) -> str:
    return f"hằng năm: ngày {rule['day']} tháng {rule['month']}"


def _lunar_monthly(rule: Mapping[str, Any]) -> str:
    return "âm lịch hằng tháng: " + ", ".join(_lunar_day(int(day)) for day in rule["days"])


def _lunar_yearly(rule: Mapping[str, Any]) -> str:
    month = {1: "Giêng", 12: "Chạp"}.get(int(rule["month"]), str(rule["month"]))
    return f"âm lịch hằng năm: {_lunar_day(int(rule['day']))} tháng {month}"


def _solar_day(day: int) -> str:
    if day > 0:
        return f"ngày {day}"
    return "ngày cuối tháng" if day == -1 else f"ngày thứ {-day} tính từ cuối tháng"


def _lunar_day(day: int) -> str:
    if day == 15:
        return "rằm"
    if day < 0:
        return "ngày cuối tháng" if day == -1 else f"ngày thứ {-day} tính từ cuối tháng"
    return f"mùng {day}" if day <= 10 else f"ngày {day}"


_WORDS = {
    "weekly": _weekly,
    "monthly": _monthly,
    "monthly_weekday": _monthly_weekday,
    "yearly": _yearly,
    "lunar_monthly": _lunar_monthly,
    "lunar_yearly": _lunar_yearly,
}
