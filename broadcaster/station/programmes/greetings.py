"""What the station itself says around a programme. What of it somebody typed was released by
another (``units/spoken_words.py``). Pure."""

from datetime import date

from broadcaster.lunar import LunarDate, lunar_date, year_name

CLOSING = "Chương trình phát thanh đến đây là hết. Xin cảm ơn bà con đã lắng nghe."
_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def greeting(day: date, commune: str = "", opening: str = "") -> str:
    """Who speaks, and the date in both calendars; ``commune`` as in "Côn Minh", may be empty.

    ``opening``: the commune's own first words instead of the station's.
    """
    plain = f"Đây là Đài truyền thanh xã {commune}." if commune else "Đây là Đài truyền thanh xã."
    station = ended(opening) if opening else plain
    solar = f"{_WEEKDAYS[day.weekday()]}, ngày {day.day} tháng {day.month} năm {day.year}"
    lunar = _lunar(lunar_date(day))
    return f"{station} Hôm nay là {solar}, tức {lunar}. Mời bà con nghe chương trình phát thanh."


def _lunar(day: LunarDate) -> str:
    spoken = "ngày rằm" if day.day == 15 else f"ngày mùng {day.day}" if day.day <= 10 else f"ngày {day.day}"
    month = {1: "Giêng", 12: "Chạp"}.get(day.month, str(day.month))
    return f"{spoken} tháng {month}{' nhuận' if day.leap else ''} năm {year_name(day.year)}"


def ended(words: str) -> str:
    """The words as a sentence that ends."""
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."
