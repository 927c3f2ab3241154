"""The part of a slot's form that says on which days it recurs: what was chosen, and the rule it stands for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from broadcaster.errors import Invalid
from web.forms import parsing
from web.shell.words import WEEKDAYS
from web.translations.languages import later as _l

KINDS = {
    "weekly": _l("Các thứ trong tuần"),
    "monthly": _l("Các ngày trong tháng"),
    "monthly_weekday": _l("Một thứ trong tháng"),
    "yearly": _l("Một ngày mỗi năm"),
    "lunar_monthly": _l("Âm lịch hằng tháng (mùng một, rằm)"),
    "lunar_yearly": _l("Một ngày âm lịch mỗi năm"),
}
"""The kinds of recurrence, as an officer chooses among them."""
NTH = {
    "1": _l("đầu tiên"),
    "2": _l("thứ hai"),
    "3": _l("thứ ba"),
    "4": _l("thứ tư"),
    "5": _l("thứ năm (nếu có)"),
    "-1": _l("cuối cùng"),
}
HOLIDAYS = {
    "play": _l("Phát như thường"),
    "skip": _l("Nghỉ"),
    "only": _l("Chỉ phát vào ngày lễ"),
}
ASSEMBLED = {
    "30": _l("30 phút trước"),
    "60": _l("1 giờ trước"),
    "120": _l("2 giờ trước"),
    "360": _l("6 giờ trước"),
    "720": _l("12 giờ trước"),
    "1440": _l("1 ngày trước"),
    "2880": _l("2 ngày trước"),
}
"""When a programme is put together, in minutes before it."""
LAST_DAY = ("-1", _l("ngày cuối"))
WEEKDAY_OPTIONS = [(str(number), name) for number, name in enumerate(WEEKDAYS)]
MONTH_DAYS = [(str(day), str(day)) for day in range(1, 32)]
MONTHS = [(str(month), str(month)) for month in range(1, 13)]
LUNAR_MONTHS = [("1", _l("Giêng")), *MONTHS[1:-1], ("12", _l("Chạp"))]
LUNAR_DAYS = [
    *(
        (str(day), _l("rằm") if day == 15 else _l("mùng %(day)s", day=day) if day <= 10 else str(day))
        for day in range(1, 31)
    ),
    LAST_DAY,
]
_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class DayFields:
    """The fields as they stand on the screen; those of the kinds not chosen are kept, and count for nothing.

    kind: one of ``KINDS``; empty in a form that does not ask.
    weekdays: ticked days, "0" is Monday.
    month_days: ticked days of the month, "-1" is its last.
    nth, nth_weekday: which of the weekdays of a month.
    year_day, year_month: of every year.
    lunar_days: ticked days of the lunar month, "-1" is its last.
    lunar_day, lunar_month: of every lunar year.
    """

    kind: str = "weekly"
    weekdays: tuple[str, ...] = ("0", "1", "2", "3", "4", "5", "6")
    month_days: tuple[str, ...] = ("1",)
    nth: str = "1"
    nth_weekday: str = "0"
    year_day: str = "1"
    year_month: str = "1"
    lunar_days: tuple[str, ...] = ("1", "15")
    lunar_day: str = "1"
    lunar_month: str = "1"

    def rule(self) -> dict[str, Any]:
        """The part of the rule that names days. Raises Invalid naming the field."""
        made = _RULES.get(self.kind)
        if made is None:
            raise Invalid("slot.kind_not_chosen", field="kind")
        return {"kind": self.kind, **made(self)}


def from_form(form: MultiDict[str, str]) -> DayFields:
    blank = DayFields()
    return DayFields(
        kind=form.get("kind", blank.kind),
        weekdays=tuple(form.getlist("weekdays")),
        month_days=tuple(form.getlist("month_days")),
        nth=form.get("nth", blank.nth),
        nth_weekday=form.get("nth_weekday", blank.nth_weekday),
        year_day=form.get("year_day", blank.year_day),
        year_month=form.get("year_month", blank.year_month),
        lunar_days=tuple(form.getlist("lunar_days")),
        lunar_day=form.get("lunar_day", blank.lunar_day),
        lunar_month=form.get("lunar_month", blank.lunar_month),
    )


def from_rule(rule: Mapping[str, Any]) -> DayFields:
    """The fields that stand for a rule."""
    kind = rule.get("kind") or "weekly"
    if kind == "weekly":
        return DayFields(weekdays=_texts(rule.get("weekdays") or range(7)))
    if kind == "monthly":
        return DayFields(kind=kind, month_days=_texts(rule["days"]))
    if kind == "monthly_weekday":
        return DayFields(kind=kind, nth=str(rule["nth"]), nth_weekday=str(rule["weekday"]))
    if kind == "yearly":
        return DayFields(kind=kind, year_day=str(rule["day"]), year_month=str(rule["month"]))
    if kind == "lunar_monthly":
        return DayFields(kind=kind, lunar_days=_texts(rule["days"]))
    return DayFields(kind=kind, lunar_day=str(rule["day"]), lunar_month=str(rule["month"]))


def _texts(numbers: Iterable[int]) -> tuple[str, ...]:
    return tuple(str(number) for number in numbers)


def _weekly(fields: DayFields) -> dict[str, Any]:
    return {"weekdays": _numbers(fields.weekdays, "weekdays", "slot.no_weekday")}


def _monthly(fields: DayFields) -> dict[str, Any]:
    return {"days": _numbers(fields.month_days, "month_days", "slot.no_month_day")}


def _monthly_weekday(fields: DayFields) -> dict[str, Any]:
    return {
        "nth": parsing.chosen_number(fields.nth, field="nth"),
        "weekday": parsing.chosen_number(fields.nth_weekday, field="nth_weekday"),
    }


def _yearly(fields: DayFields) -> dict[str, Any]:
    day, month = (
        parsing.chosen_number(fields.year_day, field="year_day"),
        parsing.chosen_number(fields.year_month, field="year_month"),
    )
    if not 1 <= month <= 12 or not 1 <= day <= _MONTH_DAYS[month - 1]:
        raise Invalid("slot.no_such_date", field="year_day", day=day, month=month)
    return {"day": day, "month": month}


def _lunar_monthly(fields: DayFields) -> dict[str, Any]:
    return {"days": _numbers(fields.lunar_days, "lunar_days", "slot.no_lunar_day")}


def _lunar_yearly(fields: DayFields) -> dict[str, Any]:
    return {
        "day": parsing.chosen_number(fields.lunar_day, field="lunar_day"),
        "month": parsing.chosen_number(fields.lunar_month, field="lunar_month"),
    }


_RULES: dict[str, Callable[[DayFields], dict[str, Any]]] = {
    "weekly": _weekly,
    "monthly": _monthly,
    "monthly_weekday": _monthly_weekday,
    "yearly": _yearly,
    "lunar_monthly": _lunar_monthly,
    "lunar_yearly": _lunar_yearly,
}


def _numbers(texts: Iterable[str], field: str, none: str) -> list[int]:
    numbers = sorted({parsing.chosen_number(text, field=field) for text in texts})
    if not numbers:
        raise Invalid(none, field=field)
    return [number for number in numbers if number > 0 or field == "weekdays"] + [
        number for number in numbers if number < 0
    ]
