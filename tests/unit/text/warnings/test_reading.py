"""Warnings of the weather service are recognised among papers, with what they warn of, how much and how long."""

from datetime import date, datetime

import pytest

from broadcaster.text.papers import announcement, read_paper
from broadcaster.text.warnings import PaperWarning, warning_in

TODAY = date(2026, 9, 10)
FLASH_FLOOD = """TỔNG CỤC KHÍ TƯỢNG THỦY VĂN
ĐÀI KHÍ TƯỢNG THỦY VĂN
KHU VỰC VIỆT BẮC
Số: LQSL-12/09h30/BKAN
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Bắc Kạn, ngày 10 tháng 9 năm 2026

TIN CẢNH BÁO LŨ QUÉT, SẠT LỞ ĐẤT
TRÊN ĐỊA BÀN TỈNH BẮC KẠN

1. Hiện trạng
Trong 3 giờ qua, trong tỉnh đã có mưa to đến rất to, lượng mưa phổ biến từ 40-80mm.
2. Dự báo, cảnh báo
Trong 06 giờ tới, các xã: Côn Minh, Yên Hân tiếp tục có mưa, nguy cơ cao xảy ra lũ quét, sạt lở đất trên sườn dốc.
Cấp độ rủi ro thiên tai do lũ quét, sạt lở đất: cấp 2.
Bản tin tiếp theo được phát lúc 15h30 cùng ngày.
Tin phát lúc: 09h30

Nơi nhận:
- Ban Chỉ huy PCTT và TKCN tỉnh;
- Lưu VT.
NGƯỜI CHỊU TRÁCH NHIỆM BAN HÀNH BẢN TIN
(Đã ký)
Nguyễn Văn A
"""
STORM = """TRUNG TÂM DỰ BÁO KHÍ TƯỢNG THỦY VĂN QUỐC GIA
Số: DBQG_TIN BÃO KHẨN CẤP/14h00
TIN BÃO KHẨN CẤP (CƠN BÃO SỐ 9)
Hồi 13 giờ ngày 09/9, vị trí tâm bão ở khoảng 18,2 độ Vĩ Bắc.
Sức gió mạnh nhất vùng gần tâm bão mạnh cấp 12, giật cấp 15.
Dự báo trong 12 giờ tới, bão di chuyển theo hướng Tây Tây Bắc.
Cấp độ rủi ro thiên tai: cấp 4 ở vùng biển, sức gió cấp 5 vẫn còn ở cấp 3 trên đất liền.
Tin phát tiếp theo vào lúc 17h00 ngày 09/9.
"""


def at(local: str) -> datetime:
    return datetime.fromisoformat(local)


def read(text: str) -> PaperWarning:
    found = warning_in(read_paper(text, today=TODAY), today=TODAY)
    assert found is not None
    return found


def test_a_warning_is_read_with_its_dangers_degree_and_hours() -> None:
    found = read(FLASH_FLOOD)
    assert found.title == "TIN CẢNH BÁO LŨ QUÉT, SẠT LỞ ĐẤT TRÊN ĐỊA BÀN TỈNH BẮC KẠN"
    assert (found.hazards, found.degree) == (("flash_flood", "landslide"), 2)
    assert (found.severity, found.urgency, found.certainty) == ("Moderate", "Immediate", "Likely")
    assert found.issued_at == at("2026-09-10T09:30")
    assert found.expires_at == at("2026-09-10T15:30")
    assert not found.final


def test_nothing_of_the_service_itself_is_said() -> None:
    said = announcement(read_paper(FLASH_FLOOD, today=TODAY))
    assert said.startswith("TIN CẢNH BÁO LŨ QUÉT")
    assert said.endswith("Tin phát lúc: 09h30")


def test_the_highest_degree_counts_and_the_force_of_the_wind_is_none() -> None:
    found = read(STORM)
    assert (found.event, found.degree, found.severity, found.urgency) == ("storm 9", 4, "Extreme", "Immediate")
    assert found.issued_at == at("2026-09-09T14:00")
    assert found.expires_at == at("2026-09-10T02:00")


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("TIN ÁP THẤP NHIỆT ĐỚI TRÊN BIỂN ĐÔNG\nTin phát lúc 8h00.", "depression"),
        ("TIN DỰ BÁO GIÓ MẠNH, SÓNG LỚN VÀ NƯỚC DÂNG\nCấp độ rủi ro thiên tai do gió mạnh trên biển: cấp 2.", "surge"),
        ("TIN KHÔNG KHÍ LẠNH\nRét đậm, rét hại từ đêm 11/9.\nTin phát lúc 10h30", "cold"),
        ("DỰ BÁO NẮNG NÓNG\nCấp độ rủi ro thiên tai do nắng nóng: Cấp 1", "heat"),
        ("ĐÀI KTTV TỈNH LÀO CAI\nTIN LŨ KHẨN CẤP TRÊN SÔNG THAO\nMực nước lúc 7h là 84,20m.", "flood"),
        ("Cảnh báo mưa dông, lốc, sét, mưa đá\nTin phát lúc: 16h15. Cấp độ RRTT cấp 1", "squall"),
        ("TIN CẢNH BÁO NGUY CƠ CHÁY RỪNG\nCấp độ rủi ro thiên tai do cháy rừng: cấp IV", "wildfire"),
        ("TIN CẢNH BÁO MƯA LỚN TRÊN DIỆN RỘNG\nMưa lớn từ chiều nay.", "heavy_rain"),
        ("TIN ĐỘNG ĐẤT\nTrận động đất có độ lớn 4,1.", "earthquake"),
        ("TIN XÂM NHẬP MẶN\nĐộ mặn cao nhất ngày 12/9.", "salt"),
        ("TIN BAO KHAN CAP (COn BAO SO 3)\nTin phat luc 5h00", "storm 3"),
    ],
)
def test_each_kind_of_warning_is_known(text: str, event: str) -> None:
    assert read(text).event == event


@pytest.mark.parametrize(
    "text",
    [
        "THÔNG BÁO\nVề việc họp dân chuẩn bị ứng phó mưa lũ\nMời bà con đến nhà văn hóa thôn lúc 19h.",
        "CÔNG ĐIỆN\nVề việc tập trung ứng phó với bão số 9\nChủ tịch UBND xã yêu cầu các thôn trực 24/24.",
        "TIN BUỒN\nGia đình chúng tôi vô cùng thương tiếc báo tin.",
        "CẢNH BÁO LỪA ĐẢO QUA ĐIỆN THOẠI\nBà con cảnh giác.",
        "Dự báo sắp có mưa bão, bà con thu hoạch lúa sớm.",
        "Thông tin tuyển dụng công nhân nhà máy thủy điện.",
        "BÁO CÁO\nKết quả khắc phục hậu quả lũ lụt năm 2025",
        "",
    ],
)
def test_other_papers_are_no_warnings(text: str) -> None:
    assert warning_in(read_paper(text, today=TODAY), today=TODAY) is None


@pytest.mark.parametrize(
    ("text", "degree", "urgency"),
    [
        ("*** TIN CẢNH BÁO NGẬP LỤT: nước lên nhanh, bà con di dời ngay.", None, "Expected"),
        ("DỰ BÁO MƯA LỚN\nCấp độ rủi ro thiên tai do mưa lớn, gió giật mạnh cấp 1", 1, "Expected"),
        ("TIN RÉT ĐẬM, RÉT HẠI\nRủi ro thiên tai: cấp 1-2", 2, "Expected"),
        ("TIN BÃO TRÊN ĐẤT LIỀN\nCấp độ rủi ro do bão: cấp 3; ven biển gió giật cấp 5", 3, "Immediate"),
        ("TIN THỜI TIẾT NGUY HIỂM TRÊN BIỂN\nrủi ro thiên tai cấp II", 2, "Expected"),
    ],
)
def test_degree_and_nearness_are_read_as_they_are_written(text: str, degree: int | None, urgency: str) -> None:
    found = read(text)
    assert (found.degree, found.urgency) == (degree, urgency)


def test_the_last_warning_says_that_the_danger_is_over_and_an_exercise_that_there_is_none() -> None:
    last = read("TIN CUỐI CÙNG VỀ CƠN BÃO SỐ 9\nBão số 9 đã suy yếu.\nTin phát lúc 17h00")
    assert (last.final, last.event) == (True, "storm 9")
    drill = read("TIN CẢNH BÁO SÓNG THẦN (DIỄN TẬP)\nTin phát lúc 9h00")
    assert (drill.exercise, drill.hazards[0], drill.severity) == (True, "tsunami", "Extreme")


@pytest.mark.parametrize(
    ("hours", "expires_at"),
    [
        ("Tin phát lúc 21h00 ngày 10/9. Bản tin tiếp theo lúc 3h00.", at("2026-09-11T03:00")),
        ("Tin phát lúc 21h00 ngày 10/9. Bản tin tiếp theo lúc 4h30 ngày mai.", at("2026-09-11T04:30")),
        ("Tin phát lúc 6h. Từ 24 đến 48 giờ tới có mưa to.", at("2026-09-12T06:00")),
        ("Tin phát lúc 6h. Trong 3-6 giờ tới có mưa to. Tin tiếp theo lúc 11h00.", at("2026-09-10T12:00")),
        ("Tin phát lúc 6h00.", None),
    ],
)
def test_how_long_it_warns_follows_from_its_words(hours: str, expires_at: datetime | None) -> None:
    assert read(f"TIN CẢNH BÁO MƯA LỚN\n{hours}").expires_at == expires_at


@pytest.mark.parametrize("hour", ["25h00", "9h75", "24h00", "0h00", "99 giờ"])
def test_hours_that_no_clock_shows_break_nothing(hour: str) -> None:
    read(f"TIN LŨ\nTin phát lúc {hour} ngày 31/9. Tin tiếp theo lúc {hour} ngày 30/2.")
