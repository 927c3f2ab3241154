"""A paste in which one part is in an old font and another in Unicode: each part is read as it was typed."""

import pytest

from broadcaster.text.pastes import repair

UNICODE = "Hôm nay trời nắng đẹp, bà con phơi thóc."
TCVN3 = "KÝnh göi bµ con th«n §«ng, s¸ng mai häp lµm ®­êng giao th«ng."
VNI = "Thoâng baùo: ñeà nghò baø con ñi hoïp ñaày ñuû."
READ = {
    UNICODE: UNICODE,
    TCVN3: "Kính gửi bà con thôn Đông, sáng mai họp làm đường giao thông.",
    VNI: "Thông báo: đề nghị bà con đi họp đầy đủ.",
}


@pytest.mark.parametrize(
    "lines",
    [(UNICODE, TCVN3), (TCVN3, UNICODE), (UNICODE, VNI), (VNI, UNICODE), (UNICODE, TCVN3, VNI), (VNI, UNICODE, TCVN3)],
)
def test_each_line_is_read_in_its_own_font(lines: tuple[str, ...]) -> None:
    assert repair("\n".join(lines)).text == "\n".join(READ[line] for line in lines)


def test_a_line_may_begin_in_unicode_and_go_on_in_the_font() -> None:
    text = "UBND xã thông báo: ®Ò nghÞ bµ con nép quü ®óng h¹n"

    assert repair(text).text == "UBND xã thông báo: đề nghị bà con nộp quỹ đúng hạn"


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        (
            "Mỗi hộ nộp vào tài khoản 3713 2050\n18846 mở tại Agribank chi nhánh huyện\nĐình Lập.",
            "Mỗi hộ nộp vào tài khoản 3713 2050 18846 mở tại Agribank chi nhánh huyện Đình Lập.",
        ),
        (
            "Thời gian từ 7 giờ tại Nhà văn hóa thôn\nKhe Lục, xã Đại Dực.",
            "Thời gian từ 7 giờ tại Nhà văn hóa thôn Khe Lục, xã Đại Dực.",
        ),
        ("đồng trước ngày 20\ntháng 12 tại nhà ông Bình.", "đồng trước ngày 20 tháng 12 tại nhà ông Bình."),
        ("Họp ngày 5 tháng 12\nnăm 2026 tại xã.", "Họp ngày 5 tháng 12 năm 2026 tại xã."),
    ],
)
def test_a_broken_account_date_or_name_is_joined(broken: str, whole: str) -> None:
    assert repair(broken).text == whole


@pytest.mark.parametrize(
    "text", ["Đi qua xã\nĐại hội bắt đầu lúc 8 giờ.", "Nộp tiền cho thôn\nBà con chú ý đến đúng giờ."]
)
def test_a_line_that_begins_a_sentence_stays_a_line(text: str) -> None:
    assert repair(text).text == text
