"""A text that names a day is not worth repeating after it."""

from datetime import date

import pytest

from broadcaster.text.papers.fields.last_days import last_day

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("Tiêm chủng ngày 25/11/2026 tại trạm y tế.", date(2026, 11, 25)),
        ("Cắt điện từ ngày 24/11 đến ngày 27/11.", date(2026, 11, 27)),
        ("Họp thôn ngày 5 tháng 12.", date(2026, 12, 5)),
        ("Họp thôn tối nay lúc 19h30.", date(2026, 11, 21)),
        ("Sáng mai mời bà con ra quân dọn vệ sinh.", date(2026, 11, 22)),
        ("Đã họp ngày 02/11/2026.", date(2026, 11, 21)),
        ("Bà con nhớ đội mũ bảo hiểm khi đi xe máy.", None),
        ("Tỷ lệ 3/4 số hộ đã nộp.", None),
    ],
)
def test_the_last_day_a_text_names(text: str, last: date | None) -> None:
    assert last_day(text, today=TODAY) == last
