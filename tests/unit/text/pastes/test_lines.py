"""Broken lines are joined inside sentences, numbers, dates, names and words, and nowhere else."""

import pytest

from broadcaster.text.pastes import repair


@pytest.mark.parametrize(
    "text",
    [
        "Ủy ban nhân dân xã thông báo|lịch tiêm phòng dại.",
        "Số điện thoại 0912 345| 678 gặp chị Hoa.",
        "Gọi 0912.345.|678 gặp chị Hoa.",
        "Gọi 0912.345|.678 gặp chị Hoa.",
        "Mỗi hộ nộp 50.|000 đồng.",
        "Mỗi hộ nộp 50.000| đồng.",
        "Chi bộ họp ngày 5/|12/2026 tại đình.",
        "Chi bộ họp ngày| 5/12 tại đình.",
        "Từ 7h-|9h30 sáng mai cắt điện.",
        "Liên hệ ông Nguyễn Văn| Bình, Trưởng Công an xã.",
        "Xin gặp bà Đinh Thị| Lụa để nhận giấy.",
        "Họp dân tại thôn Lủng| Pảng.",
        "Mời các thôn Gốc| Sấu và Đìa ra họp.",
        "Nay ông Lê Văn| Tám báo lại.",
        "Khám cho phụ nữ từ 30| tuổi trở lên.",
    ],
)
def test_a_broken_sentence_is_whole_again(text: str) -> None:
    for feed in ("\n", "\r\n", " \n   "):
        damaged = text.replace("| ", "|").replace("|", feed)
        joined = text.replace("| ", " ").replace(
            "|", "" if ("|" in text and text[text.index("|") - 1] in "./-") or ".678" in text else " "
        )
        assert repair(damaged).text == joined.replace("báolịch", "báo lịch")


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Thô-\nng báo họp thôn.", "Thông báo họp thôn."),
        ("Lịch tiêm-\nphòng dại.", "Lịch tiêm phòng dại."),
        ("Tuyến Bắc-\nNam thông xe.", "Tuyến Bắc-Nam thông xe."),
        ("Đăng ký tiêm ph\xad\nòng dại.", "Đăng ký tiêm phòng dại."),
    ],
)
def test_a_hyphen_at_the_end_of_a_line_is_understood(text: str, whole: str) -> None:
    assert repair(text).text == whole


@pytest.mark.parametrize(
    "text",
    [
        "Họp tại nhà văn hóa thôn Đìa\nThời gian 7 giờ",
        "Kính gửi bà con thôn Đìa\nNay thôn ta tổ chức họp.",
        "Xin gặp ông Nguyễn Văn Bình\nTrưởng thôn",
        "Các hộ nộp:\n1. Nguyễn Văn\n2. Trần Văn",
        "Gọi trực ban: 0235.3000.909.\n4. Không vứt xác lợn ra suối.",
        "Thu 25.000 đồng.\n100 hộ đã nộp.",
        "sáng mai họp thôn ở nhà văn hóa\nmỗi nhà một người nhé bà con",
        "Mời họp\nđúng giờ",
        "Khu vực\tTừ\tĐến\nthôn Đìa\t7h\t9h",
        "THÔN ĐÌA THÔNG BÁO LỊCH HỌP\nmỗi hộ một người",
        "Lịch trực ban trong tuần này của xã:\nthứ Hai anh Tám",
        "Hạn nộp hồ sơ là ngày 20/12/2026\n- bản sao căn cước",
        "Thành phần gồm bí thư chi bộ\nđịa điểm: nhà văn hóa",
    ],
)
def test_lines_that_were_meant_stay(text: str) -> None:
    assert (repair(text).text, repair(text).findings) == (text, ())


def test_undo_leaves_the_lines() -> None:
    text = "Ủy ban nhân dân xã thông báo\nlịch tiêm phòng dại."
    assert repair(text).kinds == ("lines",)
    assert repair(text, leave={"lines"}).text == text
