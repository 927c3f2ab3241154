"""Single judgements: what makes a header, a signature, a ground, a page number, and what only looks like one."""

import pytest

from broadcaster.text.papers import read_paper


def roles(text: str) -> list[str]:
    return [line.role for line in read_paper(text).lines if line.role != "blank"]


def spoken(text: str) -> list[str]:
    return [line.text for line in read_paper(text).lines if line.spoken]


def test_capitals_alone_are_no_signature() -> None:
    text = "Nước lên nhanh.\nCHỦ TỊCH UBND XÃ YÊU CẦU các thôn trực 24/24."
    assert spoken(text) == text.split("\n")


def test_one_sign_is_no_header() -> None:
    text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nTối nay chiếu phim tài liệu cùng tên ở sân kho."
    assert spoken(text) == text.split("\n")


def test_two_signs_are_a_header() -> None:
    text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nTối nay chiếu phim ở sân kho."
    assert roles(text) == ["header", "motto", "body"]


@pytest.mark.parametrize(
    "line",
    [
        "C Ộ N G  H Ò A  X Ã  H Ộ I  C H Ủ  N G H Ĩ A  V I Ệ T  N A M",
        "CONG HOA XA HOI CHU NGHIA VIET NAM",
        "CỘNG HOÀ XÃ HỘI CHŨ NGHĨA VIÊT NAM",
        "UBND XÃ A\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "| UBND XÃ A | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM |",
        "UBND XÃ A CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    ],
)
def test_the_name_of_the_state_is_known_however_it_was_typed(line: str) -> None:
    assert roles(f"{line}\nĐộc lập - Tự do - Hạnh phúc\nMai họp thôn.") == ["header", "motto", "body"]


@pytest.mark.parametrize("standing", ["TM.", "T/M", "KT.", "K/T", "TL.", "TUQ.", "T.M"])
def test_who_signs_for_whom_is_known_in_every_spelling(standing: str) -> None:
    text = f"Mai họp thôn lúc 7 giờ.\n{standing} CHỦ TỊCH\nPHÓ CHỦ TỊCH\n(Đã ký)\nLò Văn Inh"
    assert roles(text) == ["body", "signature", "signature", "signature", "signature"]


def test_two_people_sign_beside_each_other() -> None:
    text = "Mai họp.\nBÍ THƯ CHI BỘ\tTRƯỞNG THÔN\n\nHà Văn Tư\tLò Thị Bun"
    assert roles(text) == ["body", "signature", "signature"]


def test_a_list_of_offices_and_people_is_body() -> None:
    text = "Ban chỉ huy gồm:\nTrưởng ban: Nguyễn Văn Hùng\nPhó ban: Trần Quốc Bảo\nCó gì gọi cho Trưởng ban."
    assert spoken(text) == text.split("\n")


def test_a_place_where_gifts_are_received_is_no_list_of_recipients() -> None:
    text = "Hộ nghèo nhận quà Tết.\nNơi nhận: nhà văn hóa thôn Đìa\nThời gian: 7 giờ ngày 20/1.\nLưu ý: mang căn cước."
    assert spoken(text) == text.split("\n")


@pytest.mark.parametrize(
    "ground",
    [
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;",
        "- Căn cứ Quy chế làm việc của Chi bộ nhiệm kỳ 2025 - 2027;",
        "Thực hiện Kế hoạch số 18/KH-UBND ngày 20/01/2026 của UBND xã;",
        "Xét đề nghị của Trưởng Công an xã,",
    ],
)
def test_legal_grounds_are_not_said(ground: str) -> None:
    assert roles(f"THÔNG BÁO\n\n{ground}\nUBND xã thông báo lịch họp như sau:")[1] == "grounds"


@pytest.mark.parametrize(
    "line",
    [
        "Thực hiện Kế hoạch số 18/KH-UBND ngày 20/01/2026, thôn Đìa tổ chức tiêm phòng dại như sau:",
        "Căn cứ tình hình mưa lũ, UBND xã yêu cầu các hộ ven suối sơ tán.",
        "Theo báo cáo của Trạm Y tế, xã đã có 07 ca sốt xuất huyết.",
    ],
)
def test_a_ground_that_goes_on_to_say_something_is_said(line: str) -> None:
    assert spoken(f"THÔNG BÁO\n\n{line}\nMong bà con thực hiện.")[1] == line


def test_page_numbers_are_not_said_but_the_rows_of_a_cut_table_are() -> None:
    pages = "Bà con mang theo thẻ bảo hiểm y tế.\n\n2\n\nĐi đúng giờ đã hẹn trong lịch."
    assert roles(pages) == ["body", "page", "body"]
    cut = "STT\nThôn\nGiờ\n1\nThôn Đìa\n7h\n2\nThôn Mới\n8h"
    assert "2" in spoken(cut)


@pytest.mark.parametrize(
    "line",
    [
        "#nongthonmoi #sachdep",
        "👍 37   💬 12",
        "➖➖➖➖➖",
        "Tệp đính kèm: lich.pdf",
        "Trang 2/3",
        "Signature Not Verified",
    ],
)
def test_the_frame_of_a_message_is_not_said(line: str) -> None:
    assert spoken(f"Mai 7 giờ họp thôn.\n{line}") == ["Mai 7 giờ họp thôn."]


@pytest.mark.parametrize("line", ["📞 0912.000.417", "⏰ 19:00", "❗️ 6h00 tập trung tại đình", "📢 Họp thôn"])
def test_pictures_beside_words_or_a_number_to_call_leave_the_line_spoken(line: str) -> None:
    assert line in spoken(f"Mai họp thôn.\n{line}\nBà con đến đông đủ.")


def test_an_annex_behind_the_signature_is_said() -> None:
    text = "Mai tiêm phòng dại.\nTM. UBND XÃ\nCHỦ TỊCH\nLò Văn Inh\nPHỤ LỤC\nThôn Đìa tiêm lúc 7 giờ."
    assert spoken(text) == ["Mai tiêm phòng dại.", "PHỤ LỤC", "Thôn Đìa tiêm lúc 7 giờ."]
