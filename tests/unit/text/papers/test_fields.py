"""What a form takes over from a paper."""

from datetime import date

import pytest

from broadcaster.text.papers import Account, Amount, read_paper, title_for_form
from tests.unit.text.papers.paper_files import own_text

JUNE = date(2026, 6, 1)


def test_a_notice_of_a_power_cut_gives_its_fields() -> None:
    fields = read_paper(own_text("01")).fields
    assert (fields.number, fields.kind, fields.issuer) == ("1287/TB-ĐLBT", "thông báo", "ĐIỆN LỰC KHU VỰC BẾN THÓC")
    assert (fields.issued_on, fields.valid_until) == (date(2026, 6, 2), date(2026, 6, 12))
    assert fields.hamlets == ("thôn Đông", "thôn Đoài", "xóm Bến")
    assert fields.phones == ("19006769",)
    assert title_for_form(fields).startswith("Thông báo về việc tạm ngừng cung cấp điện")


def test_an_account_keeps_its_bank_and_is_no_telephone_number() -> None:
    fields = read_paper(own_text("19")).fields
    assert fields.accounts == (Account("0123 000 456 789", "Agribank chi nhánh Bố Hà"),)
    assert fields.phones == ("0935000128",)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("Thu 25.000đ/sào.", Amount(25_000, "25.000đ/sào")),
        ("Mỗi khẩu góp 200k nhé.", Amount(200_000, "200k")),
        ("Phạt 5 triệu đồng.", Amount(5_000_000, "5 triệu đồng")),
        ("Giá 1,5 triệu/tấn.", Amount(1_500_000, "1,5 triệu/tấn")),
    ],
)
def test_sums_are_read_in_dong(text: str, amount: Amount) -> None:
    assert read_paper(text).fields.amounts == (amount,)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Họp lúc 7 giờ ngày 10/6.", date(2026, 6, 10)),
        ("Nộp từ ngày 10/6 đến hết ngày 15/6/2026.", date(2026, 6, 15)),
        ("Theo Kế hoạch số 18/KH-UBND ngày 20/12/2026, họp ngày 10/6.", date(2026, 6, 10)),
        (
            "Cụ mất ngày 18 tháng 5 năm 2026 (tức ngày 02 tháng 4 năm Bính Ngọ), đưa tang ngày 20/5/2026.",
            date(2026, 5, 20),
        ),
        ("Khám cho cháu sinh ngày 12/12/2026 vào ngày 15/6.", date(2026, 6, 15)),
        ("Ra Tết họp ngày 10/1.", date(2027, 1, 10)),
        ("Ai vắng coi như đồng ý.", None),
    ],
)
def test_a_paper_is_valid_until_the_last_day_it_names(text: str, day: date | None) -> None:
    assert read_paper(text, today=JUNE).fields.valid_until == day


@pytest.mark.parametrize(
    ("text", "hamlets"),
    [
        ("thôn Gốc Sấu và thôn Đồng Vang", ("thôn Gốc Sấu", "thôn Đồng Vang")),
        ("các thôn Đìa, Chợ Cũ và Rặng Nhãn ngày 5/6", ("thôn Đìa", "thôn Chợ Cũ", "thôn Rặng Nhãn")),
        ("TDP số 4, tổ dân phố 5", ("tdp số 4", "tổ dân phố 5")),
        ("Trưởng thôn Nguyễn Văn A đến từng thôn", ()),
        ("bản thân mỗi hộ trong thôn", ()),
        ("buôn Ea H'leo", ("buôn Ea H'leo",)),
    ],
)
def test_hamlets_are_found_in_the_text(text: str, hamlets: tuple[str, ...]) -> None:
    assert read_paper(text).fields.hamlets == hamlets


def test_what_is_struck_through_gives_no_field() -> None:
    assert not [phone for phone in read_paper(own_text("01")).fields.phones if phone.startswith("0225")]
